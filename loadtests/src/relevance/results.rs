//! `results.json`: what was asked, what came first, and the figures.

use serde::{Deserialize, Serialize};

use super::figures::Figures;
use super::score::Score;
use crate::results::{Gate, Verdict};

/// Version of the format.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// Name of the variant in which nothing is switched off.
pub(super) const DEFAULT: &str = "default";

/// Name of the group of all questions but the corpus's own.
pub(super) const ALL: &str = "all";

/// Name of the group of the corpus's own queries.
pub(super) const CORPUS: &str = "corpus";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Results {
    pub(super) schema_version: u32,
    pub(super) commit: Option<String>,
    pub(super) started_at: jiff::Timestamp,
    pub(super) duration_ms: u64,
    /// Absent for a corpus that the command line names.
    pub(super) workers: Option<u64>,
    pub(super) seed: Option<u64>,
    pub(super) measurements: Vec<Measurement>,
    pub(super) gates: Vec<Gate>,
    pub(super) verdict: Verdict,
}

/// All questions, asked of one style of the corpus with one setting of the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Measurement {
    pub(super) style: String,
    pub(super) variant: String,
    /// [`ALL`], then each group, by name.
    pub(super) groups: Vec<Group>,
    pub(super) answers: Vec<Answered>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) figures: Figures,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Answered {
    pub(super) group: String,
    pub(super) question: String,
    /// Right people in the corpus.
    pub(super) right: usize,
    pub(super) hits: Vec<String>,
    /// The first hit in words, such as `Picker, Toledo OH`.
    pub(super) first: String,
    pub(super) score: Score,
    pub(super) milliseconds: f64,
}

impl Measurement {
    pub(super) fn new(style: &str, variant: &str, answers: Vec<Answered>) -> Self {
        let figures = |of: &dyn Fn(&str) -> bool| {
            let answers: Vec<(&Score, f64)> = answers
                .iter()
                .filter(|answered| of(&answered.group))
                .map(|answered| (&answered.score, answered.milliseconds))
                .collect();
            Figures::of(answers.into_iter())
        };
        let mut names: Vec<&str> = answers.iter().map(|one| one.group.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let mut groups = vec![Group {
            name: ALL.to_owned(),
            figures: figures(&|group| group != CORPUS),
        }];
        groups.extend(names.into_iter().map(|name| Group {
            name: name.to_owned(),
            figures: figures(&|group| group == name),
        }));
        Self {
            style: style.to_owned(),
            variant: variant.to_owned(),
            groups,
            answers,
        }
    }

    /// Whether nothing was switched off.
    pub(super) fn is_default(&self) -> bool {
        self.variant == DEFAULT
    }

    pub(super) fn group(&self, name: &str) -> Option<&Figures> {
        let group = self.groups.iter().find(|group| group.name == name);
        group.map(|group| &group.figures)
    }
}
