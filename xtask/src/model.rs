//! `cargo xtask model`: makes static token vectors of a sentence encoder, in Python with NumPy.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::cargo;

const FOLDER: &str = "xtask/model";

/// Creates the program's environment and replaces this process by the program.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let shell = cargo::shell()?;
    let environment = environment(&shell)?;
    let models = cargo::metadata()?.target_directory.join("models");
    let mut command = Command::new(format!("{environment}/bin/python"));
    command.args(["-B", &format!("{FOLDER}/distill.py"), "--models"]);
    Err(command.arg(models).args(arguments).exec()).context("cannot start Python")
}

/// Runs the program's tests.
pub(crate) fn tests(shell: &Shell) -> Result<()> {
    let environment = environment(shell)?;
    let _folder = shell.push_dir(FOLDER);
    cargo::run(cmd!(
        shell,
        "{environment}/bin/python -B -m unittest --quiet"
    ))?;
    Ok(())
}

/// The folder of the environment with the packages of `requirements.txt`.
fn environment(shell: &Shell) -> Result<String> {
    let environment = cargo::metadata()?
        .target_directory
        .join("model-environment");
    let build = "harness/peers/python/build.py";
    let requirements = format!("{FOLDER}/requirements.txt");
    cargo::run(cmd!(shell, "python3 {build} {environment} {requirements}"))?;
    Ok(environment.into())
}
