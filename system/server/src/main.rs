//! The binary `lakehouse`.

use std::process::ExitCode;

use clap::Parser;
use lakehouse_server::{cli::Cli, commands, exit};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(()) => ExitCode::from(exit::OK),
        Err(error) => {
            let code = error.exit_code();
            eprintln!("lakehouse: {:#}", anyhow::Error::from(error));
            ExitCode::from(code)
        }
    }
}
