//! Errors in files and options, with their place and a hint.

use std::path::{Path, PathBuf};

use miette::{Diagnostic, NamedSource, SourceSpan};

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum Error {
    /// A mistake in a file.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(Box<ConfigError>),
    /// An unknown name, or options that exclude each other.
    #[error("{message}")]
    Usage {
        /// The mistake.
        message: String,
        /// How to fix it.
        #[help]
        help: Option<String>,
    },
    /// An operation of the system failed.
    #[error("failed to {action} `{path}`")]
    Io {
        /// A verb: `read`, `create`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
}

/// A mistake in a file, with its place.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct ConfigError {
    /// The mistake.
    pub message: String,
    /// The mistake in a few words, shown at the place.
    pub label: String,
    /// How to fix it.
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

    /// The message with its place and its hint, on one line.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Error::Config(error) => {
                let text = error.source_code.inner();
                let before = text.get(..error.span.offset()).unwrap_or_default();
                let line = 1 + before.matches('\n').count();
                let place = format!("{}:{line}: ", error.source_code.name());
                place + &with_help(&error.message, error.help.as_deref())
            }
            Error::Usage { message, help } => with_help(message, help.as_deref()),
            Error::Io { source, .. } => format!("{self}: {source}"),
        }
    }

    /// An unknown name; the hint has the nearest known name and all of them.
    #[must_use]
    pub fn unknown(what: &str, name: &str, known: &[&str]) -> Error {
        let nearest = known
            .iter()
            .map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate))
            .min()
            .filter(|(distance, _)| *distance <= 1 + name.len() / 3);
        let list = if known.is_empty() {
            "none are known".to_owned()
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

fn with_help(message: &str, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{message}; {help}"),
        None => message.to_owned(),
    }
}

/// Names in backticks, separated by commas.
#[must_use]
pub fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
