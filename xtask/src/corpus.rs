//! `cargo xtask corpus`: builds the corpus's writer and becomes it.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo;

/// Optimised, since a corpus may have millions of people.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let mut command = Command::new(cargo::cargo());
    command.args("run --quiet --release --package lakehouse-corpus --".split(' '));
    command.args(arguments);
    for name in cargo::foreign_variables() {
        command.env_remove(name);
    }
    Err(command.exec()).context("cannot start cargo")
}
