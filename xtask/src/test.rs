//! `cargo xtask test`: the tests of every language here, each run by its own tools.

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::cargo::{self, find_program, read, run};
use crate::model;
use crate::steps::Steps;

/// What to do about a language whose tools are not on this machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toolchains {
    /// Skip its tests.
    Available,
    /// Fail.
    Required,
}

type Tests = fn(&Shell) -> Result<()>;

pub(crate) fn run_all() -> Result<()> {
    let shell = cargo::shell()?;
    let mut steps = Steps::default();
    add(&mut steps, &shell, Toolchains::Available);
    steps.finish()
}

/// Runs the tests of each language as a step of its own.
pub(crate) fn add(steps: &mut Steps, shell: &Shell, toolchains: Toolchains) {
    steps.run("Rust tests", || rust(shell));
    let peers: [(&str, &str, Tests); 3] = [
        ("Go tests", "go", go),
        ("JavaScript tests", "node", javascript),
        ("Python tests", "python3", python),
    ];
    for (step, program, tests) in peers {
        let missing = format!("`{program}` is not on PATH");
        if find_program(program).is_some() {
            steps.run(step, || tests(shell));
        } else if toolchains == Toolchains::Required {
            steps.run(step, || Err(anyhow::Error::msg(missing)));
        } else {
            steps.skip(step, missing);
        }
    }
}

fn rust(shell: &Shell) -> Result<()> {
    let cargo = cargo::cargo();
    run(cmd!(shell, "{cargo} test --workspace --no-fail-fast"))?;
    // Cargo gives a crate the features that any crate of the build asks for. What the harness sends
    // and reads must not depend on them, so the tests of that also run in a build of it alone.
    let tests = ["--package", "lakehouse-parity", "--test", "it"];
    let listed = read(cmd!(shell, "{cargo} test {tests...} -- --list wire::"))?;
    ensure!(
        listed.contains("wire::"),
        "there are no tests `wire::` in `harness/parity/tests/it`"
    );
    run(cmd!(shell, "{cargo} test {tests...} -- wire::"))?;
    // No other build has the encoder's feature.
    let tests = [
        "--package",
        "lakehouse-models",
        "--features",
        "encoder",
        "--test",
        "it",
    ];
    run(cmd!(shell, "{cargo} test {tests...} -- encoder::"))?;
    Ok(())
}

fn go(shell: &Shell) -> Result<()> {
    let _folder = shell.push_dir("harness/peers/go");
    let unformatted = read(cmd!(shell, "gofmt -l ."))?;
    ensure!(
        unformatted.is_empty(),
        "not formatted, run `gofmt -w .` in `harness/peers/go`: {}",
        unformatted.replace('\n', ", ")
    );
    run(cmd!(shell, "go vet ./..."))?;
    run(cmd!(shell, "go test ./..."))?;
    Ok(())
}

fn javascript(shell: &Shell) -> Result<()> {
    let _folder = shell.push_dir("harness/peers/js");
    let modules = read(cmd!(
        shell,
        "git ls-files --cached --others --exclude-standard *.mjs"
    ))?;
    ensure!(
        !modules.is_empty(),
        "there are no modules in `harness/peers/js`"
    );
    for module in modules.lines() {
        run(cmd!(shell, "node --check {module}"))?;
    }
    run(cmd!(shell, "node --test"))?;
    Ok(())
}

/// Runs in the environment that parity uses; `build.py` creates it when it is missing.
fn python(shell: &Shell) -> Result<()> {
    let environment = cargo::metadata()?.target_directory.join("peers/python");
    let _folder = shell.push_dir("harness/peers/python");
    run(cmd!(shell, "python3 build.py {environment}"))?;
    run(cmd!(
        shell,
        "{environment}/bin/python -B -m unittest --quiet"
    ))?;
    model::tests(&cargo::shell()?)
}
