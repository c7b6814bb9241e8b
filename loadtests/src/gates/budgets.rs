//! `budgets.toml`: limits, each with the reason for it.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use crate::compare::Figure;

/// The file, relative to the root of the repository.
pub const FILE: &str = "loadtests/budgets.toml";

/// The tiers that a budget may belong to.
pub const TIERS: [&str; 7] = [
    "smoke",
    "multitier",
    "sweep",
    "mixed",
    "routes",
    "open",
    "soak",
];

/// Everything in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Budgets(pub Vec<Budget>);

/// One limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// What its gates are called.
    pub name: String,
    /// The tiers that it belongs to.
    pub tiers: Vec<String>,
    /// Whose figure it is.
    pub implementation: String,
    /// How many users the measurement has; any number when none is said.
    pub users: Option<u32>,
    /// Whether it is about arrivals that were scheduled, and about no other load of the tier.
    pub scheduled: bool,
    /// The figure and its limit.
    pub limit: Limit,
    /// Why it is what it is.
    pub reason: String,
}

/// A figure and its limit.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// p99 of each flow, as a multiple of its p50.
    TailAtMost(f64),
    /// p99 of each flow, in milliseconds.
    P99AtMost(f64),
    /// The most resident memory of the server, in megabytes of 10⁶ bytes.
    MemoryAtMost(f64),
    /// The last quarter of the server's samples by the second.
    GrowthAtMost(Growing, f64),
    /// A figure over all flows, as a ratio to that of another implementation.
    Ratio {
        /// Which.
        figure: Figure,
        /// The other implementation.
        against: String,
        /// What it may be.
        bound: Bound,
    },
}

/// What must not grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growing {
    /// Resident memory.
    Memory,
    /// Open descriptors.
    Descriptors,
}

/// On which side of a limit is good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// Not less.
    AtLeast(f64),
    /// Not more.
    AtMost(f64),
}

/// Why budgets could not be used.
#[derive(Debug, thiserror::Error)]
pub enum BudgetError {
    /// The file could not be read.
    #[error("`{file}` could not be read: {source}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("`{file}`: {problem}")]
    Wrong {
        /// The file.
        file: String,
        /// What, where, and what is allowed.
        problem: String,
    },
}

impl Budgets {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// It cannot be read, or something in it is wrong.
    pub fn read(path: &Path) -> Result<Self, BudgetError> {
        let file = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|source| BudgetError::Unreadable {
            file: file.clone(),
            source,
        })?;
        Self::parse(&file, &text)
    }

    /// Reads a text; `file` is what errors call it.
    ///
    /// # Errors
    ///
    /// Something in it is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Self, BudgetError> {
        let wrong = |problem: String| BudgetError::Wrong {
            file: file.to_owned(),
            problem,
        };
        let written: Written =
            toml::from_str(text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))?;
        let mut budgets: Vec<Budget> = Vec::new();
        for entry in written.budget {
            let line = text[..entry.span().start].matches('\n').count() + 1;
            let entry = entry.into_inner();
            let name = entry.name.clone();
            let mut checked = entry.check();
            if budgets.iter().any(|budget| budget.name == name) {
                checked = Err(format!("`name` is `{name}`; allowed is one no other has"));
            }
            let checked = checked
                .map_err(|problem| wrong(format!("budget `{name}`, line {line}: {problem}")))?;
            budgets.push(checked);
        }
        Ok(Self(budgets))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    budget: Vec<Spanned<WrittenBudget>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenBudget {
    name: String,
    tiers: Vec<String>,
    implementation: String,
    against: Option<String>,
    users: Option<u32>,
    #[serde(default)]
    scheduled: bool,
    figure: WrittenFigure,
    at_most: Option<f64>,
    at_least: Option<f64>,
    reason: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum WrittenFigure {
    P99ByP50,
    P99Ms,
    ServerMemoryMb,
    MemoryGrowth,
    DescriptorGrowth,
    Rate,
    ServerCpuPerFlow,
}

impl WrittenBudget {
    fn check(self) -> Result<Budget, String> {
        for (key, text) in [
            ("name", &self.name),
            ("implementation", &self.implementation),
            ("reason", &self.reason),
        ] {
            if text.trim().is_empty() {
                return Err(format!(
                    "`{key}` is `{text}`; allowed is any text but an empty one"
                ));
            }
        }
        let unknown = |tier: &&String| !TIERS.contains(&tier.as_str());
        if let Some(tier) = self.tiers.iter().find(unknown) {
            let known = TIERS.join("`, `");
            return Err(format!("`tiers` has `{tier}`; allowed are `{known}`"));
        }
        if self.tiers.is_empty() {
            return Err("`tiers` is `[]`; allowed is at least one tier".to_owned());
        }
        if self.users == Some(0) {
            return Err("`users` is `0`; allowed is at least 1".to_owned());
        }
        Ok(Budget {
            limit: self.limit()?,
            name: self.name,
            tiers: self.tiers,
            implementation: self.implementation,
            users: self.users,
            scheduled: self.scheduled,
            reason: self.reason,
        })
    }

    fn limit(&self) -> Result<Limit, String> {
        use WrittenFigure as Written;
        let figure = match self.figure {
            Written::P99ByP50 => return Ok(Limit::TailAtMost(self.absolute()?)),
            Written::P99Ms => return Ok(Limit::P99AtMost(self.absolute()?)),
            Written::ServerMemoryMb => return Ok(Limit::MemoryAtMost(self.absolute()?)),
            Written::MemoryGrowth => {
                return Ok(Limit::GrowthAtMost(Growing::Memory, self.absolute()?));
            }
            Written::DescriptorGrowth => {
                return Ok(Limit::GrowthAtMost(Growing::Descriptors, self.absolute()?));
            }
            Written::Rate => Figure::Rate,
            Written::ServerCpuPerFlow => Figure::ServerCpuPerFlow,
        };
        let against = match &self.against {
            Some(against) if !against.is_empty() && *against != self.implementation => against,
            other => {
                let other = other.as_deref().unwrap_or("missing");
                return Err(format!(
                    "`against` is `{other}`; allowed is the name of another implementation, \
                     because this figure is a ratio"
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
                "`against` is `{against}`; allowed is none, because this figure is no ratio"
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

fn only(key: &str, value: Option<f64>, other: &str, none: Option<f64>) -> Result<f64, String> {
    if let Some(value) = none {
        return Err(format!(
            "`{other}` is `{value}`; allowed is `{key}` for this figure"
        ));
    }
    match value {
        Some(value) if value.is_finite() && value > 0.0 => Ok(value),
        Some(value) => Err(format!(
            "`{key}` is `{value}`; allowed is a finite number above 0"
        )),
        None => Err(format!(
            "`{key}` is missing; allowed is a finite number above 0"
        )),
    }
}
