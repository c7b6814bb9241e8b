//! Phone numbers.

use std::ops::Range;

use super::{Search, other};
use crate::address::number_of;
use crate::roster::Worker;

const MIN_DIGITS: usize = 10;
const MAX_DIGITS: usize = 18;
const MAX_GAP: usize = 8;
/// The maximum length of a gap with a `(0)` in it.
const MAX_GAP_WITH_ZERO: usize = 12;

pub(super) fn find<'r>(text: &[char], search: &Search<'_, 'r>) -> Option<&'r Worker> {
    let runs = runs(text);
    (0..runs.len()).find_map(|first| {
        let mut digits = String::new();
        for at in first..runs.len() {
            if at > first && !is_linked(text, &runs[at - 1], &runs[at]) {
                break;
            }
            digits.extend(&text[runs[at].digits.clone()]);
            if digits.len() > MAX_DIGITS {
                break;
            }
            if digits.len() >= MIN_DIGITS {
                let number = number_of(&digits);
                let owner = search.roster.owner_of_phone(number, search.recipient);
                if let Some(worker) = owner.and_then(other) {
                    return Some(worker);
                }
            }
        }
        None
    })
}

/// A longest run of digits.
struct Run {
    digits: Range<usize>,
    /// Whether a `(0)` stands between it and the run before.
    is_behind_zero: bool,
}

/// The runs of digits without each `(0)` that stands behind another run.
fn runs(text: &[char]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut is_behind_zero = false;
    let mut at = 0;
    while let Some(start) = (at..text.len()).find(|at| text[*at].is_ascii_digit()) {
        at = (start..text.len())
            .find(|at| !text[*at].is_ascii_digit())
            .unwrap_or(text.len());
        let is_zero = text[start..at] == ['0']
            && start > 0
            && text[start - 1] == '('
            && text.get(at) == Some(&')');
        if is_zero && !runs.is_empty() {
            is_behind_zero = true;
        } else {
            let digits = start..at;
            runs.push(Run {
                digits,
                is_behind_zero,
            });
            is_behind_zero = false;
        }
    }
    runs
}

fn is_linked(text: &[char], before: &Run, run: &Run) -> bool {
    let gap = &text[before.digits.end..run.digits.start];
    let max = if run.is_behind_zero {
        MAX_GAP_WITH_ZERO
    } else {
        MAX_GAP
    };
    gap.len() <= max && !gap.iter().any(char::is_ascii_lowercase)
}
