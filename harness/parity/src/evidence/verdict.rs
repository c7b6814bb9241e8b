//! Whether one implementation may replace another.

use std::fmt;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::text::counted;
use serde::Serialize;

use super::file::{Evidence, Row};
use super::keys::{self, Keys};
use crate::config::Root;
use crate::outcome::{Counts, Decision, Grounds, ImplementationKind, lacking, wanted};

/// The question.
#[derive(Debug, Clone)]
pub struct Question {
    /// The implementation to retire.
    pub replaced: String,
    /// The implementation that takes over.
    pub by: String,
    /// The surfaces; empty means all surfaces of `replaced`.
    pub surfaces: Vec<String>,
}

/// The decision and its grounds.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The decision.
    pub decision: Decision,
    /// Why the decision is not yes.
    pub reasons: Vec<String>,
    /// The surfaces that were compared, with counts.
    pub compared: Vec<String>,
    /// Accepted differences that a yes depends on.
    pub depends_on: Vec<String>,
}

impl Answer {
    fn new(grounds: Grounds, depends_on: Vec<String>) -> Answer {
        let decision = grounds.decide();
        let is_stale = !grounds.stale.is_empty();
        let reasons = if decision == Decision::No && !grounds.lacking.is_empty() {
            grounds.lacking
        } else if is_stale {
            grounds.stale
        } else {
            [grounds.differing, grounds.doubts, grounds.undecided].concat()
        };
        Answer {
            decision,
            reasons,
            compared: if is_stale {
                Vec::new()
            } else {
                grounds.compared
            },
            depends_on: match decision {
                Decision::Yes => depends_on,
                Decision::No | Decision::Unknown => Vec::new(),
            },
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.decision)?;
        for (title, list) in [
            ("", &self.reasons),
            ("compared", &self.compared),
            ("depends on these accepted differences", &self.depends_on),
        ] {
            if !list.is_empty() && !title.is_empty() {
                writeln!(f, "{title}")?;
            }
            for line in list {
                writeln!(f, "  {line}")?;
            }
        }
        Ok(())
    }
}

impl Question {
    /// Checks the names.
    pub(super) fn check(&self, root: &Root) -> Result<(), Error> {
        let known: Vec<&str> = root.implementations.keys().map(String::as_str).collect();
        for name in [&self.replaced, &self.by] {
            if !root.implementations.contains_key(name) {
                return Err(Error::unknown("implementation", name, &known));
            }
        }
        if self.replaced == self.by {
            return Err(Error::usage(
                format!("`{}` cannot replace itself", self.by),
                "pass another implementation with `--by`",
            ));
        }
        let has: Vec<&str> = root.implementations[&self.replaced]
            .surfaces
            .keys()
            .map(String::as_str)
            .collect();
        match self.surfaces.iter().find(|s| !has.contains(&s.as_str())) {
            Some(unknown) => Err(Error::unknown("surface", unknown, &has)),
            None => Ok(()),
        }
    }
}

/// Answers the question from the evidence.
pub(super) fn judge(
    root: &Root,
    evidence: Result<Evidence, String>,
    keys: &Keys,
    question: &Question,
    today: jiff::civil::Date,
) -> Answer {
    let (replaced, by) = (&question.replaced, &question.by);
    let wanted = wanted(root, replaced, &question.surfaces);
    let mut grounds = Grounds {
        lacking: lacking(root, &wanted, by)
            .into_iter()
            .map(|(surface, transport)| format!("`{by}` lacks `{surface}` ({transport})"))
            .collect(),
        ..Grounds::default()
    };
    if !grounds.lacking.is_empty() {
        return Answer::new(grounds, Vec::new());
    }
    if wanted.is_empty() {
        grounds.stale.push(format!("`{replaced}` has no surfaces"));
    } else if root.reference != *replaced && root.reference != *by {
        grounds.stale.push(format!(
            "`{replaced}` and `{by}` are not compared with each other, only with `{}`",
            root.reference
        ));
    }
    if !grounds.stale.is_empty() {
        return Answer::new(grounds, Vec::new());
    }
    let evidence = match evidence {
        Ok(evidence) => evidence,
        Err(why) => {
            grounds.stale.push(why);
            return Answer::new(grounds, Vec::new());
        }
    };
    grounds.stale = staleness(root, &evidence, keys, question);
    let other = if root.reference == *by { replaced } else { by };
    for failure in &evidence.failures {
        if failure
            .implementation
            .as_ref()
            .is_none_or(|only| only == other)
        {
            grounds.doubts.push(failure.message.clone());
        }
    }
    for (surface, transport) in &wanted {
        let is_wanted = |row: &&Row| {
            row.surface == *surface && row.transport == *transport && row.implementation == *other
        };
        let row = evidence.results.iter().find(is_wanted);
        grounds.add(surface, *transport, row.map(Counts::from));
    }
    let (depends_on, expired) = accepted(&evidence, other, &wanted, today);
    grounds.doubts.extend(expired);
    Answer::new(grounds, depends_on)
}

/// Why the evidence does not apply to the present state.
fn staleness(root: &Root, evidence: &Evidence, now: &Keys, question: &Question) -> Vec<String> {
    let then = &evidence.keys;
    let day = evidence.started_at.strftime("%Y-%m-%d");
    let mut stale = Vec::new();
    for (what, then, now) in [
        ("the harness", &then.harness, &now.harness),
        ("the cases and probes", &then.corpus, &now.corpus),
        ("the accepted differences", &then.ledgers, &now.ledgers),
        ("the reference", &evidence.reference, &root.reference),
    ] {
        if then != now {
            stale.push(format!(
                "{what} changed since the run of {day}; run everything again"
            ));
        }
    }
    for name in [&question.replaced, &question.by] {
        let participant = evidence.implementations.iter().find(|i| i.name == *name);
        let Some(participant) = participant else {
            stale.push(format!("`{name}` did not take part in the run of {day}"));
            continue;
        };
        if participant.kind != ImplementationKind::Live {
            stale.push(format!(
                "`{name}` took part in the run of {day} as `{}`, not live, so its present state is unknown",
                participant.kind
            ));
            continue;
        }
        let (before, after) = (
            then.implementations.get(name),
            now.implementations.get(name),
        );
        let (Some(before), Some(after)) = (before, after) else {
            stale.push(format!("`{name}` did not exist in the run of {day}"));
            continue;
        };
        if before != after {
            stale.push(format!(
                "`{name}` changed since the run of {day}; run everything again"
            ));
        }
        let is_clean = |commit: &String| !commit.ends_with("-dirty");
        if after.sources.is_none() && !after.commit.as_ref().is_some_and(is_clean) {
            stale.push(format!(
                "changes of `{name}` cannot be detected: list its `sources` in `fixtures/implementations/{name}.toml`, or commit everything"
            ));
        }
        match keys::version(root, &root.implementations[name]) {
            None => stale.push(format!("the version command of `{name}` fails")),
            Some(version) if version != participant.version => stale.push(format!(
                "`{name}` is now `{version}`; in the run of {day} it was `{}`",
                participant.version
            )),
            Some(_) => {}
        }
    }
    stale
}

/// The accepted differences that the decision depends on, and those that have expired.
fn accepted(
    evidence: &Evidence,
    other: &str,
    wanted: &[(String, Transport)],
    today: jiff::civil::Date,
) -> (Vec<String>, Vec<String>) {
    let (mut depends_on, mut expired) = (Vec::new(), Vec::new());
    for pin in &evidence.accepted {
        let is_wanted = wanted.iter().any(|(surface, _)| *surface == pin.surface);
        if !is_wanted || !pin.pair.iter().any(|name| name == other) {
            continue;
        }
        let line = format!(
            "`{}`: {}, {}: {} ({}; until {})",
            pin.surface,
            pin.what,
            counted(pin.count, "time"),
            pin.reason,
            pin.decision,
            pin.expires
        );
        let last_day = pin.expires.parse::<jiff::civil::Date>();
        if last_day.is_ok_and(|day| day >= today) {
            depends_on.push(line);
        } else {
            expired.push(format!("expired: {line}"));
        }
    }
    (depends_on, expired)
}
