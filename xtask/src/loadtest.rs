//! `cargo xtask loadtest`: builds the load tests and replaces itself with them.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anstream::eprintln;
use anyhow::{Context, Result};

use crate::cargo::{self, Profile};

const PACKAGE: &str = "lakehouse-loadtests";

/// The exit code of a run that reached no verdict.
const INCONCLUSIVE: i32 = 4;

/// Replaces this process, as `parity` does: a signal must reach the run, which then ends the load
/// and writes its results.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() && Profile::of(arguments) == Profile::Release {
        cargo::check_arguments(PACKAGE, &program_arguments(arguments))?;
    }
    Err(command(arguments)?.exec()).context("cannot start the load tests")
}

/// Runs as a step of another command; an error when the run fails.
///
/// An inconclusive run is not a failure: it means that the machine was too busy to measure, and a
/// wrong answer is reported on any machine.
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
    let program_arguments = program_arguments(arguments);
    let profile = Profile::of(arguments);
    let mut build = [profile.flags(), &["--package", PACKAGE]].concat();
    if profile == Profile::Release {
        // A run calls the writer of its corpus.
        build.extend(["--package", "lakehouse-corpus"]);
    }
    let program = format!("{}/{PACKAGE}", profile.folder());
    cargo::built(&build, &program, &program_arguments)
}

/// Adds the command that a load test does not need to name.
fn program_arguments(arguments: &[String]) -> Vec<String> {
    let mut program_arguments = arguments.to_vec();
    if arguments.first().is_none_or(|first| first != "merge") {
        program_arguments.insert(0, "run".to_owned());
    }
    program_arguments
}
