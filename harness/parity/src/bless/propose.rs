//! Changes of entries that no longer hold, and of the coverage.

use std::fmt::Write as _;

use lakehouse_rig::text::visible;
use toml_edit::DocumentMut;

use super::pins::PinEdit;
use crate::config::{Baseline, Pin, baseline, pin};
use crate::coverage::{Changes, changes, first_of};
use crate::outcome::{LedgerFailure, Run, SurfaceCoverage};
use crate::report::log;

/// A proposed change.
#[derive(Debug)]
pub(super) struct Proposal {
    /// What is wrong, and the edit.
    pub(super) shown: String,
    pub(super) question: &'static str,
    pub(super) edit: Edit,
}

#[derive(Debug)]
pub(super) enum Edit {
    /// Changes the fields of an entry; the present reason is offered again.
    Change {
        index: usize,
        fields: String,
        reason: String,
    },
    Delete {
        index: usize,
    },
    /// Replaces the paths of a surface with those of the run. A loss needs a reason.
    Coverage {
        surface: String,
        loses: bool,
    },
}

impl Edit {
    /// The edit of `fixtures/divergences.toml`, if it is one.
    pub(super) fn of_pins(&self, reason: String) -> Option<PinEdit> {
        match self {
            Edit::Change { index, fields, .. } => Some(PinEdit::Change {
                index: *index,
                fields: fields.clone(),
                reason,
            }),
            Edit::Delete { index } => Some(PinEdit::Delete { index: *index }),
            Edit::Coverage { .. } => None,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Proposals {
    /// Changes of entries.
    pub(super) changes: Vec<Proposal>,
    /// Deletions, the last entry first, so that none shifts the index of another, and changes of
    /// the coverage.
    pub(super) others: Vec<Proposal>,
    /// Failures that have to be fixed instead.
    pub(super) not_acceptable: Vec<String>,
}

pub(super) fn all(run: &Run, pins: &[Pin], baseline: Option<&Baseline>) -> Proposals {
    let mut all = Proposals::default();
    for failure in &run.ledger_failures {
        match failure.file.as_str() {
            pin::FILE => match change(pins, failure) {
                Some(proposal) if matches!(proposal.edit, Edit::Delete { .. }) => {
                    all.others.push(proposal);
                }
                Some(proposal) => all.changes.push(proposal),
                None => all.not_acceptable.push(failure.message.clone()),
            },
            // The coverage has proposals of its own, and the document is written after the review.
            baseline::FILE | log::DRIFT => {}
            _ => all.not_acceptable.push(failure.message.clone()),
        }
    }
    all.others.sort_by_key(|proposal| match proposal.edit {
        Edit::Delete { index } => std::cmp::Reverse(index),
        _ => std::cmp::Reverse(0),
    });
    let judged = run.coverage.iter().filter(|now| now.judged);
    all.others
        .extend(judged.filter_map(|now| coverage(now, baseline)));
    all
}

/// The edit that fixes an entry; `None` when it needs a new decision.
fn change(pins: &[Pin], failure: &LedgerFailure) -> Option<Proposal> {
    let index = pins.iter().position(|pin| pin.lines.0 == failure.line)?;
    let shown = format!(
        "{}:{}: {}\n  {}",
        failure.file,
        failure.line,
        visible(&failure.message),
        visible(&failure.edit).replace('\n', "\n  ")
    );
    if failure.edit.starts_with("delete ") {
        return Some(Proposal {
            shown,
            question: "delete it?",
            edit: Edit::Delete { index },
        });
    }
    let is_fields = failure.edit.parse::<DocumentMut>().is_ok();
    is_fields.then(|| Proposal {
        shown,
        question: "change it?",
        edit: Edit::Change {
            index,
            fields: failure.edit.clone(),
            reason: pins[index].reason.clone(),
        },
    })
}

fn coverage(now: &SurfaceCoverage, baseline: Option<&Baseline>) -> Option<Proposal> {
    let Changes { lost, gained } = changes(baseline, now);
    if lost.is_empty() && gained.is_empty() {
        return None;
    }
    let mut shown = format!("coverage of `{}` in `{}`\n", now.surface, baseline::FILE);
    for (title, list) in [("lost", &lost), ("gained", &gained)] {
        if !list.is_empty() {
            // Writing to a string cannot fail.
            let _ = writeln!(shown, "  {title}: {}", first_of(list));
        }
    }
    Some(Proposal {
        shown,
        question: "update it?",
        edit: Edit::Coverage {
            surface: now.surface.clone(),
            loses: !lost.is_empty(),
        },
    })
}
