//! `cargo xtask corpus`: builds the corpus's writer and becomes it.

use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};

use crate::cargo;

/// Optimised, since a corpus may have millions of people; `--help` does not wait for that.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let mut command = if cargo::asks_for_help(arguments) {
        let build = ["--package", "lakehouse-corpus"];
        cargo::built(&build, "debug/lakehouse-corpus", arguments)?
    } else {
        let build = ["--release", "--package", "lakehouse-corpus"];
        cargo::built(&build, "release/lakehouse-corpus", arguments)?
    };
    Err(command.exec()).context("cannot start the corpus's writer")
}
