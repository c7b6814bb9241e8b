//! Whether one implementation may replace another.

use std::fmt;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::text::counted;
use serde::Serialize;

use super::file::{Evidence, Row};
use super::keys::{self, Keys};
use crate::config::Root;
use crate::outcome::ImplementationKind;

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

/// Whether one implementation may replace another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Every answer was compared, and every difference is accepted.
    Yes,
    /// A surface is missing, or an answer differs.
    No,
    /// The evidence is not sufficient.
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
    fn because(decision: Decision, reasons: Vec<String>) -> Answer {
        Answer {
            decision,
            reasons,
            compared: Vec::new(),
            depends_on: Vec::new(),
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

    /// The surfaces and transports that must match.
    fn wanted(&self, root: &Root) -> Vec<(String, Transport)> {
        root.implementations[&self.replaced]
            .surfaces
            .iter()
            .filter(|(surface, _)| self.surfaces.is_empty() || self.surfaces.contains(surface))
            .flat_map(|(surface, transports)| transports.iter().map(|t| (surface.clone(), *t)))
            .collect()
    }
}

/// Decides. A missing surface needs no evidence; stale evidence supports neither yes nor no.
pub(super) fn judge(
    root: &Root,
    evidence: Result<Evidence, String>,
    keys: &Keys,
    question: &Question,
    today: jiff::civil::Date,
) -> Answer {
    let (replaced, by) = (&question.replaced, &question.by);
    let wanted = question.wanted(root);
    if wanted.is_empty() {
        return Answer::because(
            Decision::Unknown,
            vec![format!("`{replaced}` has no surfaces")],
        );
    }
    let missing: Vec<String> = wanted
        .iter()
        .filter(|(surface, transport)| !root.implementations[by].has(surface, *transport))
        .map(|(surface, transport)| format!("`{by}` lacks `{surface}` ({transport})"))
        .collect();
    if !missing.is_empty() {
        return Answer::because(Decision::No, missing);
    }
    if root.reference != *replaced && root.reference != *by {
        return Answer::because(
            Decision::Unknown,
            vec![format!(
                "`{replaced}` and `{by}` are not compared with each other, only with `{}`",
                root.reference
            )],
        );
    }
    let evidence = match evidence {
        Ok(evidence) => evidence,
        Err(why) => return Answer::because(Decision::Unknown, vec![why]),
    };
    let mut stale = staleness(root, &evidence, keys, question);
    stale.extend(evidence.failures.iter().cloned());
    if !stale.is_empty() {
        return Answer::because(Decision::Unknown, stale);
    }
    rows(root, &evidence, question, &wanted, today)
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

fn rows(
    root: &Root,
    evidence: &Evidence,
    question: &Question,
    wanted: &[(String, Transport)],
    today: jiff::civil::Date,
) -> Answer {
    let other = if root.reference == question.by {
        &question.replaced
    } else {
        &question.by
    };
    let mut differing = Vec::new();
    let mut undecided = Vec::new();
    let mut compared = Vec::new();
    for (surface, transport) in wanted {
        let at = format!("`{surface}` ({transport})");
        let is_wanted = |row: &&Row| {
            row.surface == *surface && row.transport == *transport && row.implementation == *other
        };
        let Some(row) = evidence.results.iter().find(is_wanted) else {
            undecided.push(format!("{at}: not compared"));
            continue;
        };
        if row.diverged > 0 {
            differing.push(match row.diverged {
                1 => format!("{at}: 1 case differs"),
                cases => format!("{at}: {} differ", counted(cases, "case")),
            });
        } else if row.invalid > 0 || row.skipped > 0 {
            undecided.push(format!(
                "{at}: {} not compared, {} skipped",
                counted(row.invalid, "case"),
                row.skipped
            ));
        } else if row.matched + row.known == 0 {
            undecided.push(format!("{at}: no cases"));
        } else {
            compared.push(format!(
                "{at}: {} equal, {} with accepted differences",
                counted(row.matched, "case"),
                row.known
            ));
        }
    }
    let mut depends_on = Vec::new();
    for pin in &evidence.accepted {
        let is_wanted = wanted.iter().any(|(surface, _)| *surface == pin.surface);
        if !is_wanted || !pin.pair.contains(other) {
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
        if pin
            .expires
            .parse::<jiff::civil::Date>()
            .is_ok_and(|day| day >= today)
        {
            depends_on.push(line);
        } else {
            undecided.push(format!("expired: {line}"));
        }
    }
    let decision = match (differing.is_empty(), undecided.is_empty()) {
        (false, _) => Decision::No,
        (true, false) => Decision::Unknown,
        (true, true) => Decision::Yes,
    };
    differing.extend(undecided);
    Answer {
        decision,
        reasons: differing,
        compared,
        depends_on: if decision == Decision::Yes {
            depends_on
        } else {
            Vec::new()
        },
    }
}
