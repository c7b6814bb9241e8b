//! `cargo xtask readme`: checks the commands that the documents show, and runs some of them.
//!
//! - A fence with the info string `sh` has commands; any other info string has none, and a fence
//!   must have one. Lines that are indented by four spaces and code spans have commands where they
//!   begin with `cargo`, `parity` or `loadtest`.
//! - Every command is checked: its program accepts the arguments, and its cases exist.
//! - The commands of a fence are run, one after the other, and must succeed, unless the line
//!   above the fence is `<!-- readme: parse -->`. A server that one of them starts listens on a
//!   free port until the document ends; later commands use that port instead of the default one.

mod check;
mod document;
mod run;

use std::fs;
use std::path::{Path, PathBuf};

use anstream::eprintln;
use anyhow::{Context, Result, bail};

use crate::{cargo, examples};
use check::Checker;
use document::Document;

/// The documents of a user. The contract has no commands for this workspace.
fn documents(root: &Path) -> Result<Vec<PathBuf>> {
    let mut documents = vec![root.join("README.md")];
    for example in examples::all(root)? {
        documents.push(root.join(example).join("README.md"));
    }
    for entry in fs::read_dir(root.join("docs"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            documents.push(path);
        }
    }
    documents.sort();
    Ok(documents)
}

pub(crate) fn run() -> Result<()> {
    let metadata = cargo::metadata()?;
    let root = metadata.workspace_root.as_std_path();
    let checker = Checker::new(&metadata)?;
    let mut findings = Vec::new();
    let mut checked = 0;
    let mut to_run = Vec::new();
    for path in documents(root)? {
        let text = fs::read_to_string(&path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        let name = path.strip_prefix(root).unwrap_or(&path).display();
        let document = Document::read(&text);
        for (line, mistake) in &document.mistakes {
            findings.push(format!("{name}:{line}: {mistake}"));
        }
        for command in &document.commands {
            checked += 1;
            if let Err(error) = checker.check(&command.text) {
                findings.push(format!("{name}:{}: {error:#}", command.line));
            }
        }
        let commands: Vec<String> = document
            .commands
            .into_iter()
            .filter(|command| command.is_run)
            .map(|command| command.text)
            .collect();
        to_run.push(commands);
    }
    if !findings.is_empty() {
        for finding in &findings {
            eprintln!("readme: {finding}");
        }
        bail!("readme: {} findings above", findings.len());
    }
    let runs: usize = to_run.iter().map(Vec::len).sum();
    if checked == 0 || runs == 0 {
        bail!("found {checked} commands to check and {runs} to run; both must be more");
    }
    for commands in &to_run {
        run::commands(root, commands)?;
    }
    eprintln!("{checked} commands checked, {runs} of them run");
    Ok(())
}
