//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::config::{HttpUrl, Overrides};

/// The retrieval substrate of a staffing company.
#[derive(Debug, Parser)]
#[command(name = "lakehouse", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API until the process is told to stop.
    Serve(ConfigArgs),
    /// Put a file of documents into a corpus of a running service.
    Ingest(IngestArgs),
    /// Read cases from standard input and write observations to standard output.
    Helper(HelperArgs),
    /// Print the configuration in force, secrets left out.
    Config(ConfigArgs),
}

/// Flags that come before the file and the environment.
#[derive(Debug, clap::Args)]
pub struct ConfigArgs {
    /// Read this file instead of `lakehouse.toml` in the working directory.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Listen on this loopback address; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    bind: Option<String>,
    /// Keep everything that is written below this folder.
    #[arg(long, value_name = "DIR")]
    data_root: Option<PathBuf>,
}

/// What is put where.
#[derive(Debug, clap::Args)]
pub struct IngestArgs {
    /// The file: a JSON object with `id`, `text` and `metadata` a line; `-` is standard input.
    pub file: PathBuf,
    /// The corpus, which is made when it is absent.
    #[arg(long, value_name = "NAME")]
    pub corpus: String,
    /// Where the service is.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3110", value_parser = clap::value_parser!(HttpUrl))]
    pub url: HttpUrl,
    /// The model of the corpus; without it that of the corpus, or the service's default for a
    /// new one.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
}

/// Flags of a helper.
#[derive(Debug, clap::Args)]
pub struct HelperArgs {
    /// The surface whose cases are read.
    pub surface: String,
    /// The folder that holds the surface's files.
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// The file of workers.
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
        let settings = settings.collect();
        Self {
            file: args.config,
            settings,
        }
    }
}
