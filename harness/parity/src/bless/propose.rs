//! The entries that would make a run pass.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use toml_edit::{DocumentMut, value};

use crate::config::{Baseline, baseline, pin};
use crate::coverage::{Changes, changes, first_of};
use crate::difference::{Difference, generalised};
use crate::outcome::{CaseOutcome, CaseVerdict, LedgerFailure, Run, SurfaceCoverage};

/// Differences shown for a pin.
const MAX_SHOWN: usize = 5;

/// One proposed entry.
#[derive(Debug)]
pub(super) struct Proposal {
    /// The difference and the edit.
    pub(super) shown: String,
    pub(super) question: &'static str,
    pub(super) needs_reason: bool,
    pub(super) edit: Edit,
}

/// A change of a file.
#[derive(Debug)]
pub(super) enum Edit {
    Pin(PinEdit),
    /// Replaces the paths of a surface with those of the run.
    Coverage {
        surface: String,
        loses: bool,
    },
}

/// A change of the accepted differences.
#[derive(Debug)]
pub(super) enum PinEdit {
    /// A new pin, as TOML.
    Add {
        pin: String,
    },
    /// New values of some fields, as TOML.
    Change {
        index: usize,
        fields: String,
    },
    Delete {
        index: usize,
    },
}

#[derive(Debug)]
pub(super) struct Proposals {
    pub(super) all: Vec<Proposal>,
    /// Failures that have to be fixed instead.
    pub(super) not_acceptable: Vec<String>,
}

pub(super) fn all(run: &Run, baseline: Option<&Baseline>) -> Proposals {
    let mut all = pins(run);
    let mut not_acceptable = Vec::new();
    let text = std::fs::read_to_string(run.root.join(pin::FILE)).unwrap_or_default();
    for failure in &run.ledger_failures {
        match failure.file.as_str() {
            pin::FILE => match change(&text, failure) {
                Some(proposal) => all.push(proposal),
                None => not_acceptable.push(failure.message.clone()),
            },
            baseline::FILE => {}
            _ => not_acceptable.push(failure.message.clone()),
        }
    }
    let judged = run.coverage.iter().filter(|now| now.judged);
    all.extend(judged.filter_map(|now| coverage(now, baseline)));
    Proposals {
        all,
        not_acceptable,
    }
}

fn coverage(now: &SurfaceCoverage, baseline: Option<&Baseline>) -> Option<Proposal> {
    let Changes { lost, gained } = changes(baseline, now);
    if lost.is_empty() && gained.is_empty() {
        return None;
    }
    let mut shown = format!("coverage of `{}` in `{}`\n", now.surface, baseline::FILE);
    for (title, list) in [("lost", &lost), ("gained", &gained)] {
        if !list.is_empty() {
            let _ = writeln!(shown, "  {title}: {}", first_of(list));
        }
    }
    Some(Proposal {
        shown,
        question: "Update it?",
        needs_reason: !lost.is_empty(),
        edit: Edit::Coverage {
            surface: now.surface.clone(),
            loses: !lost.is_empty(),
        },
    })
}

/// The same difference in several cases, which is one pin.
#[derive(Default)]
struct Group {
    cases: Vec<String>,
    count: i64,
    shown: Vec<String>,
}

fn pins(run: &Run) -> Vec<Proposal> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    let cases = run.cases.iter();
    for case in cases.filter(|case| case.verdict == CaseVerdict::Diverged) {
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
    let mut shown = group.shown[..group.shown.len().min(MAX_SHOWN)].join("\n");
    if group.shown.len() > MAX_SHOWN {
        let _ = write!(shown, "\n… and {} more", group.shown.len() - MAX_SHOWN);
    }
    Some(Proposal {
        shown: format!("{shown}\n\n{pin}"),
        question: "Accept it?",
        needs_reason: true,
        edit: Edit::Pin(PinEdit::Add { pin }),
    })
}

/// A suggested pin without its case and count, and the count.
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

/// The differences of a case that a suggested pin accepts.
fn differences(case: &CaseOutcome, pin: &str) -> Vec<String> {
    let is_accepted = |difference: &Difference| {
        let path = toml::Value::String(generalised(&difference.path));
        pin.contains(&format!("kind = \"{}\"", difference.kind))
            && pin.contains(&format!("path = {path}\n"))
    };
    case.differences
        .iter()
        .filter(|judged| judged.pin.is_none() && is_accepted(&judged.difference))
        .map(|judged| {
            let difference = &judged.difference;
            format!(
                "{}/{} ({}): `{}` {}\n  {}: {}\n  {}: {}",
                case.surface,
                case.case,
                case.transport,
                difference.path,
                difference.kind.label(),
                case.reference,
                crate::json::cut(&difference.left.text, 200),
                case.implementation,
                crate::json::cut(&difference.right.text, 200),
            )
        })
        .collect()
}

/// The edit that fixes a pin; `None` when it needs a new decision.
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
            question: "Delete it?",
            needs_reason: false,
            edit: Edit::Pin(PinEdit::Delete { index }),
        });
    }
    let is_fields = failure.edit.parse::<DocumentMut>().is_ok();
    is_fields.then(|| Proposal {
        shown,
        question: "Change it?",
        needs_reason: true,
        edit: Edit::Pin(PinEdit::Change {
            index,
            fields: failure.edit.clone(),
        }),
    })
}
