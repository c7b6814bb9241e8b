//! The binary `lakehouse`.

use std::{error::Error, process::ExitCode};

use clap::Parser;
use lakehouse_server::{cli::Cli, commands, exit};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(()) => ExitCode::from(exit::OK),
        Err(error) => {
            let code = error.exit_code();
            eprintln!("lakehouse: {}", with_causes(&error));
            ExitCode::from(code)
        }
    }
}

/// The error and its causes, each once: the messages of some libraries include their cause.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Outer {
        #[error("cannot read `a`: {0}")]
        WithCause(#[source] io::Error),
        #[error("cannot read `a`")]
        WithoutCause(#[source] io::Error),
    }

    #[test]
    fn causes_are_printed_once() {
        for outer in [Outer::WithCause, Outer::WithoutCause] {
            let error = outer(io::Error::other("disk is gone"));
            assert_eq!(with_causes(&error), "cannot read `a`: disk is gone");
        }
    }
}
