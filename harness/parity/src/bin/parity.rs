//! `parity`: puts every implementation to every probe.

use std::process::ExitCode;

fn main() -> ExitCode {
    lakehouse_parity::cli::main()
}
