//! The program behind `cargo xtask corpus`.

// `println!` panics when its reader is gone; that of `anstream` does not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

use std::path::{Path, PathBuf};

use anstream::println;
use anyhow::Result;
use clap::Parser;
use lakehouse_corpus::{MAX_WORKERS, Spec};

/// Write a staffing corpus: people, a roster, demand and queries
///
/// The same arguments give the same bytes.
#[derive(Parser)]
#[command(name = "corpus", version)]
struct Arguments {
    /// Number of people in the open pool; there is one employee for every ten
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MAX_WORKERS))]
    workers: u64,
    /// Seed of all random choices
    #[arg(long, value_name = "S")]
    seed: u64,
    /// Folder to write to [default: target/corpus/<N>-<S> in the workspace]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Check the command line and exit
    #[arg(long, hide = true)]
    parse_only: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.parse_only {
        return Ok(());
    }
    let spec = Spec {
        workers: arguments.workers,
        seed: arguments.seed,
    };
    let folder = arguments.output.unwrap_or_else(|| default_folder(&spec));
    let manifest = lakehouse_corpus::write(&spec, &folder)?;
    println!("{}", folder.display());
    for file in &manifest.files {
        println!("  {:<18} {:>9} rows  {}", file.name, file.rows, file.sha256);
    }
    Ok(())
}

fn default_folder(spec: &Spec) -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = package.parent().unwrap_or(package);
    workspace.join(format!("target/corpus/{}-{}", spec.workers, spec.seed))
}
