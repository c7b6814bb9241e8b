//! The modules of a crate and the paths that they mention.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path from the crate's root, without the leading `crate`.
pub(super) type Name = Vec<String>;

/// One file of a crate.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// The paths that it mentions, imports included.
    pub(super) uses: BTreeSet<Name>,
    /// The targets of its public imports, by name.
    pub(super) reexports: BTreeMap<String, Name>,
    /// Its modules that are only built for tests.
    tests: BTreeSet<String>,
}

pub(super) type Modules = BTreeMap<Name, Module>;

/// Reads the files below `source`, without the programs in `bin` and the modules of tests.
pub(super) fn read(source: &Path) -> Result<Modules> {
    let mut files = Vec::new();
    list(source, &mut Vec::new(), &mut files)?;
    let names: BTreeSet<Name> = files.iter().map(|(name, _)| name.clone()).collect();
    let mut modules = Modules::new();
    for (name, text) in files {
        let tokens: TokenStream = text
            .parse()
            .map_err(|error| anyhow!("`{}` in {}: {error}", name.join("::"), source.display()))?;
        let module = modules.entry(name.clone()).or_default();
        let mut reader = Reader {
            names: &names,
            module,
        };
        reader.read(tokens, &name);
    }
    let tests: Vec<Name> = modules
        .iter()
        .flat_map(|(name, module)| module.tests.iter().map(|test| child(name, test)))
        .collect();
    modules.retain(|name, _| !tests.iter().any(|test| name.starts_with(test)));
    Ok(modules)
}

fn list(folder: &Path, name: &mut Name, files: &mut Vec<(Name, String)>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default();
        let stem = stem.to_string_lossy().into_owned();
        if path.is_dir() {
            if name.is_empty() && stem == "bin" {
                continue;
            }
            name.push(stem);
            list(&path, name, files)?;
            name.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read `{}`", path.display()))?;
            let is_root = name.is_empty() && (stem == "lib" || stem == "main");
            let own = if is_root {
                Vec::new()
            } else {
                child(name, &stem)
            };
            files.push((own, text));
        }
    }
    Ok(())
}

fn child(parent: &[String], name: &str) -> Name {
    let mut path = parent.to_vec();
    path.push(name.to_owned());
    path
}

/// Collects the paths in a file. It reads tokens, because they include the arguments of macros.
struct Reader<'a> {
    names: &'a BTreeSet<Name>,
    module: &'a mut Module,
}

impl Reader<'_> {
    /// Reads the tokens of the module `at`, which is the file's own or one inside it.
    fn read(&mut self, tokens: TokenStream, at: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut index = 0;
        while index < tokens.len() {
            if attribute(&tokens[index..]).as_deref() == Some("cfg(test)") {
                let item = &tokens[index + 2..];
                let length = item.iter().take_while(|token| !ends_item(token)).count();
                self.module.tests.extend(declared(&item[..length]));
                index += 2 + length + 1;
                continue;
            }
            match &tokens[index] {
                TokenTree::Ident(word) if word == "mod" => {
                    let name = tokens.get(index + 1).map(ToString::to_string);
                    let body = tokens.get(index + 2).and_then(braces);
                    if let (Some(name), Some(body)) = (name, body) {
                        self.read(body, &child(at, &name));
                        index += 2;
                    }
                }
                TokenTree::Ident(word) if word == "use" => {
                    let item = &tokens[index + 1..];
                    let length = item.iter().take_while(|token| !is(token, ';')).count();
                    let is_public = is_public(&tokens[..index]);
                    self.import(&item[..length], &mut Vec::new(), at, is_public);
                    index += length;
                }
                TokenTree::Ident(word) if is_anchor(&word.to_string()) => {
                    let path = path(&tokens[index..]);
                    if path.len() > 1 {
                        self.mention(&path, at);
                    }
                    index += (path.len() - 1) * 3;
                }
                TokenTree::Group(group) => self.read(group.stream(), at),
                _ => {}
            }
            index += 1;
        }
    }

    /// Reads an import's tree: `a::{b, c as d}`.
    fn import(&mut self, tree: &[TokenTree], above: &mut Name, at: &[String], is_public: bool) {
        for branch in tree.split(|token| is(token, ',')) {
            let depth = above.len();
            let mut is_itself = false;
            let mut alias = None;
            let mut words = branch.iter();
            while let Some(token) = words.next() {
                match token {
                    TokenTree::Ident(word) if word == "as" => {
                        alias = words.next().map(ToString::to_string);
                    }
                    TokenTree::Ident(word) if word == "self" && !above.is_empty() => {
                        is_itself = true;
                    }
                    TokenTree::Ident(word) => above.push(word.to_string()),
                    TokenTree::Group(group) => {
                        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                        self.import(&inner, above, at, is_public);
                        above.truncate(depth);
                    }
                    _ => {}
                }
            }
            if above.len() > depth || is_itself {
                let name = alias.or_else(|| above.last().cloned()).unwrap_or_default();
                match self.absolute(above, at) {
                    Some(target) if is_public => {
                        self.module.reexports.insert(name, target);
                    }
                    Some(target) => {
                        self.module.uses.insert(target);
                    }
                    None => {}
                }
            }
            above.truncate(depth);
        }
    }

    fn mention(&mut self, path: &[String], at: &[String]) {
        let target = self.absolute(path, at);
        self.module.uses.extend(target);
    }

    /// The path from the crate's root; none for one into another crate.
    fn absolute(&self, path: &[String], at: &[String]) -> Option<Name> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([at, rest].concat()),
            "super" => {
                let ups = path.iter().take_while(|word| *word == "super").count();
                let above = &at[..at.len().saturating_sub(ups)];
                Some([above, &path[ups..]].concat())
            }
            name => {
                let own = child(at, name);
                self.names.contains(&own).then(|| [at, path].concat())
            }
        }
    }
}

/// The text of an attribute's brackets, when the tokens begin with one.
fn attribute(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [hash, TokenTree::Group(group), ..]
            if is(hash, '#') && group.delimiter() == Delimiter::Bracket =>
        {
            Some(group.stream().to_string().replace(' ', ""))
        }
        _ => None,
    }
}

fn ends_item(token: &TokenTree) -> bool {
    is(token, ';') || braces(token).is_some()
}

/// The module that an item declares in a file of its own.
fn declared(item: &[TokenTree]) -> Option<String> {
    match item {
        [.., TokenTree::Ident(word), name] if word == "mod" => Some(name.to_string()),
        _ => None,
    }
}

fn braces(token: &TokenTree) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        _ => None,
    }
}

/// Whether the item that follows these tokens is visible outside its module.
fn is_public(before: &[TokenTree]) -> bool {
    let last = |back: usize| before.len().checked_sub(back).map(|at| &before[at]);
    let is_pub =
        |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Ident(word)) if word == "pub");
    let in_parentheses = matches!(
        last(1),
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis
    );
    is_pub(last(1)) || (in_parentheses && is_pub(last(2)))
}

fn is(token: &TokenTree, punctuation: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == punctuation)
}

fn is_anchor(word: &str) -> bool {
    matches!(word, "crate" | "super" | "self")
}

/// The words of a path that the tokens begin with.
fn path(tokens: &[TokenTree]) -> Name {
    let mut words = Vec::new();
    for piece in tokens.chunks(3) {
        match piece {
            [TokenTree::Ident(word), rest @ ..] => {
                words.push(word.to_string());
                if rest.len() < 2 || !rest.iter().all(|token| is(token, ':')) {
                    break;
                }
            }
            _ => break,
        }
    }
    words
}
