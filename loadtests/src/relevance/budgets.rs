//! `relevance.toml`: limits and the reasons for them.

use std::path::Path;

use anyhow::Result;
use lakehouse_rig::source::{self, Spanned};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::figures::Figures;
use super::results::{ALL, Measurement};
use crate::gates::BudgetError;
use crate::results::{Gate, GateOutcome};

/// Path of the file in the repository.
pub const FILE: &str = "loadtests/relevance.toml";

/// All budgets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Budgets(Vec<Budget>);

/// One limit.
#[derive(Debug, Clone, PartialEq)]
struct Budget {
    name: String,
    style: String,
    group: String,
    figure: Figure,
    bound: Bound,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// The limits of relevance runs.
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
    /// The styles of the corpus that it applies to, `plain` and `natural`.
    styles: Vec<String>,
    /// The group of questions; all but the corpus's own by default.
    group: Option<String>,
    /// The figure that is limited.
    figure: Figure,
    /// The largest value that passes.
    at_most: Option<f64>,
    /// The smallest value that passes.
    at_least: Option<f64>,
    /// Why the limit is there.
    reason: String,
}

/// A figure of a group of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Figure {
    /// Number of questions that have a right person in the corpus.
    Scored,
    /// Right people among the first ten hits, of those that could be.
    Recall,
    /// Share of questions whose first hit is right.
    First,
    /// Mean nDCG of the first ten hits.
    Ndcg,
    /// Share of hits from a wrong place.
    WrongPlace,
    /// Share of hits that have what the question excludes.
    Excluded,
    /// Share of hits that are not available.
    Unavailable,
    /// Share of questions about no one in which the answer reports that.
    Reported,
    /// 95th percentile of the time of a search, in milliseconds.
    P95Ms,
}

impl Figure {
    fn of(self, figures: &Figures) -> Option<f64> {
        match self {
            Self::Scored => Some(figures.scored as f64),
            Self::Recall => figures.recall,
            Self::First => figures.first,
            Self::Ndcg => figures.ndcg,
            Self::WrongPlace => figures.wrong_place,
            Self::Excluded => figures.excluded,
            Self::Unavailable => figures.unavailable,
            Self::Reported => figures.reported,
            Self::P95Ms => (figures.questions > 0).then_some(figures.p95_ms),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Scored => "scored questions",
            Self::Recall => "recall@10",
            Self::First => "first hit right",
            Self::Ndcg => "nDCG@10",
            Self::WrongPlace => "hits from a wrong place",
            Self::Excluded => "excluded hits",
            Self::Unavailable => "unavailable hits",
            Self::Reported => "no such person reported",
            Self::P95Ms => "p95 in ms",
        }
    }

    /// Whether a larger value is better.
    fn is_gain(self) -> bool {
        matches!(
            self,
            Self::Scored | Self::Recall | Self::First | Self::Ndcg | Self::Reported
        )
    }

    fn is_share(self) -> bool {
        !matches!(self, Self::Scored | Self::P95Ms)
    }
}

impl Budgets {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, BudgetError> {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => {
                Self::parse(&text).map_err(|problem| BudgetError::Invalid { file, problem })
            }
            Err(source) => Err(BudgetError::Unreadable { file, source }),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let parsed: File =
            toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        let mut budgets: Vec<Budget> = Vec::new();
        for entry in parsed.budget {
            let line = text[..entry.span().start].matches('\n').count() + 1;
            let entry = entry.into_inner();
            let name = entry.name.clone();
            let place = |problem| format!("budget `{name}`, line {line}: {problem}");
            if budgets.iter().any(|budget| budget.name == name) {
                return Err(place(format!("`name` is `{name}`; expected a unique name")));
            }
            budgets.extend(entry.into_budgets().map_err(place)?);
        }
        Ok(Self(budgets))
    }

    /// Judges the budgets of the styles that were measured, with nothing switched off.
    ///
    /// # Errors
    /// A budget names a group that does not exist, if all questions were asked.
    pub(super) fn judge(
        &self,
        measurements: &[Measurement],
        is_complete: bool,
    ) -> Result<Vec<Gate>, BudgetError> {
        let mut gates = Vec::new();
        for budget in &self.0 {
            let measured = measurements
                .iter()
                .filter(|one| one.style == budget.style && one.is_default());
            for measurement in measured {
                match measurement.group(&budget.group) {
                    Some(figures) => gates.push(budget.gate(figures)),
                    None if is_complete => {
                        return Err(BudgetError::Invalid {
                            file: FILE.to_owned(),
                            problem: format!(
                                "budget `{}`: there are no questions `{}`",
                                budget.name, budget.group
                            ),
                        });
                    }
                    None => {}
                }
            }
        }
        Ok(gates)
    }
}

impl Budget {
    fn gate(&self, figures: &Figures) -> Gate {
        let found = self.figure.of(figures);
        let holds = |found: f64| match self.bound {
            Bound::AtLeast(limit) => found >= limit,
            Bound::AtMost(limit) => found <= limit,
        };
        let words = self.figure.words();
        Gate {
            name: self.name.clone(),
            subject: format!("{}, {}", self.style, self.group),
            limit: match self.bound {
                Bound::AtLeast(limit) => format!("{words} at least {limit}"),
                Bound::AtMost(limit) => format!("{words} at most {limit}"),
            },
            found: found.map_or("no such question".to_owned(), |found| format!("{found:.3}")),
            outcome: match found.map(holds) {
                Some(true) => GateOutcome::Held,
                Some(false) => GateOutcome::Failed,
                None => GateOutcome::Inconclusive,
            },
        }
    }
}

impl Entry {
    /// A budget for each style.
    fn into_budgets(self) -> Result<Vec<Budget>, String> {
        for (key, text) in [("name", &self.name), ("reason", &self.reason)] {
            if text.trim().is_empty() {
                return Err(format!("`{key}` is `{text}`; expected a non-empty text"));
            }
        }
        if self.styles.is_empty() {
            return Err("`styles` is `[]`; expected at least one style".to_owned());
        }
        let bound = self.bound()?;
        let group = self.group.unwrap_or_else(|| ALL.to_owned());
        let mut budgets = Vec::new();
        for style in self.styles {
            if !["plain", "natural"].contains(&style.as_str()) {
                return Err(format!(
                    "unknown style `{style}`; expected `plain` or `natural`"
                ));
            }
            budgets.push(Budget {
                name: self.name.clone(),
                style,
                group: group.clone(),
                figure: self.figure,
                bound,
            });
        }
        Ok(budgets)
    }

    fn bound(&self) -> Result<Bound, String> {
        let (key, value, other, unused) = if self.figure.is_gain() {
            ("at_least", self.at_least, "at_most", self.at_most)
        } else {
            ("at_most", self.at_most, "at_least", self.at_least)
        };
        if let Some(value) = unused {
            return Err(format!(
                "`{other}` is `{value}`; expected `{key}` instead for this figure"
            ));
        }
        let range = if self.figure.is_share() {
            0.0..=1.0
        } else {
            0.0..=1e9
        };
        let Some(value) = value.filter(|value| range.contains(value)) else {
            let found = value.map_or("missing".to_owned(), |value| format!("`{value}`"));
            let (low, high) = (range.start(), range.end());
            return Err(format!("`{key}` is {found}; expected {low} to {high}"));
        };
        Ok(if self.figure.is_gain() {
            Bound::AtLeast(value)
        } else {
            Bound::AtMost(value)
        })
    }
}

/// The JSON Schema of the file.
#[must_use]
pub fn schema() -> Schema {
    source::schema::<File>()
}

#[cfg(test)]
mod tests {
    use super::super::results::{Answered, DEFAULT};
    use super::super::score::Score;
    use super::*;

    const RECALL: &str = "[[budget]]\nname = \"recall\"\nstyles = [\"plain\"]\nfigure = \"recall\"\n\
                          at_least = 0.5\nreason = \"people\"\n";

    fn measurement(style: &str, score: Score) -> Measurement {
        let answered = Answered {
            group: "own".to_owned(),
            question: "a question".to_owned(),
            right: score.possible,
            hits: Vec::new(),
            first: String::new(),
            score,
            milliseconds: 1.0,
        };
        Measurement::new(style, DEFAULT, vec![answered])
    }

    fn outcomes(text: &str, measurement: Measurement) -> Vec<GateOutcome> {
        let budgets = Budgets::parse(text).unwrap();
        let gates = budgets.judge(&[measurement], true).unwrap();
        gates.into_iter().map(|gate| gate.outcome).collect()
    }

    fn found(found: usize) -> Score {
        Score {
            possible: 10,
            found,
            hits: 10,
            first: Some(found > 0),
            ndcg: Some(0.5),
            unavailable: Some(1),
            ..Score::default()
        }
    }

    #[test]
    fn limits_include_their_value() {
        for (count, expected) in [
            (5, GateOutcome::Held),
            (4, GateOutcome::Failed),
            (10, GateOutcome::Held),
        ] {
            assert_eq!(
                outcomes(RECALL, measurement("plain", found(count))),
                [expected]
            );
        }
        let unavailable = RECALL
            .replace("figure = \"recall\"", "figure = \"unavailable\"")
            .replace("at_least = 0.5", "at_most = 0");
        let text = unavailable.replace("at_most = 0", "at_most = 0.1");
        assert_eq!(
            outcomes(&text, measurement("plain", found(1))),
            [GateOutcome::Held]
        );
        assert_eq!(
            outcomes(&unavailable, measurement("plain", found(1))),
            [GateOutcome::Failed]
        );
    }

    #[test]
    fn budgets_apply_to_their_styles_and_groups() {
        assert!(outcomes(RECALL, measurement("natural", found(0))).is_empty());
        let empty = measurement("plain", Score::default());
        assert_eq!(outcomes(RECALL, empty), [GateOutcome::Inconclusive]);
        let text = format!("{RECALL}group = \"none such\"\n");
        let budgets = Budgets::parse(&text).unwrap();
        let measurements = [measurement("plain", found(5))];
        assert!(budgets.judge(&measurements, true).is_err());
        assert!(budgets.judge(&measurements, false).unwrap().is_empty());
    }

    #[test]
    fn wrong_budgets_are_rejected() {
        for (from, to, expected) in [
            (
                "at_least = 0.5",
                "at_most = 0.5",
                "expected `at_least` instead",
            ),
            ("at_least = 0.5", "at_least = 50", "expected 0 to 1"),
            ("at_least = 0.5", "", "`at_least` is missing"),
            ("[\"plain\"]", "[]", "expected at least one style"),
            ("[\"plain\"]", "[\"baroque\"]", "unknown style `baroque`"),
            ("\"people\"", "\" \"", "`reason` is ` `"),
            (
                "figure = \"recall\"",
                "figure = \"speed\"",
                "unknown variant `speed`",
            ),
        ] {
            let error = Budgets::parse(&RECALL.replace(from, to)).unwrap_err();
            assert!(error.contains(expected), "{to}: {error}");
        }
        let error = Budgets::parse(&[RECALL, RECALL].concat()).unwrap_err();
        assert!(error.contains("line 7: `name` is `recall`"), "{error}");
    }
}
