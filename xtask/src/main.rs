//! The project's own commands: `cargo xtask <command>`.

// `println!` panics when its reader is gone; that of `anstream` does not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod cargo;
mod ci;
mod corpus;
mod examples;
mod loadtest;
mod model;
mod parity;
mod readme;
mod relevance;
mod schemathesis;
mod steps;
mod test;
mod tidy;

use std::process::ExitCode;

use anstream::{eprint, eprintln, print};

const HELP: &str = "\
usage: cargo xtask <command>

  parity [ARGS]    send the same inputs to every implementation and compare the answers
  loadtest [ARGS]  measure the system under load, checking every answer
  relevance [ARGS] ask questions in coordinators' words, and count the right people among the hits
  model [ARGS]     make a model for the embedding provider `local`: token vectors of an encoder
  corpus ARGS      write a staffing corpus: people, a roster, demand and queries
  examples         run the parity run of every example
  schemathesis     send a server requests made from its OpenAPI document, and check the answers
  test             run all tests: Rust, and those of the Go, JavaScript and Python peers
  readme           check the documents' commands, and run the fast ones
  tidy             check crate edges, dependencies, snapshots, probes and wording
  ci               run what must hold before a change lands, with every toolchain required

`cargo xtask parity --help`, and so on, lists the ARGS.
";

/// The exit code for a wrong command line.
const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let result = match (command.as_str(), rest.as_slice()) {
        ("parity", rest) => parity::run(rest),
        ("loadtest", rest) => loadtest::run(rest),
        ("relevance", rest) => relevance::run(rest),
        ("model", rest) => model::run(rest),
        ("corpus", rest) => corpus::run(rest),
        ("examples", []) => examples::step(),
        ("schemathesis", []) => schemathesis::step(),
        ("test", []) => test::run_all(),
        ("readme", []) => readme::run(),
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
