//! `parity`: compares implementations with a reference.

use std::process::ExitCode;

fn main() -> ExitCode {
    lakehouse_parity::cli::main()
}
