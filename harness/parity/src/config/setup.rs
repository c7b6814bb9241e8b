//! `setup.toml` beside `probe.toml`: named steps that several cases begin with.

use lakehouse_rig::error::Error;
use lakehouse_rig::source::{self, Source, Spanned};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::step::WrittenStep;

/// The file in a probe's folder.
pub(super) const FILE: &str = "setup.toml";

/// The setups of a probe.
#[derive(Default)]
pub(super) struct Setups {
    source: Source,
    setups: Vec<Setup>,
}

/// Steps that several cases of a surface begin with.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The setups.
    setup: Vec<Setup>,
}

/// Named steps.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Setup {
    /// The name that cases use in `setup`.
    name: String,
    /// The steps, in order.
    step: Vec<WrittenStep>,
}

/// The JSON Schema of `setup.toml`.
pub(crate) fn schema() -> Schema {
    source::schema::<Written>()
}

impl Setups {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// Mistakes in the file, with their place.
    pub(super) fn read(source: Source) -> Result<Setups, Error> {
        let written: Written = source.parse()?;
        Ok(Setups {
            source,
            setups: written.setup,
        })
    }

    /// The steps of a setup that a case in `from` uses, and their file.
    pub(super) fn find(
        &self,
        from: &Source,
        name: &Spanned<String>,
    ) -> Result<(&Source, &[WrittenStep]), Error> {
        let mut setups = self.setups.iter();
        match setups.find(|setup| setup.name == *name.get_ref()) {
            Some(setup) => Ok((&self.source, &setup.step)),
            None => {
                if self.setups.is_empty() {
                    return Err(from.error(
                        name.span(),
                        format!("unknown setup `{}`", name.get_ref()),
                        "no setup has this name",
                        Some(format!("the probe has no `{FILE}`")),
                    ));
                }
                let known: Vec<&str> = self.setups.iter().map(|s| s.name.as_str()).collect();
                Err(from.unknown(name.span(), "setup", name.get_ref(), &known))
            }
        }
    }
}

impl std::fmt::Debug for Setups {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self
            .setups
            .iter()
            .map(|setup| setup.name.as_str())
            .collect();
        f.debug_tuple("Setups").field(&names).finish()
    }
}
