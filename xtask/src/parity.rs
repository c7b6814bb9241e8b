//! `cargo xtask parity`: builds the harness and becomes it.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo::{self, run};

/// Replaces this process, so that a signal sent to it reaches the run, which then stops what it
/// started; a parent in between would die and leave the run alone.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let mut command = command(arguments)?;
    Err(command.exec()).context("cannot start the harness")
}

/// As a step of another command: waits, and fails when the run does.
pub(crate) fn step(arguments: &[&str]) -> Result<()> {
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let status = command(&arguments)?.status()?;
    anyhow::ensure!(status.success(), "the parity run ended with {status}");
    Ok(())
}

fn command(arguments: &[String]) -> Result<Command> {
    let shell = cargo::shell()?;
    let cargo = cargo::cargo();
    run!(
        shell,
        "{cargo} build --quiet --package lakehouse-harness --bin parity"
    )
    .context("the harness does not build")?;
    let target = cargo::metadata()?.target_directory;
    let mut command = Command::new(target.join("debug/parity"));
    command.args(arguments);
    for name in cargo::foreign_variables() {
        command.env_remove(name);
    }
    Ok(command)
}
