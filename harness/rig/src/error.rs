//! Errors that stop a run before anything could be compared, as a reader sees them.

use std::path::{Path, PathBuf};

use miette::{Diagnostic, NamedSource, SourceSpan};

/// Why a run could not begin.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum Error {
    /// A configuration or data file is wrong at a place that can be shown.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(Box<ConfigError>),
    /// Something that was asked for does not exist, or options do not go together.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do about it.
        #[help]
        help: Option<String>,
    },
    /// The machine did not do what it was asked to.
    #[error("failed to {action} `{path}`")]
    Io {
        /// A verb: `read`, `create`.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// What is wrong in a file, and where.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct ConfigError {
    /// What is wrong.
    pub message: String,
    /// What stands there, in a few words.
    pub label: String,
    /// What to do about it.
    #[help]
    pub help: Option<String>,
    /// The file.
    #[source_code]
    pub source_code: NamedSource<String>,
    /// The place.
    #[label("{label}")]
    pub span: SourceSpan,
}

impl Error {
    /// A usage error with a hint.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Error {
        Error::Usage {
            message: message.into(),
            help: Some(help.into()),
        }
    }

    /// An input or output error.
    #[must_use]
    pub fn io(action: &'static str, path: &Path, source: std::io::Error) -> Error {
        Error::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }

    /// An unknown name, with the nearest known one and all of them.
    #[must_use]
    pub fn unknown(what: &str, name: &str, known: &[&str]) -> Error {
        let nearest = known
            .iter()
            .map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate))
            .min()
            .filter(|(distance, _)| *distance <= 1 + name.len() / 3);
        let list = if known.is_empty() {
            "there are none".to_owned()
        } else {
            format!("known are {}", quoted(known))
        };
        let help = match nearest {
            Some((_, nearest)) => format!("did you mean `{nearest}`? {list}"),
            None => list,
        };
        Error::usage(format!("unknown {what} `{name}`"), help)
    }
}

/// Names in backticks, separated by commas.
#[must_use]
pub fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
