//! What could be written down.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use toml_edit::{DocumentMut, value};

use crate::coverage::{self, Ratchet};
use crate::ledger::divergence;
use crate::outcome::{CaseOutcome, CaseVerdict, LedgerFailure, Run};

/// How many differences of a pin are shown.
const SHOWN: usize = 5;

/// One entry.
#[derive(Debug)]
pub(super) struct Proposal {
    /// The difference and the edit.
    pub(super) shown: String,
    pub(super) question: &'static str,
    /// Whether it says something that needs one.
    pub(super) needs_reason: bool,
    pub(super) edit: Edit,
}

/// What is done to a file.
#[derive(Debug)]
pub(super) enum Edit {
    /// A new pin, as TOML.
    Add { pin: String },
    /// New values of some fields of a pin, as TOML.
    Change { index: usize, fields: String },
    /// A pin that is not true any more.
    Delete { index: usize },
    /// A surface's coverage as it is now.
    Coverage { surface: String, loses: bool },
}

/// Everything a run would have.
#[derive(Debug)]
pub(super) struct Proposals {
    pub(super) all: Vec<Proposal>,
    /// Failures that are no matter of writing something down.
    pub(super) unmendable: Vec<String>,
}

pub(super) fn all(run: &Run, ratchet: &Ratchet) -> Proposals {
    let mut all = pins(run);
    let mut unmendable = Vec::new();
    let text = std::fs::read_to_string(run.root.join(divergence::FILE)).unwrap_or_default();
    for failure in &run.ledger_failures {
        match failure.file.as_str() {
            divergence::FILE => match change(&text, failure) {
                Some(proposal) => all.push(proposal),
                None => unmendable.push(failure.message.clone()),
            },
            coverage::FILE => {}
            _ => unmendable.push(failure.message.clone()),
        }
    }
    for now in run.coverage.iter().filter(|now| now.judged) {
        let (lost, gained) = ratchet.changes(now);
        if lost.is_empty() && gained.is_empty() {
            continue;
        }
        let mut shown = format!("coverage of `{}` in `{}`\n", now.surface, coverage::FILE);
        for (title, list) in [("lost", &lost), ("gained", &gained)] {
            if !list.is_empty() {
                let _ = writeln!(shown, "  {title}: {}", coverage::named(list));
            }
        }
        all.push(Proposal {
            shown,
            question: "write it down? [y/N] ",
            needs_reason: !lost.is_empty(),
            edit: Edit::Coverage {
                surface: now.surface.clone(),
                loses: !lost.is_empty(),
            },
        });
    }
    Proposals { all, unmendable }
}

/// The same difference in several cases is one pin.
#[derive(Default)]
struct Group {
    cases: Vec<String>,
    count: i64,
    shown: Vec<String>,
}

fn pins(run: &Run) -> Vec<Proposal> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for case in run
        .cases
        .iter()
        .filter(|case| case.verdict == CaseVerdict::Diverged)
    {
        for pin in &case.suggested_pins {
            let Some((same, count)) = without_case(pin) else {
                continue;
            };
            let group = groups.entry(same).or_default();
            group.cases.push(case.case.clone());
            group.count += count;
            group.shown.extend(differences(case, pin));
        }
    }
    groups.into_iter().filter_map(proposal).collect()
}

fn proposal((same, group): (String, Group)) -> Option<Proposal> {
    let mut document: DocumentMut = same.parse().ok()?;
    let pin = document["divergence"]
        .as_array_of_tables_mut()?
        .get_mut(0)?;
    let cases: toml_edit::Array = group.cases.iter().map(String::as_str).collect();
    pin.insert("cases", value(cases));
    pin.insert("count", value(group.count));
    let pin = document.to_string();
    let mut shown = group.shown[..group.shown.len().min(SHOWN)].join("\n");
    if group.shown.len() > SHOWN {
        let _ = write!(shown, "\n… and {} more", group.shown.len() - SHOWN);
    }
    Some(Proposal {
        shown: format!("{shown}\n\n{pin}"),
        question: "declare it? [y/N] ",
        needs_reason: true,
        edit: Edit::Add { pin },
    })
}

/// A suggested pin with its case and count blank, and its count.
fn without_case(pin: &str) -> Option<(String, i64)> {
    let mut document: DocumentMut = pin.parse().ok()?;
    let table = document["divergence"]
        .as_array_of_tables_mut()?
        .get_mut(0)?;
    let count = table.get("count")?.as_integer()?;
    table.insert("cases", value(toml_edit::Array::new()));
    table.insert("count", value(0));
    Some((document.to_string(), count))
}

/// The differences of a case that a suggested pin is about.
fn differences(case: &CaseOutcome, pin: &str) -> Vec<String> {
    let is_about = |difference: &crate::outcome::Difference| {
        pin.contains(&format!("kind = \"{}\"", difference.kind)) && {
            let path = toml::Value::String(divergence::generalised(&difference.path));
            pin.contains(&format!("path = {path}\n"))
        }
    };
    case.differences
        .iter()
        .filter(|judged| judged.pin.is_none() && is_about(&judged.difference))
        .map(|judged| {
            let difference = &judged.difference;
            format!(
                "{}/{} over {}: `{}` {}\n  {}: {}\n  {}: {}",
                case.surface,
                case.case,
                case.transport,
                difference.path,
                difference.kind,
                case.reference,
                crate::json::cut(&difference.left.text, 200),
                case.implementation,
                crate::json::cut(&difference.right.text, 200),
            )
        })
        .collect()
}

/// What would mend a pin; none when it has to be decided again.
fn change(text: &str, failure: &LedgerFailure) -> Option<Proposal> {
    let heads = text
        .lines()
        .take(failure.line)
        .filter(|line| line.trim() == "[[divergence]]")
        .count();
    let index = heads.checked_sub(1)?;
    let shown = format!("{}\n  {}", failure.message, failure.edit);
    if failure.edit.starts_with("delete ") {
        return Some(Proposal {
            shown,
            question: "delete it? [y/N] ",
            needs_reason: false,
            edit: Edit::Delete { index },
        });
    }
    let is_fields = failure.edit.parse::<DocumentMut>().is_ok();
    is_fields.then(|| Proposal {
        shown,
        question: "change it? [y/N] ",
        needs_reason: true,
        edit: Edit::Change {
            index,
            fields: failure.edit.clone(),
        },
    })
}
