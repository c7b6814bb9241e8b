//! The log on standard error.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use crate::config::{MustBe, Raw, choice};

/// `[log]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// `log.format`, by default `text`.
    #[serde(deserialize_with = "choice")]
    pub format: LogFormat,
    /// `log.filter`: what is logged, by default `info`; the syntax is that of `tracing`'s
    /// `EnvFilter`, such as `lakehouse_server=debug`.
    pub filter: LogFilter,
}

/// A filter of `tracing`'s `EnvFilter`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct LogFilter(String);

impl TryFrom<Raw> for LogFilter {
    type Error = MustBe;

    fn try_from(raw: Raw) -> Result<Self, MustBe> {
        let filter = raw.into_text();
        let filter = filter.filter(|filter| filter.parse::<EnvFilter>().is_ok());
        let must_be = "a filter such as `info` or `lakehouse_server=debug,warn`";
        filter.map(Self).ok_or(must_be.into())
    }
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lower")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            filter: LogFilter("info".to_owned()),
        }
    }
}

/// Starts logging; call it once.
pub fn start(config: &LogConfig) {
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&config.filter.0))
        .with_writer(std::io::stderr);
    match config.format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().init(),
    }
}
