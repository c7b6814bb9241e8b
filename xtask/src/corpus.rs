//! `cargo xtask corpus`: builds the corpus's writer and replaces itself with it.

use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};

use crate::cargo::{self, Profile};

const PACKAGE: &str = "lakehouse-corpus";

/// Optimised, since a corpus may have millions of people; help and usage errors need no such build.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let profile = Profile::of(arguments);
    if profile == Profile::Release {
        cargo::check_arguments(PACKAGE, arguments)?;
    }
    let build = [profile.flags(), &["--package", PACKAGE]].concat();
    let program = format!("{}/{PACKAGE}", profile.folder());
    let mut command = cargo::built(&build, &program, arguments)?;
    Err(command.exec()).context("cannot start the corpus's writer")
}
