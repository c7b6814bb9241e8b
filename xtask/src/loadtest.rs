//! `cargo xtask loadtest`: builds the load tests and becomes them.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo;

/// The exit code of a run that could not be told.
const INCONCLUSIVE: i32 = 4;

/// Replaces this process, as `parity` does: a signal must reach the run, which then ends the load
/// and writes what there is.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    Err(command(arguments)?.exec()).context("cannot start the load tests")
}

/// As a step of another command: waits, and fails when the run does. One that is inconclusive
/// fails nothing: a busy machine says nothing of the system, and a wrong answer is told on any.
pub(crate) fn step(arguments: &[&str]) -> Result<()> {
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let status = command(&arguments)?.status()?;
    if status.code() == Some(INCONCLUSIVE) {
        eprintln!("note: the load test is inconclusive");
        return Ok(());
    }
    anyhow::ensure!(status.success(), "the load test ended with {status}");
    Ok(())
}

fn command(arguments: &[String]) -> Result<Command> {
    let packages = [
        "--package",
        "lakehouse-loadtests",
        "--package",
        "lakehouse-corpus",
    ];
    let build = [&["--release"][..], &packages].concat();
    let mut command = cargo::built(&build, "release/lakehouse-loadtests")?;
    if arguments.first().is_none_or(|first| first != "merge") {
        command.arg("run");
    }
    command.args(arguments);
    Ok(command)
}
