//! `parity`: puts every implementation to every probe.

use std::process::ExitCode;

fn main() -> ExitCode {
    lakehouse_harness::cli::main()
}
