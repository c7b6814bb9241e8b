//! `budgets.toml`: limits and the reasons for them.

use std::fs;
use std::path::Path;

use clap::ValueEnum;
use lakehouse_rig::source::{self, Spanned};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use crate::compare::Figure;
use crate::tier::Tier;

/// Path of the file in the repository.
pub const FILE: &str = "loadtests/budgets.toml";

/// All budgets.
#[derive(Debug, Clone, PartialEq)]
pub struct Budgets(pub Vec<Budget>);

/// One limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// Name of its gates.
    pub name: String,
    /// Tiers that it applies to.
    pub tiers: Vec<Tier>,
    /// Implementation that it limits.
    pub implementation: String,
    /// Number of users of the measurement, or any number.
    pub users: Option<u32>,
    /// Whether it applies only to loads with scheduled arrivals.
    pub scheduled: bool,
    /// The figure and its limit.
    pub limit: Limit,
    /// Reason for the limit.
    pub reason: String,
}

/// A figure and its limit.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// p99 of each flow, as a multiple of its p50.
    TailAtMost(f64),
    /// p99 of each flow, in milliseconds.
    P99AtMost(f64),
    /// Maximum resident memory of the server, in megabytes of 10⁶ bytes.
    MemoryAtMost(f64),
    /// Median of the last quarter of the server's samples, as a multiple of the second quarter's.
    GrowthAtMost(GrowthFigure, f64),
    /// A figure over all flows, as a ratio to that of another implementation.
    Ratio {
        /// The figure.
        figure: Figure,
        /// The other implementation.
        against: String,
        /// The permitted range.
        bound: Bound,
    },
}

/// Figures that must not grow during a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrowthFigure {
    /// Resident memory.
    Memory,
    /// Open descriptors.
    Descriptors,
}

/// A one-sided range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

/// Budgets that cannot be read or are invalid.
#[derive(Debug, thiserror::Error)]
pub enum BudgetError {
    /// The file cannot be read.
    #[error("cannot read `{file}`: {source}")]
    Unreadable {
        /// The file.
        file: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// An entry is invalid.
    #[error("`{file}`: {problem}")]
    Invalid {
        /// The file.
        file: String,
        /// The place, the value, and the expected values.
        problem: String,
    },
}

impl Budgets {
    /// Reads the file.
    ///
    /// # Errors
    /// The file cannot be read or is invalid.
    pub fn read(path: &Path) -> Result<Self, BudgetError> {
        let file = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|source| BudgetError::Unreadable {
            file: file.clone(),
            source,
        })?;
        Self::parse(&file, &text)
    }

    /// Parses the text of `file`, which names it in errors.
    ///
    /// # Errors
    /// The text is invalid.
    pub fn parse(file: &str, text: &str) -> Result<Self, BudgetError> {
        let invalid = |problem: String| BudgetError::Invalid {
            file: file.to_owned(),
            problem,
        };
        let parsed: File = toml::from_str(text)
            .map_err(|error| invalid(error.to_string().trim_end().to_owned()))?;
        let mut budgets: Vec<Budget> = Vec::new();
        for entry in parsed.budget {
            let line = text[..entry.span().start].matches('\n').count() + 1;
            let entry = entry.into_inner();
            let name = entry.name.clone();
            let mut budget = entry.into_budget();
            if budgets.iter().any(|budget| budget.name == name) {
                budget = Err(format!("`name` is `{name}`; expected a unique name"));
            }
            let budget = budget
                .map_err(|problem| invalid(format!("budget `{name}`, line {line}: {problem}")))?;
            budgets.push(budget);
        }
        Ok(Self(budgets))
    }
}

/// The JSON Schema of the file.
#[must_use]
pub fn schema() -> Schema {
    source::schema::<File>()
}

/// The limits of load tests.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    /// The limits.
    #[serde(default)]
    budget: Vec<Spanned<Entry>>,
}

/// One limit and its reason.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The name of its gates.
    name: String,
    /// The tiers that it applies to.
    tiers: Vec<String>,
    /// The implementation that it applies to.
    implementation: String,
    /// The implementation that a ratio compares with.
    against: Option<String>,
    /// The only number of users that it applies to.
    users: Option<u32>,
    /// Whether it applies to scheduled arrivals only.
    #[serde(default)]
    scheduled: bool,
    /// The figure that is limited.
    figure: EntryFigure,
    /// The largest value that passes.
    at_most: Option<f64>,
    /// The smallest value that passes.
    at_least: Option<f64>,
    /// Why the limit is there.
    reason: String,
}

/// A figure of a measurement.
#[derive(Deserialize, Clone, Copy, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum EntryFigure {
    /// The ratio of p99 to p50 of each flow.
    P99ByP50,
    /// p99 of each flow in milliseconds.
    P99Ms,
    /// The maximum resident memory in 10^6 bytes.
    ServerMemoryMb,
    /// The growth of resident memory, as a ratio.
    MemoryGrowth,
    /// The growth of open descriptors, as a ratio.
    DescriptorGrowth,
    /// The rate, as a ratio to `against`.
    Rate,
    /// The server's processor time per flow, as a ratio to `against`.
    ServerCpuPerFlow,
}

impl Entry {
    fn into_budget(self) -> Result<Budget, String> {
        for (key, text) in [
            ("name", &self.name),
            ("implementation", &self.implementation),
            ("reason", &self.reason),
        ] {
            if text.trim().is_empty() {
                return Err(format!("`{key}` is `{text}`; expected a non-empty text"));
            }
        }
        let mut tiers = Vec::new();
        for name in &self.tiers {
            let tier = Tier::from_name(name).ok_or_else(|| {
                let known: Vec<_> = Tier::value_variants()
                    .iter()
                    .map(|one| one.name())
                    .collect();
                let known = known.join("`, `");
                format!("unknown tier `{name}`; expected one of `{known}`")
            })?;
            tiers.push(tier);
        }
        if tiers.is_empty() {
            return Err("`tiers` is `[]`; expected at least one tier".to_owned());
        }
        if self.users == Some(0) {
            return Err("`users` is `0`; expected at least 1".to_owned());
        }
        Ok(Budget {
            limit: self.limit()?,
            name: self.name,
            tiers,
            implementation: self.implementation,
            users: self.users,
            scheduled: self.scheduled,
            reason: self.reason,
        })
    }

    fn limit(&self) -> Result<Limit, String> {
        let figure = match self.figure {
            EntryFigure::P99ByP50 => return Ok(Limit::TailAtMost(self.absolute()?)),
            EntryFigure::P99Ms => return Ok(Limit::P99AtMost(self.absolute()?)),
            EntryFigure::ServerMemoryMb => return Ok(Limit::MemoryAtMost(self.absolute()?)),
            EntryFigure::MemoryGrowth => {
                return Ok(Limit::GrowthAtMost(GrowthFigure::Memory, self.absolute()?));
            }
            EntryFigure::DescriptorGrowth => {
                return Ok(Limit::GrowthAtMost(
                    GrowthFigure::Descriptors,
                    self.absolute()?,
                ));
            }
            EntryFigure::Rate => Figure::Rate,
            EntryFigure::ServerCpuPerFlow => Figure::ServerCpuPerFlow,
        };
        let against = match &self.against {
            Some(against) if !against.is_empty() && *against != self.implementation => against,
            other => {
                let other = other.as_deref().unwrap_or("missing");
                return Err(format!(
                    "`against` is `{other}`; expected another implementation, because this figure \
                     is a ratio"
                ));
            }
        };
        let bound = match figure {
            Figure::Rate => Bound::AtLeast(self.at_least()?),
            _ => Bound::AtMost(self.at_most()?),
        };
        Ok(Limit::Ratio {
            figure,
            against: against.clone(),
            bound,
        })
    }

    fn absolute(&self) -> Result<f64, String> {
        if let Some(against) = &self.against {
            return Err(format!(
                "`against` is `{against}`; expected no such key, because this figure is not a ratio"
            ));
        }
        self.at_most()
    }

    fn at_most(&self) -> Result<f64, String> {
        only("at_most", self.at_most, "at_least", self.at_least)
    }

    fn at_least(&self) -> Result<f64, String> {
        only("at_least", self.at_least, "at_most", self.at_most)
    }
}

fn only(key: &str, value: Option<f64>, other: &str, unused: Option<f64>) -> Result<f64, String> {
    if let Some(value) = unused {
        return Err(format!(
            "`{other}` is `{value}`; expected `{key}` instead for this figure"
        ));
    }
    match value {
        Some(value) if value.is_finite() && value > 0.0 => Ok(value),
        Some(value) => Err(format!(
            "`{key}` is `{value}`; expected a finite number above 0"
        )),
        None => Err(format!(
            "`{key}` is missing; expected a finite number above 0"
        )),
    }
}
