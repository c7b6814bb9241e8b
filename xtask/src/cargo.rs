//! How cargo and the tools beside it are called from here.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand};
use xshell::Shell;

/// Runs a command in `shell`, said beforehand, without the variables of this package.
macro_rules! run {
    ($shell:expr, $($command:tt)*) => {{
        let mut command = xshell::cmd!($shell, $($command)*);
        for name in $crate::cargo::foreign_variables() {
            command = command.env_remove(name);
        }
        eprintln!("$ {}", command.to_string().replacen(&$crate::cargo::cargo(), "cargo", 1));
        command.quiet().run()
    }};
}
pub(crate) use run;

/// The cargo that runs this command, so that a nested call uses the same toolchain.
pub(crate) fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// What cargo knows of the workspace, without its dependencies.
pub(crate) fn metadata() -> Result<Metadata> {
    MetadataCommand::new()
        .cargo_path(cargo())
        .no_deps()
        .exec()
        .context("cannot read the workspace with `cargo metadata`")
}

/// A shell in the workspace's root.
pub(crate) fn shell() -> Result<Shell> {
    let shell = Shell::new()?;
    shell.change_dir(metadata()?.workspace_root);
    Ok(shell)
}

/// Takes away what `cargo run` told this process about its own package.
///
/// A nested cargo that inherits `CARGO_MANIFEST_*` and `CARGO_PKG_*` hands them on to build
/// scripts and tests, and rebuilds what was built without them.
pub(crate) fn foreign_variables() -> Vec<String> {
    env::vars()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_"))
        .collect()
}

/// A program of the workspace, below the target folder, after `cargo build` with these arguments.
pub(crate) fn built(build: &[&str], program: &str) -> Result<Command> {
    let shell = shell()?;
    let cargo = cargo();
    run!(shell, "{cargo} build --quiet {build...}")
        .with_context(|| format!("`{program}` does not build"))?;
    let mut command = Command::new(metadata()?.target_directory.join(program));
    for name in foreign_variables() {
        command.env_remove(name);
    }
    Ok(command)
}

/// Where `program` is found on the search path.
pub(crate) fn find_program(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}
