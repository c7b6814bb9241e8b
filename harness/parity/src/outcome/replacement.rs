//! Whether an implementation may replace another, by counts and reasons.
//!
//! [`Grounds::decide`] is the only place that decides. `parity verdict` fills the [`Grounds`] from
//! the evidence of an earlier run, and every run fills them from its own results.

#[cfg(test)]
mod tests;

use std::fmt;

use lakehouse_rig::implementation::Transport;
use lakehouse_rig::text::counted;
use serde::Serialize;

use super::{CaseVerdict, Run, SurfaceResult};
use crate::config::Root;

/// Reasons that the summary of a decision lists.
const MAX_REASONS: usize = 3;

/// Whether one implementation may replace another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Every answer was compared, and every difference is accepted.
    Yes,
    /// A surface is missing, or an answer differs.
    No,
    /// Not everything was compared, or not in its present state.
    Unknown,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Decision::Yes => "yes",
            Decision::No => "no",
            Decision::Unknown => "unknown",
        })
    }
}

/// Whether an implementation may replace the reference, as far as this run shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replacement {
    /// The implementation that would take over.
    pub implementation: String,
    /// The decision.
    pub decision: Decision,
    /// Number of accepted differences.
    pub accepted: usize,
    /// Number of cases with an unexpected difference.
    pub differing: usize,
    /// Number of cases that were skipped or could not be compared.
    pub not_compared: usize,
    /// The reference's surfaces that it lacks; `validate (line)` if it lacks only that transport.
    pub lacks: Vec<String>,
    /// Why the decision is not yes, apart from the counts and from what it lacks.
    pub reasons: Vec<String>,
}

impl Replacement {
    /// The facts behind the decision: `12 accepted differences`, `71 cases differ, lacks 6
    /// surfaces`.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut counts = Vec::new();
        match self.differing {
            0 => {}
            1 => counts.push("1 case differs".to_owned()),
            cases => counts.push(format!("{} differ", counted(cases, "case"))),
        }
        if self.not_compared > 0 {
            counts.push(format!(
                "{} not compared",
                counted(self.not_compared, "case")
            ));
        }
        match self.decision {
            Decision::Yes if self.accepted == 0 => "every answer matched".to_owned(),
            Decision::Yes => counted(self.accepted, "accepted difference"),
            Decision::No => {
                if !self.lacks.is_empty() {
                    let lacks = format!("lacks {}", counted(self.lacks.len(), "surface"));
                    counts.insert(usize::from(self.differing > 0), lacks);
                }
                counts.join(", ")
            }
            Decision::Unknown => {
                let mut parts = self.reasons.clone();
                parts.extend(counts);
                let more = parts.len().saturating_sub(MAX_REASONS);
                parts.truncate(MAX_REASONS);
                if more > 0 {
                    parts.push(format!("and {}", counted(more, "more reason")));
                }
                parts.join("; ")
            }
        }
    }

    /// Adds a reason against a yes that became known after the decision.
    pub(crate) fn doubt(&mut self, reason: String) {
        if self.decision == Decision::Yes {
            self.decision = Decision::Unknown;
        }
        self.reasons.push(reason);
    }
}

/// The grounds of a decision, one sentence each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grounds {
    /// Surfaces that are missing, which needs no run to know.
    pub(crate) lacking: Vec<String>,
    /// Why the results do not describe everything in its present state.
    pub(crate) stale: Vec<String>,
    /// Surfaces with unexpected differences.
    pub(crate) differing: Vec<String>,
    /// Failures that belong to no case, such as those of a ledger.
    pub(crate) doubts: Vec<String>,
    /// Surfaces that were not fully compared.
    pub(crate) undecided: Vec<String>,
    /// Surfaces whose differences are all accepted.
    pub(crate) compared: Vec<String>,
}

/// The counts of one surface over one transport.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) matched: usize,
    pub(crate) known: usize,
    pub(crate) diverged: usize,
    pub(crate) invalid: usize,
    pub(crate) skipped: usize,
}

impl From<&SurfaceResult> for Counts {
    fn from(row: &SurfaceResult) -> Counts {
        Counts {
            matched: row.matched,
            known: row.known,
            diverged: row.diverged,
            invalid: row.invalid,
            skipped: row.skipped,
        }
    }
}

impl Grounds {
    /// Adds the counts of a surface that must match; `None` if it was not compared.
    pub(crate) fn add(&mut self, surface: &str, transport: Transport, counts: Option<Counts>) {
        let at = format!("`{surface}` ({transport})");
        let Some(counts) = counts else {
            self.undecided.push(format!("{at}: not compared"));
            return;
        };
        if counts.diverged > 0 {
            self.differing.push(match counts.diverged {
                1 => format!("{at}: 1 case differs"),
                cases => format!("{at}: {} differ", counted(cases, "case")),
            });
        } else if counts.invalid > 0 || counts.skipped > 0 {
            self.undecided.push(format!(
                "{at}: {} not compared, {} skipped",
                counted(counts.invalid, "case"),
                counts.skipped
            ));
        } else if counts.matched + counts.known == 0 {
            self.undecided.push(format!("{at}: no cases"));
        } else {
            self.compared.push(format!(
                "{at}: {} equal, {} with accepted differences",
                counted(counts.matched, "case"),
                counts.known
            ));
        }
    }

    /// The decision. Stale results support neither yes nor no, but a missing surface needs none.
    pub(crate) fn decide(&self) -> Decision {
        if !self.lacking.is_empty() {
            Decision::No
        } else if !self.stale.is_empty() {
            Decision::Unknown
        } else if !self.differing.is_empty() {
            Decision::No
        } else if self.doubts.is_empty() && self.undecided.is_empty() && !self.compared.is_empty() {
            Decision::Yes
        } else {
            Decision::Unknown
        }
    }
}

/// The surfaces and transports of `replaced` that another implementation must have; of these
/// `surfaces` only, unless the list is empty.
pub(crate) fn wanted(root: &Root, replaced: &str, surfaces: &[String]) -> Vec<(String, Transport)> {
    root.implementations
        .get(replaced)
        .into_iter()
        .flat_map(|implementation| &implementation.surfaces)
        .filter(|(surface, _)| surfaces.is_empty() || surfaces.contains(surface))
        .flat_map(|(surface, transports)| transports.iter().map(|t| (surface.clone(), *t)))
        .collect()
}

/// Those of the surfaces that an implementation does not have over the transport.
pub(crate) fn lacking<'a>(
    root: &Root,
    wanted: &'a [(String, Transport)],
    by: &str,
) -> Vec<&'a (String, Transport)> {
    let has = |surface: &str, transport: Transport| {
        let implementation = root.implementations.get(by);
        implementation.is_some_and(|implementation| implementation.has(surface, transport))
    };
    let wanted = wanted.iter();
    wanted
        .filter(|(surface, transport)| !has(surface, *transport))
        .collect()
}

/// A failure that belongs to no case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failing {
    /// The only implementation that it concerns; `None` for all.
    pub(crate) implementation: Option<String>,
    /// One sentence.
    pub(crate) message: String,
}

impl Run {
    /// The failures of the ledgers, of `--mutate` and of the infrastructure.
    pub(crate) fn failings(&self) -> Vec<Failing> {
        let ledgers = self.ledger_failures.iter().map(|failure| Failing {
            implementation: failure.implementation.clone(),
            message: format!("{}:{}: {}", failure.file, failure.line, failure.message),
        });
        let survivors = self.mutation.iter().filter(|m| !m.survivors.is_empty());
        let mutation = survivors.map(|mutation| Failing {
            implementation: None,
            message: format!(
                "the comparison missed {}",
                counted(mutation.survivors.len(), "damaged answer")
            ),
        });
        let infrastructure = self.infrastructure.iter().map(|message| Failing {
            implementation: self.only_implementation_in(message),
            message: message.clone(),
        });
        ledgers.chain(mutation).chain(infrastructure).collect()
    }

    /// Adds a reason against a yes to every decision that does not have it yet.
    pub fn doubt_replacements(&mut self, reason: &str) {
        for replacement in &mut self.replacements {
            if !replacement.reasons.iter().any(|known| known == reason) {
                replacement.doubt(reason.to_owned());
            }
        }
    }

    /// The implementation that a message names, if it names no other: messages of the
    /// infrastructure name an implementation in backticks.
    fn only_implementation_in(&self, message: &str) -> Option<String> {
        let mut named = self
            .implementations
            .iter()
            .map(|implementation| &implementation.name)
            .filter(|name| message.contains(&format!("`{name}`")));
        match (named.next(), named.next()) {
            (Some(only), None) if *only != self.reference => Some(only.clone()),
            _ => None,
        }
    }

    /// Number of accepted differences of an implementation.
    pub(crate) fn accepted(&self, implementation: &str) -> usize {
        self.cases
            .iter()
            .filter(|case| case.implementation == implementation)
            .filter(|case| matches!(case.verdict, CaseVerdict::Known | CaseVerdict::Diverged))
            .flat_map(|case| &case.differences)
            .filter(|judged| judged.pin.is_some())
            .count()
    }
}
