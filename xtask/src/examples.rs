//! `cargo xtask examples`: runs the parity run of each folder in `harness/examples`.

use std::fs;
use std::path::Path;

use anstream::eprintln;
use anyhow::{Context, Result, ensure};

use crate::{cargo, parity};

const FOLDER: &str = "harness/examples";

/// Runs all examples, and damages their answers to show that each comparison notices everything.
///
/// # Errors
/// When an example does not pass.
pub(crate) fn step() -> Result<()> {
    let root = cargo::metadata()?.workspace_root;
    for example in all(root.as_std_path())? {
        eprintln!("{example}:");
        parity::step(&["--root", &example, "--mutate"])
            .with_context(|| format!("`{example}` does not pass"))?;
    }
    Ok(())
}

/// The folders of the examples, relative to the workspace.
///
/// # Errors
/// When there is none.
pub(crate) fn all(root: &Path) -> Result<Vec<String>> {
    let mut examples = Vec::new();
    for entry in fs::read_dir(root.join(FOLDER)).context("cannot list the examples")? {
        let entry = entry?;
        if entry.path().join("fixtures/harness.toml").is_file() {
            examples.push(format!("{FOLDER}/{}", entry.file_name().to_string_lossy()));
        }
    }
    ensure!(!examples.is_empty(), "found no example in `{FOLDER}`");
    examples.sort();
    Ok(examples)
}
