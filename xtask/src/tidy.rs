//! `cargo xtask tidy`: what belongs together is held against each other.
//!
//! Each check returns what it found wrong, one sentence an item; all are run before any is told.

mod circles;
mod edges;
mod probes;
mod snapshots;

use anyhow::{Result, bail};

use crate::cargo;

pub(crate) fn run() -> Result<()> {
    let metadata = cargo::metadata()?;
    let root = metadata.workspace_root.as_std_path();
    let mut findings = edges::check(&metadata)?;
    findings.extend(circles::check(&metadata)?);
    findings.extend(probes::check(root)?);
    findings.extend(snapshots::check(root)?);
    if findings.is_empty() {
        return Ok(());
    }
    for finding in &findings {
        eprintln!("tidy: {finding}");
    }
    bail!("tidy found {}", findings.len())
}
