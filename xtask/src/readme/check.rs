//! Checks a command without its effects: the program parses its arguments before `--help`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use cargo_metadata::Metadata;
use xshell::cmd;

use crate::cargo;

const PACKAGES: [&str; 4] = [
    "lakehouse-parity",
    "lakehouse-loadtests",
    "lakehouse-corpus",
    "lakehouse-server",
];

pub(super) struct Checker {
    root: PathBuf,
    programs: PathBuf,
    /// The names of each package's targets.
    packages: BTreeMap<String, Vec<String>>,
}

impl Checker {
    pub(super) fn new(metadata: &Metadata) -> Result<Self> {
        let shell = cargo::shell()?;
        let cargo = cargo::cargo();
        let packages = PACKAGES.map(|package| format!("--package={package}"));
        cargo::run(cmd!(shell, "{cargo} build --bins {packages...}"))?;
        let packages = metadata.workspace_packages();
        Ok(Self {
            root: metadata.workspace_root.clone().into(),
            programs: metadata.target_directory.join("debug").into(),
            packages: packages
                .iter()
                .map(|package| {
                    let targets = package.targets.iter();
                    (
                        package.name.to_string(),
                        targets.map(|target| target.name.clone()).collect(),
                    )
                })
                .collect(),
        })
    }

    pub(super) fn check(&self, command: &str) -> Result<()> {
        if command.contains('…') {
            return Ok(());
        }
        let words = words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["cargo", "xtask", "parity", rest @ ..] | ["parity", rest @ ..] => self.parity(rest),
            ["cargo", "xtask", "loadtest", rest @ ..] | ["loadtest", rest @ ..] => {
                let is_merge = rest.first() == Some(&"merge");
                let command = if is_merge { &[][..] } else { &["run"] };
                self.accepts("lakehouse-loadtests", &[command, rest].concat())
            }
            ["cargo", "xtask", "relevance", rest @ ..] => {
                self.accepts("lakehouse-loadtests", &[&["relevance"], rest].concat())
            }
            ["cargo", "xtask", "corpus", rest @ ..] => self.accepts("lakehouse-corpus", rest),
            ["cargo", "xtask", command, ..] => {
                let is_known = crate::HELP
                    .lines()
                    .any(|line| line.split_whitespace().next() == Some(command));
                ensure!(is_known, "`cargo xtask` has no command `{command}`");
                Ok(())
            }
            [
                "cargo",
                subcommand @ ("run" | "test" | "bench" | "build"),
                rest @ ..,
            ] => self.cargo(subcommand, rest),
            _ => Ok(()),
        }
    }

    fn parity(&self, arguments: &[&str]) -> Result<()> {
        self.accepts("parity", arguments)?;
        for list in listings(arguments) {
            let output = self.command("parity").args(&list).output()?;
            let errors = String::from_utf8_lossy(&output.stderr);
            ensure!(output.status.success(), "{}", errors.trim());
        }
        Ok(())
    }

    /// Checks the names of packages and targets, and the arguments after `--` of `cargo run`.
    fn cargo(&self, subcommand: &str, arguments: &[&str]) -> Result<()> {
        let end = arguments.iter().position(|word| *word == "--");
        let own = &arguments[..end.unwrap_or(arguments.len())];
        let package = value(own, "-p").or_else(|| value(own, "--package"));
        if let Some(package) = package {
            ensure!(
                self.packages.contains_key(package),
                "the workspace has no package `{package}`"
            );
        }
        let mut targets = Vec::new();
        for option in ["--bin", "--test", "--bench", "--example"] {
            targets.extend(value(own, option));
        }
        for target in &targets {
            let is_known = self
                .packages
                .iter()
                .filter(|(name, _)| package.is_none_or(|package| package == *name))
                .any(|(_, names)| names.iter().any(|name| name == target));
            ensure!(is_known, "the workspace has no target `{target}`");
        }
        let program = targets.first().copied().or(package);
        match (subcommand, program, end) {
            ("run", Some(program), Some(end)) => self.accepts(program, &arguments[end + 1..]),
            ("run", None, _) => bail!("`cargo run` names neither a package nor a binary"),
            _ => Ok(()),
        }
    }

    /// Runs the program with `--help` behind the arguments, which it parses first.
    fn accepts(&self, program: &str, arguments: &[&str]) -> Result<()> {
        if arguments.first().is_some_and(|first| is_placeholder(first)) {
            return Ok(());
        }
        let output = self
            .command(program)
            .args(arguments)
            .arg("--help")
            .output()
            .with_context(|| format!("cannot start `{program}`"))?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "`{program} {}` is rejected: {}",
            arguments.join(" "),
            errors.lines().next().unwrap_or_default()
        );
        Ok(())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(Path::new(&self.programs).join(program));
        command.current_dir(&self.root);
        command
    }
}

/// A name in capitals that stands for the reader's own.
fn is_placeholder(word: &str) -> bool {
    word.chars()
        .all(|character| character.is_ascii_uppercase() || matches!(character, '_' | '.' | '/'))
}

/// The words of a command; quotes hold words together, and a `#` or `|` ends the command.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in command.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            '#' | '|' if !is_quoted => break,
            // `[--option VALUE]` is optional for the reader.
            '[' | ']' if !is_quoted => {}
            _ if !is_quoted && (character.is_whitespace() || character == '\\') => {
                words.push(String::new());
            }
            _ => words.last_mut().expect("never empty").push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The `parity list` commands that fail unless the names in a command of `parity` exist.
fn listings(arguments: &[&str]) -> Vec<Vec<String>> {
    let root = value(arguments, "--root").unwrap_or(".");
    if root != "." && is_placeholder(root) {
        return Vec::new();
    }
    let list = |filters: &[(&str, &str)]| {
        let mut list = ["--root", root, "list"].map(str::to_owned).to_vec();
        for (option, names) in filters {
            let names = names.split(',').filter(|name| !is_placeholder(name));
            let names = names.collect::<Vec<_>>().join(",");
            if !names.is_empty() {
                list.extend([(*option).to_owned(), names]);
            }
        }
        (list.len() > 3).then_some(list)
    };
    let named = |options: &[&str]| options.iter().find_map(|option| value(arguments, option));
    let mut selection = Vec::new();
    selection.extend(named(&["--surface", "-s"]).map(|names| ("--surface", names)));
    selection.extend(named(&["--case", "-c"]).map(|names| ("--case", names)));
    let mut listings = vec![list(&selection)];
    for option in ["--implementation", "-i", "--require"] {
        if let Some(names) = value(arguments, option) {
            listings.push(list(&[("--implementation", names)]));
        }
    }
    let described = value(arguments, "describe").and_then(|name| name.split_once('/'));
    if let Some((surface, case)) = described {
        listings.push(list(&[("--surface", surface), ("--case", case)]));
    }
    listings.into_iter().flatten().collect()
}

fn value<'a>(arguments: &[&'a str], option: &str) -> Option<&'a str> {
    let at = arguments.iter().position(|word| *word == option)?;
    arguments.get(at + 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checker() -> Checker {
        Checker {
            root: ".".into(),
            programs: "/bin".into(),
            packages: [("a".to_owned(), vec!["b".to_owned()])].into(),
        }
    }

    #[test]
    fn words_end_at_comments_and_pipes_and_keep_quotes() {
        assert_eq!(words("a 'b c' \\\n [--d E] # f"), ["a", "b c", "--d", "E"]);
        assert_eq!(words("a | b"), ["a"]);
    }

    #[test]
    fn unknown_commands_packages_and_targets_are_rejected() {
        let checker = checker();
        assert!(checker.check("cargo xtask tidy").is_ok());
        assert!(checker.check("cargo xtask …").is_ok());
        assert!(checker.check("cargo test -p a --test b NAME").is_ok());
        for command in [
            "cargo xtask tidier",
            "cargo test -p c",
            "cargo bench -p a --bench c",
            "cargo run -- serve",
        ] {
            assert!(checker.check(command).is_err(), "{command}");
        }
    }

    #[test]
    fn the_names_in_commands_are_looked_up() {
        for (command, expected) in [
            ("--case a", "--root . list --case a"),
            ("--surface s,S -c a", "--root . list --surface s --case a"),
            (
                "--root x describe s/a",
                "--root x list --surface s --case a",
            ),
            ("--require go", "--root . list --implementation go"),
            ("--case NAME --hold", ""),
            ("--root DIR --require go", ""),
        ] {
            let words: Vec<&str> = command.split(' ').collect();
            let found: Vec<String> = listings(&words).iter().map(|list| list.join(" ")).collect();
            assert_eq!(found.join("; "), expected, "{command}");
        }
    }

    #[test]
    fn arguments_that_the_program_rejects_are_reported() {
        let checker = checker();
        assert!(checker.accepts("true", &["--any"]).is_ok());
        assert!(checker.accepts("false", &["--any"]).is_err());
        assert!(checker.accepts("false", &["COMMAND"]).is_ok());
    }
}
