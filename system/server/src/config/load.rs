//! Reading the configuration from its sources, then checking what types cannot say.

use std::path::{Path, PathBuf};

use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Env, Format, Serialized, Toml},
    value::{Dict, Map, Value},
};
use lakehouse_models::embed::hash;
use tracing_subscriber::EnvFilter;

use super::ConfigError;
use crate::{
    compose::Config,
    services::{
        embed::config::EmbedProvider,
        matrix::config::{Judge, RoleReader},
    },
};

/// The file that is read when none is named.
pub(super) const DEFAULT_FILE: &str = "lakehouse.toml";
/// The name under which flags appear as a source.
pub(super) const FLAGS: &str = "flags";
const DAY_MS: u64 = 86_400_000;

/// What flags set: keys with their values, and the file to read.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`: this file must be there.
    pub file: Option<PathBuf>,
    /// `--bind` as `gateway.bind`.
    pub bind: Option<String>,
    /// `--data-root` as `data.root`.
    pub data_root: Option<PathBuf>,
}

/// Reads the configuration.
///
/// # Errors
/// [`ConfigError`] for the first thing that is wrong.
pub fn load(overrides: &Overrides) -> Result<Config, ConfigError> {
    let file = overrides.file.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if overrides.file.is_some() || file.exists() {
        // Read once for the system's own words when it cannot be.
        std::fs::read_to_string(file).map_err(|error| ConfigError::Unreadable {
            file: file.to_owned(),
            reason: error.to_string(),
        })?;
        figment = figment.merge(Toml::file_exact(file));
    }
    let figment = figment
        .merge(Env::prefixed("LAKEHOUSE_").split("__"))
        .merge(Flags(overrides));
    let config: Config = figment
        .extract()
        .map_err(|error| ConfigError::from_figment(&figment, error))?;
    match first_wrong_key(&config) {
        None => Ok(config),
        Some(key) => Err(ConfigError::wrong_value(&figment, key)),
    }
}

/// The first key whose value has the right type and is still not allowed.
fn first_wrong_key(config: &Config) -> Option<&'static str> {
    let Config {
        gateway,
        data,
        embed,
        store,
        vectors,
        matrix,
        chat,
        validate,
        limits,
        log,
    } = config;
    let model_is_wrong = embed.model.as_deref().is_some_and(|model| {
        model.is_empty() || (embed.provider == EmbedProvider::Hash && model != hash::MODEL)
    });
    let is_limit = |limit_ms: u64| (1..=DAY_MS).contains(&limit_ms);
    let chat_limit_ms = chat.ollama.as_ref().map_or(1, |ollama| ollama.timeout_ms);
    let may_chat = chat.has(matrix.chat_provider) && matrix.chat_model.is_some();
    let is_empty = |path: &PathBuf| path.as_os_str().is_empty();
    let checks = [
        ("gateway.bind", gateway.bind.ip().is_loopback()),
        ("data.root", !is_empty(&data.root)),
        ("embed.model", !model_is_wrong),
        ("embed.cache_bytes", embed.cache_bytes <= 1 << 40),
        ("matrix.cache_bytes", matrix.cache_bytes <= 1 << 40),
        ("embed.ollama.timeout_ms", is_limit(embed.ollama.timeout_ms)),
        ("embed.openai.model", !embed.openai.model.is_empty()),
        ("embed.openai.timeout_ms", is_limit(embed.openai.timeout_ms)),
        ("store.url", store.url.as_deref().is_none_or(is_store_url)),
        (
            "vectors.save_interval_ms",
            is_limit(vectors.save_interval_ms),
        ),
        ("matrix.judge", matrix.judge != Judge::Chat || may_chat),
        (
            "matrix.role_reader",
            matrix.role_reader != RoleReader::Chat || may_chat,
        ),
        (
            "matrix.chat_model",
            !matrix.chat_model.as_ref().is_some_and(String::is_empty),
        ),
        (
            "matrix.playbook_distance",
            (0.0..=2.0).contains(&matrix.playbook_distance),
        ),
        (
            "matrix.playbook_half_life_days",
            matrix.playbook_half_life_days > 0.0 && matrix.playbook_half_life_days <= 36_500.0,
        ),
        ("chat.ollama.timeout_ms", is_limit(chat_limit_ms)),
        (
            "validate.roster",
            !validate.roster.as_ref().is_some_and(is_empty),
        ),
        (
            "limits.body_bytes",
            (1..=1 << 30).contains(&limits.body_bytes),
        ),
        (
            "limits.request_timeout_ms",
            is_limit(limits.request_timeout_ms),
        ),
        (
            "limits.concurrency",
            (1..=1_000_000).contains(&limits.concurrency),
        ),
        ("log.filter", log.filter.parse::<EnvFilter>().is_ok()),
    ];
    checks
        .iter()
        .find(|(_, is_allowed)| !is_allowed)
        .map(|(key, _)| *key)
}

fn is_store_url(url: &str) -> bool {
    url == "memory://"
        || url
            .strip_prefix("file:///")
            .is_some_and(|path| !path.is_empty())
}

/// The flags as a source of their own, so that an error can say that a value came from there.
struct Flags<'a>(&'a Overrides);

impl Provider for Flags<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(FLAGS)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let Overrides {
            file: _,
            bind,
            data_root,
        } = self.0;
        let path_text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let settings = [
            ("gateway", "bind", bind.clone()),
            ("data", "root", data_root.as_ref().map(path_text)),
        ];
        let mut tables = Dict::new();
        for (table, key, value) in settings {
            if let Some(value) = value {
                let keys: Dict = [(key.to_owned(), Value::from(value))].into();
                tables.insert(table.to_owned(), Value::from(keys));
            }
        }
        Ok(Profile::Default.collect(tables))
    }
}
