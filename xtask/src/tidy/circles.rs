//! No module circles: the modules of one folder use each other in one direction only.
//!
//! Every folder of a crate's `src` is checked by itself, each of its files and subfolders counting
//! as one module. A module and the files in its own folder may use each other. A name that a module
//! re-exports belongs to the module that defines it. Modules behind `#[cfg(test)]` are exempt.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use cargo_metadata::Metadata;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path from the crate's root, without the leading `crate`.
type Name = Vec<String>;

pub(crate) fn check(metadata: &Metadata) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for package in metadata.workspace_packages() {
        let name = package.name.as_str();
        let source = package.manifest_path.with_file_name("src");
        let circles = circles(&read(source.as_std_path())?);
        findings.extend(circles.iter().map(|circle| {
            format!(
                "modules of `{name}` use each other in a circle: {circle}; move what they share below them"
            )
        }));
    }
    Ok(findings)
}

/// One file of a crate.
#[derive(Debug, Default)]
struct Module {
    /// The paths that it mentions, imports included.
    uses: BTreeSet<Name>,
    /// The targets of its public imports, by name.
    reexports: BTreeMap<String, Name>,
    /// Its modules that are only built for tests.
    tests: BTreeSet<String>,
}

type Modules = BTreeMap<Name, Module>;

/// Reads the files below `source`, without the programs in `bin` and the modules of tests.
fn read(source: &Path) -> Result<Modules> {
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

/// The shortest circle of every folder that has one.
fn circles(modules: &Modules) -> Vec<String> {
    let mut folders: BTreeMap<&[String], Folder> = BTreeMap::new();
    for (name, module) in modules {
        for target in &module.uses {
            let user = name.as_slice();
            let used = owner(modules, target, 0);
            let shared = user.iter().zip(&used).take_while(|(a, b)| a == b).count();
            let (Some(one), Some(other)) = (user.get(shared), used.get(shared)) else {
                continue;
            };
            let example = format!("`{}` uses `{}`", user.join("::"), target.join("::"));
            let folder = folders.entry(&user[..shared]).or_default();
            let edges = folder.entry(one.clone()).or_default();
            edges.entry(other.clone()).or_insert(example);
        }
    }
    folders.values().filter_map(shortest).collect()
}

/// The modules that each module of a folder uses, with an example.
type Folder = BTreeMap<String, BTreeMap<String, String>>;

/// The module that defines a name.
fn owner(modules: &Modules, name: &[String], depth: usize) -> Name {
    let length = (0..=name.len())
        .rev()
        .find(|length| modules.contains_key(&name[..*length]))
        .unwrap_or(0);
    let module = &name[..length];
    let reexport = name.get(length).and_then(|item| {
        let target = modules.get(module)?.reexports.get(item)?;
        Some([target, &name[length + 1..]].concat())
    });
    match reexport {
        // The depth is limited, because two modules may re-export from each other.
        Some(target) if depth < 8 => owner(modules, &target, depth + 1),
        _ => module.to_vec(),
    }
}

fn shortest(folder: &Folder) -> Option<String> {
    let circles = folder.keys().filter_map(|start| circle(folder, start));
    let circle = circles.min_by_key(Vec::len)?;
    Some(circle.join(", "))
}

/// The examples along the shortest way from a module back to itself.
fn circle(folder: &Folder, start: &str) -> Option<Vec<String>> {
    let mut queue = VecDeque::from([(start, Vec::new())]);
    let mut seen = BTreeSet::new();
    while let Some((at, way)) = queue.pop_front() {
        for (next, example) in folder.get(at).into_iter().flatten() {
            let way = [&way[..], std::slice::from_ref(example)].concat();
            if next == start {
                return Some(way);
            }
            if seen.insert(next) {
                queue.push_back((next, way));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Result<Vec<String>> {
        let source = tempfile::tempdir()?;
        for (name, text) in files {
            let path = source.path().join(name);
            fs::create_dir_all(path.parent().context("it is below the folder")?)?;
            fs::write(path, text)?;
        }
        Ok(circles(&read(source.path())?))
    }

    #[test]
    fn two_files_that_import_each_other_are_a_circle() -> Result<()> {
        let circles = found(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            (
                "b.rs",
                "pub struct B; fn f() -> super::a::A { super::a::A }",
            ),
        ])?;
        assert_eq!(
            circles,
            ["`a` uses `b::B`, `b` uses `a::A`"],
            "both directions are named"
        );
        Ok(())
    }

    #[test]
    fn folders_count_as_one_module() -> Result<()> {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "mod x; mod y; pub use x::X; use y::Y;"),
            ("a/x.rs", "pub struct X;"),
            ("a/y.rs", "use crate::b::Z; pub struct Y;"),
            ("b.rs", "mod w; pub struct Z;"),
            (
                "b/w.rs",
                "use std::{fmt, io}; use crate::a::{self as other, X as Other};",
            ),
        ];
        assert_eq!(found(&files)?, ["`a::y` uses `b::Z`, `b::w` uses `a`"]);
        Ok(())
    }

    #[test]
    fn a_module_and_its_own_files_may_use_each_other() -> Result<()> {
        let circles = found(&[
            ("main.rs", "mod a; fn main() { a::run() }"),
            ("a.rs", "mod x; pub struct A; fn run() { x::run(&A); }"),
            ("a/x.rs", "use super::A; pub(super) fn run(_: &A) {}"),
        ])?;
        assert!(circles.is_empty(), "{circles:?}");
        Ok(())
    }

    #[test]
    fn reexports_belong_to_the_module_that_defines_them() -> Result<()> {
        let circles = found(&[
            ("lib.rs", "mod a;"),
            ("a.rs", "mod x; mod y; pub use x::X;"),
            ("a/x.rs", "use super::y::Y; pub struct X;"),
            (
                "a/y.rs",
                "fn f() { print!(\"{}\", super::X::new()); } pub struct Y;",
            ),
        ])?;
        assert_eq!(circles, ["`a::x` uses `a::y::Y`, `a::y` uses `a::X::new`"]);
        Ok(())
    }

    #[test]
    fn tests_are_exempt() -> Result<()> {
        let circles = found(&[
            ("lib.rs", "mod a; mod b; #[cfg(test)] mod tests;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            (
                "b.rs",
                "pub struct B; #[cfg(test)] mod tests { use crate::a::A; }",
            ),
            ("tests.rs", "use crate::b::B;"),
            ("bin/program.rs", "use crate::anything;"),
        ])?;
        assert!(circles.is_empty(), "{circles:?}");
        Ok(())
    }
}
