//! `cargo xtask parity`: builds the harness and replaces itself with it.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo;

/// Replaces this process, so that a signal sent to it reaches the run, which then stops what it
/// started; a parent in between would die and leave the run alone.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let mut command = command(arguments)?;
    Err(command.exec()).context("cannot start the harness")
}

/// Runs as a step of another command; an error when the run fails.
pub(crate) fn step(arguments: &[&str]) -> Result<()> {
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let status = command(&arguments)?.status()?;
    anyhow::ensure!(status.success(), "the parity run ended with {status}");
    Ok(())
}

fn command(arguments: &[String]) -> Result<Command> {
    let build = ["--package", "lakehouse-parity", "--bin", "parity"];
    cargo::built(&build, "debug/parity", arguments)
}
