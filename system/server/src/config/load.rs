//! Reading the configuration from its sources, then checking what types cannot.

use std::path::{Path, PathBuf};

use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Env, Format, Serialized, Toml},
    value::{Dict, Map, Value},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    ConfigError, RuleViolation,
    source::{DEFAULT_FILE, ENVIRONMENT, FLAGS},
};

/// What the command line sets.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`: this file must exist.
    pub file: Option<PathBuf>,
    /// Values by table and key.
    pub settings: Vec<(&'static str, &'static str, String)>,
}

/// A configuration with rules that involve several keys.
pub trait Checked {
    /// Checks those rules.
    ///
    /// # Errors
    /// The first rule that is broken.
    fn check(&self) -> Result<(), RuleViolation>;
}

/// Reads the configuration.
///
/// # Errors
/// [`ConfigError`] for the first mistake.
pub fn load<C>(overrides: &Overrides) -> Result<C, ConfigError>
where
    C: Default + Serialize + DeserializeOwned + Checked,
{
    let file = overrides.file.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
    let mut figment = Figment::from(Serialized::defaults(C::default()));
    if overrides.file.is_some() || file.exists() {
        // Read here to get the system's own error; figment would hide it.
        std::fs::read_to_string(file).map_err(|error| ConfigError::Unreadable {
            file: file.to_owned(),
            reason: error.to_string(),
        })?;
        figment = figment.merge(Toml::file_exact(file));
    }
    let figment = figment
        .merge(Env::prefixed(ENVIRONMENT).split("__"))
        .merge(Flags(overrides));
    let config: C = figment
        .extract()
        .map_err(|error| ConfigError::from_figment(&figment, error))?;
    config
        .check()
        .map_err(|violation| ConfigError::from_violation(&figment, violation))?;
    Ok(config)
}

/// The flags as a source of their own, so that errors can name the command line.
struct Flags<'a>(&'a Overrides);

impl Provider for Flags<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(FLAGS)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut tables = Map::<&str, Dict>::new();
        for (table, key, value) in &self.0.settings {
            let keys = tables.entry(table).or_default();
            keys.insert((*key).to_owned(), Value::from(value.as_str()));
        }
        let tables = tables.into_iter();
        let tables = tables.map(|(table, keys)| (table.to_owned(), Value::from(keys)));
        Ok(Profile::Default.collect(tables.collect()))
    }
}
