//! The project's own commands: `cargo xtask <command>`.

mod cargo;
mod ci;
mod corpus;
mod loadtest;
mod parity;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
usage: cargo xtask <command>

  parity [ARGS]   put every implementation to every probe; `parity --help` lists ARGS
  loadtest [ARGS] put load on the system; `loadtest --help` lists ARGS
  corpus ARGS     write people, a roster, demand and queries; `corpus --help` lists ARGS
  test            all tests: Rust, and the peers' own in Go, JavaScript and Python
  tidy            crate edges, snapshots and probes against what they belong to
  ci              tidy, formatting, lints, tests and parity with every toolchain required
";

/// The command line could not be understood.
const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let result = match (command.as_str(), rest.as_slice()) {
        ("parity", rest) => parity::run(rest),
        ("loadtest", rest) => loadtest::run(rest),
        ("corpus", rest) => corpus::run(rest),
        ("test", []) => test::run(test::Toolchains::Available),
        ("tidy", []) => tidy::run(),
        ("ci", []) => ci::run(),
        ("help" | "--help" | "-h", []) => {
            print!("{HELP}");
            Ok(())
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(EXIT_USAGE);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
