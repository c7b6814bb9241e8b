//! Whether one implementation may replace another.

use std::fmt;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;

use super::file::{Evidence, Row};
use super::keys::{self, Keys};
use crate::config::Root;
use crate::outcome::ImplementationKind;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The one that would go.
    pub replaced: String,
    /// The one that would come.
    pub by: String,
    /// On these surfaces; empty means all that the first one has.
    pub surfaces: Vec<String>,
}

/// What can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// Everything it does was compared and is equal or declared.
    Yes,
    /// Something it does is not done, or not the same.
    No,
    /// The evidence does not tell.
    Unknown,
}

impl fmt::Display for May {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            May::Yes => "yes",
            May::No => "no",
            May::Unknown => "unknown",
        })
    }
}

/// The answer, and what it rests on.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The answer.
    pub may: May,
    /// Why not, or why it is not known.
    pub reasons: Vec<String>,
    /// What was compared.
    pub compared: Vec<String>,
    /// Declared divergences that a yes depends on.
    pub depends_on: Vec<String>,
}

impl Answer {
    fn because(may: May, reasons: Vec<String>) -> Answer {
        Answer {
            may,
            reasons,
            compared: Vec::new(),
            depends_on: Vec::new(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.may)?;
        for (title, list) in [
            ("", &self.reasons),
            ("compared", &self.compared),
            ("depends on these declared divergences", &self.depends_on),
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
    /// Checks every name.
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
                "name another one with `--by`",
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

    /// What has to be the same.
    fn wanted(&self, root: &Root) -> Vec<(String, Transport)> {
        root.implementations[&self.replaced]
            .surfaces
            .iter()
            .filter(|(surface, _)| self.surfaces.is_empty() || self.surfaces.contains(surface))
            .flat_map(|(surface, transports)| {
                transports.iter().map(|over| (surface.clone(), *over))
            })
            .collect()
    }
}

/// Answers. What is not done at all needs no evidence; stale evidence says nothing, not even no.
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
            May::Unknown,
            vec![format!("`{replaced}` has no surface to be replaced on")],
        );
    }
    let lacks: Vec<String> = wanted
        .iter()
        .filter(|(surface, over)| !root.implementations[by].has(surface, *over))
        .map(|(surface, over)| format!("`{by}` has no `{surface}` over `{over}`"))
        .collect();
    if !lacks.is_empty() {
        return Answer::because(May::No, lacks);
    }
    if root.reference != *replaced && root.reference != *by {
        return Answer::because(
            May::Unknown,
            vec![format!(
                "`{replaced}` and `{by}` are not compared with each other, only with `{}`",
                root.reference
            )],
        );
    }
    let evidence = match evidence {
        Ok(evidence) => evidence,
        Err(why) => return Answer::because(May::Unknown, vec![why]),
    };
    let mut stale = staleness(root, &evidence, keys, question);
    stale.extend(evidence.troubles.iter().cloned());
    if !stale.is_empty() {
        return Answer::because(May::Unknown, stale);
    }
    rows(root, &evidence, question, &wanted, today)
}

/// Why the evidence is not about what is here now.
fn staleness(root: &Root, evidence: &Evidence, now: &Keys, question: &Question) -> Vec<String> {
    let then = &evidence.keys;
    let day = evidence.started_at.strftime("%Y-%m-%d");
    let mut stale = Vec::new();
    for (what, then, now) in [
        ("the harness", &then.harness, &now.harness),
        ("the cases and probes", &then.corpus, &now.corpus),
        ("the declared divergences", &then.ledgers, &now.ledgers),
        ("the reference", &evidence.reference, &root.reference),
    ] {
        if then != now {
            stale.push(format!(
                "{what} changed since the run of {day}: run everything again"
            ));
        }
    }
    for name in [&question.replaced, &question.by] {
        let took_part = evidence.implementations.iter().find(|i| i.name == *name);
        let Some(took_part) = took_part else {
            stale.push(format!("`{name}` took no part in the run of {day}"));
            continue;
        };
        if took_part.kind != ImplementationKind::Live {
            stale.push(format!(
                "`{name}` took part in the run of {day} as `{}`, which says nothing of what it is now",
                took_part.kind
            ));
            continue;
        }
        let (before, after) = (
            then.implementations.get(name),
            now.implementations.get(name),
        );
        let (Some(before), Some(after)) = (before, after) else {
            stale.push(format!("`{name}` was not known in the run of {day}"));
            continue;
        };
        if before != after {
            stale.push(format!(
                "`{name}` changed since the run of {day}: run everything again"
            ));
        }
        let is_clean = |commit: &String| !commit.ends_with("-dirty");
        if after.sources.is_none() && !after.commit.as_ref().is_some_and(is_clean) {
            stale.push(format!(
                "what `{name}` is made of is not known: name its `sources` in `fixtures/implementations/{name}.toml`, or commit everything"
            ));
        }
        match keys::version(root, &root.implementations[name]) {
            None => stale.push(format!("`{name}` cannot be asked for its version")),
            Some(version) if version != took_part.version => stale.push(format!(
                "`{name}` is now `{version}`, in the run of {day} it was `{}`",
                took_part.version
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
    let mut against = Vec::new();
    let mut open = Vec::new();
    let mut compared = Vec::new();
    for (surface, over) in wanted {
        let at = format!("`{surface}` over `{over}`");
        let is_it = |row: &&Row| {
            row.surface == *surface && row.transport == *over && row.implementation == *other
        };
        let Some(row) = evidence.results.iter().find(is_it) else {
            open.push(format!("{at} was not compared"));
            continue;
        };
        if row.diverged > 0 {
            against.push(format!("{at}: {} cases differ", row.diverged));
        } else if row.invalid > 0 || row.skipped > 0 {
            open.push(format!(
                "{at}: {} cases are invalid, {} were skipped",
                row.invalid, row.skipped
            ));
        } else if row.matched + row.known == 0 {
            open.push(format!("{at}: nothing was compared"));
        } else {
            compared.push(format!(
                "{at}: {} equal, {} as declared",
                row.matched, row.known
            ));
        }
    }
    let mut depends_on = Vec::new();
    for pin in &evidence.declared {
        let is_asked = wanted.iter().any(|(surface, _)| *surface == pin.surface);
        if !is_asked || !pin.pair.contains(other) {
            continue;
        }
        let line = format!(
            "`{}`: {}, {} times: {} ({}; until {})",
            pin.surface, pin.what, pin.count, pin.reason, pin.decision, pin.expires
        );
        if pin
            .expires
            .parse::<jiff::civil::Date>()
            .is_ok_and(|day| day >= today)
        {
            depends_on.push(line);
        } else {
            open.push(format!("expired: {line}"));
        }
    }
    let may = match (against.is_empty(), open.is_empty()) {
        (false, _) => May::No,
        (true, false) => May::Unknown,
        (true, true) => May::Yes,
    };
    against.extend(open);
    Answer {
        may,
        reasons: against,
        compared,
        depends_on: if may == May::Yes {
            depends_on
        } else {
            Vec::new()
        },
    }
}
