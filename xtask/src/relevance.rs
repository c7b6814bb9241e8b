//! `cargo xtask relevance`: builds the load tests, the server and the corpus's writer, and replaces
//! itself with the run.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo::{self, Profile};

const PACKAGE: &str = "lakehouse-loadtests";

/// What a run starts besides itself, and expects beside its own program.
const STARTED: [&str; 2] = ["lakehouse-corpus", "lakehouse-server"];

/// Replaces this process: a signal must reach the run, which then stops its server.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() && Profile::of(arguments) == Profile::Release {
        cargo::check_arguments(PACKAGE, &program_arguments(arguments))?;
    }
    Err(command(arguments)?.exec()).context("cannot start the relevance run")
}

/// Runs as a step of another command; an error unless every budget holds.
pub(crate) fn step(arguments: &[&str]) -> Result<()> {
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let status = command(&arguments)?.status()?;
    anyhow::ensure!(status.success(), "the relevance run ended with {status}");
    Ok(())
}

fn command(arguments: &[String]) -> Result<Command> {
    let profile = Profile::of(arguments);
    let mut build = [profile.flags(), &["--package", PACKAGE]].concat();
    if profile == Profile::Release {
        for package in STARTED {
            build.extend(["--package", package]);
        }
    }
    let program = format!("{}/{PACKAGE}", profile.folder());
    cargo::built(&build, &program, &program_arguments(arguments))
}

fn program_arguments(arguments: &[String]) -> Vec<String> {
    [&["relevance".to_owned()][..], arguments].concat()
}
