//! `cargo xtask test`: the tests of every language here, each run by its own tools.

use anyhow::{Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::cargo::{self, find_program, run};

/// What to do about a language whose tools are not on this machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toolchains {
    /// Say so, and go on with the others.
    Available,
    /// Fail.
    Required,
}

pub(crate) fn run(toolchains: Toolchains) -> Result<()> {
    let shell = cargo::shell()?;
    let cargo = cargo::cargo();
    run!(shell, "{cargo} test --workspace")?;
    if present("go", toolchains)? {
        go(&shell)?;
    }
    if present("node", toolchains)? {
        javascript(&shell)?;
    }
    if present("python3", toolchains)? {
        python(&shell)?;
    }
    Ok(())
}

fn present(program: &str, toolchains: Toolchains) -> Result<bool> {
    if find_program(program).is_some() {
        return Ok(true);
    }
    if toolchains == Toolchains::Required {
        bail!("`{program}` is not on the search path; install it to run this peer's tests");
    }
    eprintln!("note: `{program}` is not on the search path: this peer's tests were not run");
    Ok(false)
}

fn go(shell: &Shell) -> Result<()> {
    let _peer = shell.push_dir("harness/peers/go");
    let unformatted = cmd!(shell, "gofmt -l .").read()?;
    ensure!(
        unformatted.is_empty(),
        "not formatted, run `gofmt -w` in harness/peers/go:\n{unformatted}"
    );
    cmd!(shell, "go vet ./...").run()?;
    cmd!(shell, "go test ./...").run()?;
    Ok(())
}

fn javascript(shell: &Shell) -> Result<()> {
    let _peer = shell.push_dir("harness/peers/js");
    let modules = cmd!(
        shell,
        "git ls-files --cached --others --exclude-standard *.mjs"
    )
    .read()?;
    ensure!(!modules.is_empty(), "no modules found in harness/peers/js");
    for module in modules.lines() {
        cmd!(shell, "node --check {module}").quiet().run()?;
    }
    cmd!(shell, "node --test").run()?;
    Ok(())
}

/// In the environment that parity runs it in, which is made when it is not there.
fn python(shell: &Shell) -> Result<()> {
    let environment = cargo::metadata()?.target_directory.join("peers/python");
    let _peer = shell.push_dir("harness/peers/python");
    cmd!(shell, "python3 build.py {environment}").run()?;
    cmd!(shell, "{environment}/bin/python -B -m unittest --quiet").run()?;
    Ok(())
}
