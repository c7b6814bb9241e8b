//! Runs cargo and other programs, printing each command first.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anstream::eprintln;
use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand};
use xshell::{Cmd, Shell, cmd};

/// Prints the command, then runs it without the variables of this package.
pub(crate) fn run(command: Cmd<'_>) -> xshell::Result<()> {
    print(&command.to_string());
    without_package_variables(command).quiet().run()
}

/// Prints the command, then returns its standard output.
pub(crate) fn read(command: Cmd<'_>) -> xshell::Result<String> {
    print(&command.to_string());
    without_package_variables(command).quiet().read()
}

/// Prints a command as one types it: `cargo` without its folder.
fn print(command: &str) {
    eprintln!("$ {}", command.replacen(&cargo(), "cargo", 1));
}

/// The cargo that runs this command, so that a nested call uses the same toolchain.
pub(crate) fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// The workspace's packages, without their dependencies' packages.
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

/// The variables that `cargo run` set for this package.
///
/// A nested cargo that inherits `CARGO_MANIFEST_*` and `CARGO_PKG_*` passes them on to build
/// scripts and tests, and rebuilds what was built without them.
pub(crate) fn package_variables() -> Vec<String> {
    env::vars()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_"))
        .collect()
}

fn without_package_variables(mut command: Cmd<'_>) -> Cmd<'_> {
    for name in package_variables() {
        command = command.env_remove(name);
    }
    command
}

/// Builds with `cargo build BUILD…`, then returns the command for `program`, a path below the
/// target folder. Cargo shows its own progress, and what it waits for.
pub(crate) fn built(build: &[&str], program: &str, arguments: &[String]) -> Result<Command> {
    let shell = shell()?;
    let cargo = cargo();
    let metadata = metadata()?;
    let path = metadata.target_directory.join(program);
    if let Some(notice) = first_build(path.as_std_path()) {
        eprintln!("{notice}");
    }
    run(cmd!(shell, "{cargo} build {build...}"))
        .with_context(|| format!("cannot build `{program}`"))?;
    let shown = relative(path.as_std_path(), metadata.workspace_root.as_std_path());
    print(&cmd!(shell, "{shown} {arguments...}").to_string());
    let mut command = Command::new(path);
    command.args(arguments);
    for name in package_variables() {
        command.env_remove(name);
    }
    Ok(command)
}

/// What to expect of a build whose program does not exist yet.
fn first_build(program: &Path) -> Option<String> {
    let name = program.file_name()?.to_string_lossy();
    (!program.exists()).then(|| format!("building `{name}`; the first build takes some minutes"))
}

/// How a program is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For arguments that only ask for help or a version, which needs no optimised build.
    Dev,
    Release,
}

impl Profile {
    /// The profile for these arguments.
    pub(crate) fn of(arguments: &[String]) -> Profile {
        let asks =
            |argument: &String| matches!(argument.as_str(), "--help" | "-h" | "--version" | "-V");
        let is_help = arguments.first().is_some_and(|first| first == "help");
        if is_help || arguments.iter().any(asks) {
            Profile::Dev
        } else {
            Profile::Release
        }
    }

    /// The folder of its programs, below the target folder.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Profile::Dev => "debug",
            Profile::Release => "release",
        }
    }

    /// The arguments of `cargo build`.
    pub(crate) fn flags(self) -> &'static [&'static str] {
        match self {
            Profile::Dev => &[],
            Profile::Release => &["--release"],
        }
    }
}

/// Checks the arguments with the dev build of `package`, so that a usage error needs no optimised
/// one; exits with the program's exit code if they are wrong.
pub(crate) fn check_arguments(package: &str, arguments: &[String]) -> Result<()> {
    let arguments = [arguments, &["--parse-only".to_owned()]].concat();
    let mut program = built(
        &["--package", package],
        &format!("debug/{package}"),
        &arguments,
    )?;
    let status = program
        .status()
        .with_context(|| format!("cannot start `{package}`"))?;
    match status.code() {
        Some(0) => Ok(()),
        code => std::process::exit(code.unwrap_or(1)),
    }
}

fn relative(path: &Path, root: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap_or(path).to_owned()
}

/// The path of `program` on the search path.
pub(crate) fn find_program(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_build_is_announced() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("parity");
        assert_eq!(
            first_build(&program).as_deref(),
            Some("building `parity`; the first build takes some minutes")
        );
        std::fs::write(&program, "").unwrap();
        assert_eq!(first_build(&program), None);
    }

    #[test]
    fn the_alias_shows_the_progress_of_cargo() {
        let config = shell().unwrap().read_file(".cargo/config.toml").unwrap();
        let config: toml::Table = config.parse().unwrap();
        let alias = config["alias"]["xtask"].as_str().unwrap();
        assert!(
            !alias.contains("--quiet") && !alias.contains(" -q"),
            "{alias}"
        );
    }

    #[test]
    fn help_needs_no_optimised_build() {
        for (arguments, expected) in [
            ("--help", Profile::Dev),
            ("smoke -h", Profile::Dev),
            ("help merge", Profile::Dev),
            ("--version", Profile::Dev),
            ("", Profile::Release),
            ("--workers 100 --seed 1 --output help", Profile::Release),
        ] {
            let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
            let profile = Profile::of(&arguments);
            assert_eq!(profile, expected, "{arguments:?}");
            assert_eq!(
                profile.flags().contains(&"--release"),
                expected == Profile::Release
            );
        }
    }
}
