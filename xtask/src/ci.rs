//! `cargo xtask ci`: everything that must hold before a change lands.

use anyhow::Result;

use crate::cargo::{self, run};
use crate::{loadtest, parity, test, tidy};

pub(crate) fn run() -> Result<()> {
    let shell = cargo::shell()?;
    // A snapshot that is missing or differs fails; it is never written here.
    shell.set_var("INSTA_UPDATE", "no");
    let cargo = cargo::cargo();
    run!(shell, "{cargo} fmt --all --check")?;
    tidy::run()?;
    run!(
        shell,
        "{cargo} clippy --workspace --all-targets --quiet -- --deny warnings"
    )?;
    test::run(test::Toolchains::Required)?;
    parity::step(&["--require", "go,js,python", "--mutate"])?;
    parity::step(&["--root", "harness/examples/hello"])?;
    loadtest::step(&["smoke", "--seconds", "10"])
}
