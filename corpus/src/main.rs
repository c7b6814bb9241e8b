//! The program behind `cargo xtask corpus`.

// `println!` panics when its reader is gone; that of `anstream` does not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

use std::path::{Path, PathBuf};

use anstream::println;
use anyhow::Result;
use clap::{Parser, ValueEnum};
use lakehouse_corpus::{MAX_WORKERS, Spec, Style};

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
    /// How people are described
    #[arg(long, value_enum, default_value = "plain", value_name = "STYLE")]
    style: TextStyle,
    /// Folder to write to [default: target/corpus/<N>-<S> in the workspace, with `-natural` behind it
    /// for that style]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Check the command line and exit
    #[arg(long, hide = true)]
    parse_only: bool,
}

/// The styles as the command line names them.
#[derive(Clone, Copy, ValueEnum)]
enum TextStyle {
    /// In full sentences, with the names of roles and cities
    Plain,
    /// In their own words: synonyms, abbreviations, misspellings, Spanish, missing parts
    Natural,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.parse_only {
        return Ok(());
    }
    let spec = Spec {
        workers: arguments.workers,
        seed: arguments.seed,
        style: match arguments.style {
            TextStyle::Plain => Style::Plain,
            TextStyle::Natural => Style::Natural,
        },
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
    let style = match spec.style {
        Style::Plain => "",
        Style::Natural => "-natural",
    };
    let name = format!("{}-{}{style}", spec.workers, spec.seed);
    workspace.join("target/corpus").join(name)
}
