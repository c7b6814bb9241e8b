//! `cargo xtask corpus`: builds the corpus's writer and replaces itself with it.

use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};

use crate::cargo;

const PACKAGE: &str = "lakehouse-corpus";

/// Optimised, since a corpus may have millions of people; help and usage errors need no such build.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let mut command = if cargo::asks_for_help(arguments) {
        let build = ["--package", PACKAGE];
        cargo::built(&build, "debug/lakehouse-corpus", arguments)?
    } else {
        cargo::check_arguments(PACKAGE, arguments)?;
        let build = ["--release", "--package", PACKAGE];
        cargo::built(&build, "release/lakehouse-corpus", arguments)?
    };
    Err(command.exec()).context("cannot start the corpus's writer")
}
