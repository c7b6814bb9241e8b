//! The commands of the binary, a file each, and the exit code of each failure.

pub mod config;
pub mod helper;
pub mod ingest;
pub mod repair;
pub mod serve;

use crate::{
    cli::{Cli, Command},
    compose::StartError,
    config::ConfigError,
    exit,
    services::embed::NoEmbedder,
};
use helper::HelperError;
use ingest::IngestError;
use repair::RepairCommandError;
use serve::{BindError, ServeError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum CommandError {
    /// The configuration is rejected.
    Config(#[from] ConfigError),
    /// `serve` failed.
    Serve(#[from] ServeError),
    /// `ingest` did not ingest everything.
    Ingest(#[from] IngestError),
    /// `repair` failed.
    Repair(#[from] RepairCommandError),
    /// `helper` failed.
    Helper(#[from] HelperError),
    /// Something around the command failed.
    Other(#[from] anyhow::Error),
}

/// Runs the command of a command line.
///
/// # Errors
/// [`CommandError`].
pub fn run(cli: Cli) -> Result<(), CommandError> {
    match cli.command {
        Command::Serve(args) => serve::run(args),
        Command::Config(args) => config::run(args),
        Command::Ingest(args) => ingest::run(args).map_err(Into::into),
        Command::Repair(args) => repair::run(args),
        Command::Helper(args) => helper::run(args).map_err(Into::into),
    }
}

impl CommandError {
    /// The process's exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) => exit::CONFIG,
            Self::Serve(ServeError::Bind(BindError { .. })) => exit::BIND,
            Self::Serve(ServeError::Start(error))
            | Self::Repair(RepairCommandError::Start(error)) => match error {
                StartError::Roster(_) => exit::ROSTER,
                StartError::Store(_) | StartError::InUse(_) | StartError::Vectors(_) => exit::DATA,
                StartError::Lexicon(_) | StartError::Embed(NoEmbedder::Model(_)) => exit::CONFIG,
                StartError::Embed(NoEmbedder::Client(_))
                | StartError::Client(_)
                | StartError::Metrics(_) => exit::FAILED,
            },
            Self::Repair(RepairCommandError::Repair(_)) => exit::DATA,
            Self::Repair(RepairCommandError::Runtime(_)) => exit::FAILED,
            Self::Serve(ServeError::Io(_)) => exit::FAILED,
            Self::Ingest(error) => match error {
                IngestError::Rejected { .. } => exit::REJECTED,
                IngestError::Unreadable { .. }
                | IngestError::Empty { .. }
                | IngestError::Runtime(_) => exit::FAILED,
                IngestError::Corpus { .. }
                | IngestError::Batch { .. }
                | IngestError::NotRemoved(_)
                | IngestError::Service(_) => exit::SERVICE,
            },
            Self::Helper(HelperError::UnknownSurface(_)) => exit::USAGE,
            Self::Helper(HelperError::Open(_) | HelperError::Io(_)) | Self::Other(_) => {
                exit::FAILED
            }
        }
    }
}
