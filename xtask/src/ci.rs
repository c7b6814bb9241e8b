//! `cargo xtask ci`: everything that must hold before a change lands.

use anyhow::Result;
use xshell::cmd;

use crate::cargo;
use crate::steps::Steps;
use crate::test::Toolchains;
use crate::{examples, loadtest, parity, readme, relevance, schemathesis, test, tidy};

pub(crate) fn run() -> Result<()> {
    let shell = cargo::shell()?;
    // A snapshot that is missing or differs fails; it is never written here.
    shell.set_var("INSTA_UPDATE", "no");
    let cargo = cargo::cargo();
    let mut steps = Steps::default();
    steps.run("format", || {
        Ok(cargo::run(cmd!(shell, "{cargo} fmt --all --check"))?)
    });
    steps.run("tidy", tidy::run);
    steps.run("lints", || {
        Ok(cargo::run(cmd!(
            shell,
            "{cargo} clippy --workspace --all-targets -- --deny warnings"
        ))?)
    });
    test::add(&mut steps, &shell, Toolchains::Required);
    steps.run("parity", || {
        parity::step(&["--require", "go,js,python", "--mutate"])
    });
    steps.run("examples", examples::step);
    steps.run("schemathesis", schemathesis::step);
    steps.run("relevance", || relevance::step(&[]));
    steps.run("load", || loadtest::step(&["smoke", "--seconds", "10"]));
    // After the load, which has built the release binary that the README's commands start.
    steps.run("README", readme::run);
    steps.finish()
}
