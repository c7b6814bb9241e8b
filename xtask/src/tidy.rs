//! `cargo xtask tidy`: checks consistency across the repository.
//!
//! Each check returns its findings, one sentence each; all checks run before any finding is printed.

mod circles;
mod dependencies;
mod edges;
mod probes;
mod snapshots;
mod words;

use anstream::eprintln;
use anyhow::{Result, bail};

use crate::cargo;

pub(crate) fn run() -> Result<()> {
    let metadata = cargo::metadata()?;
    let root = metadata.workspace_root.as_std_path();
    let mut findings = edges::check(&metadata)?;
    findings.extend(circles::check(&metadata)?);
    findings.extend(dependencies::check(&metadata)?);
    findings.extend(probes::check(root)?);
    findings.extend(snapshots::check(root)?);
    findings.extend(words::check(&cargo::shell()?)?);
    if findings.is_empty() {
        return Ok(());
    }
    for finding in &findings {
        eprintln!("tidy: {finding}");
    }
    bail!("tidy: {} findings above", findings.len())
}
