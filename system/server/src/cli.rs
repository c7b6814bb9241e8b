//! The command line.

use std::{fmt::Write as _, path::PathBuf};

use clap::{Parser, Subcommand};
use lakehouse_vector::IndexName;

use crate::{
    config::{HttpUrl, Overrides},
    exit,
};

/// Search people, validate drafts and run the staffing API (see `lakehouse serve`).
#[derive(Debug, Parser)]
#[command(
    name = "lakehouse",
    version,
    about = "Search people, validate drafts and run the staffing API (see `lakehouse serve`)",
    after_help = after_help(),
)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the API until the process receives SIGTERM or SIGINT.
    ///
    /// Prints its URL on standard output when it is ready; the log goes to standard error.
    Serve(ConfigArgs),
    /// Send a file of documents to a corpus of a running service.
    Ingest(IngestArgs),
    /// Create a damaged index again with the items that can still be read; the server must not run.
    ///
    /// The index's files are moved to a folder below `damaged` in the data folder, and none is
    /// deleted.
    Repair(RepairArgs),
    /// Answer the cases on standard input, one JSON value per line.
    Helper(HelperArgs),
    /// Print the configuration in force as TOML, without secrets.
    Config(ConfigArgs),
}

/// Flags that override the file and the environment.
#[derive(Debug, clap::Args)]
pub struct ConfigArgs {
    /// Read this file instead of `lakehouse.toml` in the working directory.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Listen on this port, or loopback address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", visible_alias = "port")]
    bind: Option<String>,
    /// Keep all data below this folder.
    #[arg(long, value_name = "DIR")]
    data_root: Option<PathBuf>,
}

/// A file and its corpus.
#[derive(Debug, clap::Args)]
pub struct IngestArgs {
    /// File with one JSON object per line, with `id`, `text` and `metadata`; `-` is standard
    /// input.
    pub file: PathBuf,
    /// Name of the corpus; it is created if it does not exist.
    #[arg(long, value_name = "NAME")]
    pub corpus: String,
    /// URL of the service.
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:3110",
        value_parser = clap::value_parser!(HttpUrl)
    )]
    pub url: HttpUrl,
    /// Model of the corpus; by default that of the existing corpus, or the service's default for
    /// a new one.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Remove the corpus's other documents afterwards: those that the file does not have. Nothing
    /// is removed unless the service takes every line.
    #[arg(long)]
    pub replace: bool,
    /// Report what `--replace` would take and remove, and change nothing.
    #[arg(long, requires = "replace")]
    pub dry_run: bool,
    /// Let `--replace` remove all documents when the file has none.
    #[arg(long, requires = "replace")]
    pub allow_empty: bool,
}

/// An index and where it is.
#[derive(Debug, clap::Args)]
pub struct RepairArgs {
    /// Name of the index or the corpus, as `/ready` and the log have it.
    #[arg(value_parser = |name: &str| IndexName::parse(name).map_err(|error| error.to_string()))]
    pub index: IndexName,
    /// Space of the index, which is the model of a corpus, where its manifest is lost; empty for
    /// an index without a space.
    #[arg(long, value_name = "MODEL")]
    pub space: Option<String>,
    /// Where the data is.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Flags of a helper.
#[derive(Debug, clap::Args)]
pub struct HelperArgs {
    /// Surface of the cases.
    pub surface: String,
    /// Folder of the surface's files.
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// File of workers, one JSON object per line.
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
}

impl From<ConfigArgs> for Overrides {
    fn from(args: ConfigArgs) -> Self {
        let data_root = args
            .data_root
            .map(|root| root.to_string_lossy().into_owned());
        let flags = [("gateway", "bind", args.bind), ("data", "root", data_root)];
        let set = flags.into_iter();
        let settings = set.filter_map(|(table, key, value)| Some((table, key, value?)));
        Self {
            file: args.config,
            settings: settings.collect(),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  lakehouse serve
  lakehouse serve --bind 5402 --data-root /var/lib/lakehouse
  lakehouse ingest --corpus workers workers.jsonl
  lakehouse ingest --corpus workers workers.jsonl --replace --dry-run
  lakehouse repair workers --data-root /var/lib/lakehouse
  LAKEHOUSE_EMBED__PROVIDER=ollama lakehouse config

Environment:
  LAKEHOUSE_SECTION__KEY  Sets a key of the configuration, such as LAKEHOUSE_GATEWAY__BIND.
                          It overrides `lakehouse.toml`; flags override it.
                          `lakehouse config` prints what is in force.

Exit codes:
";

fn after_help() -> String {
    let mut text = EXAMPLES.to_owned();
    for (code, meaning) in exit::MEANINGS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {code}  {meaning}");
    }
    text
}
