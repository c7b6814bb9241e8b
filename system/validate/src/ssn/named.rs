//! Nine digits near a cue.

use std::ops::Range;
use std::sync::LazyLock;

use lakehouse_text::is_letter;
use regex::bytes::Regex;

use super::Digits;
use super::cue::{Cue, Cues};

/// The maximum length of a gap within a number.
const MAX_GAP: usize = 8;
/// The number of characters before a number in which its label stands.
const LABEL_REACH: usize = 40;

pub(super) fn find(text: &Digits, cues: &Cues, taken: &[bool]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let is_free = |range: Range<usize>| range.into_iter().all(|at| !taken[at]);
    for (first, run) in text.runs.iter().enumerate() {
        if !is_free(run.clone()) {
            continue;
        }
        if let Some(runs) = nine_digits(text, first, is_free)
            && counts(text, runs, cues)
        {
            found.push(run.start..runs[runs.len() - 1].end);
        }
    }
    found
}

/// The runs from this one on that have nine digits in all; one run may also have the digits of
/// two or three numbers.
fn nine_digits(
    text: &Digits,
    first: usize,
    is_free: impl Fn(Range<usize>) -> bool,
) -> Option<&[Range<usize>]> {
    let runs = &text.runs[first..];
    if matches!(runs[0].len(), 18 | 27) {
        return Some(&runs[..1]);
    }
    let mut digits = 0;
    for (count, run) in (1..).zip(runs) {
        if count > 1 {
            let gap = runs[count - 2].end..run.start;
            let has_letter = text.bytes[gap.clone()].iter().any(u8::is_ascii_lowercase);
            if gap.len() > MAX_GAP || has_letter || !is_free(gap.start..run.end) {
                return None;
            }
        }
        digits += run.len();
        if digits >= 9 {
            return (digits == 9).then_some(&runs[..count]);
        }
    }
    None
}

fn counts(text: &Digits, runs: &[Range<usize>], cues: &Cues) -> bool {
    let range = runs[0].start..runs[runs.len() - 1].end;
    let Some(cue) = cues.near(&range) else {
        return false;
    };
    let gap = |at: usize| &text.chars[runs[at].end..runs[at + 1].start];
    let is_local_phone =
        runs.len() >= 3 && runs[0].len() == 3 && runs[1].len() == 4 && gap(0) != gap(1);
    let is_employer =
        cue == Cue::Tax && runs.len() == 2 && runs[0].len() == 2 && gap(0).iter().eq(['-'].iter());
    let is_foreign = text.byte_before(range.start) == Some(b'+');
    let is_labelled = runs.len() == 1 && has_label(text, range.start);
    !is_local_phone && !is_employer && !is_foreign && !is_labelled
}

/// Whether a word that names another kind of number stands directly before.
pub(super) fn has_label(text: &Digits, at: usize) -> bool {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        let label = "(?-u)(?:order|invoice|ticket|tracking|shipment|confirmation|po|job|badge|routing)\
             [^a-z0-9]{0,3}(?:(?:no|num|number|nr|id)[^a-z0-9]{0,3})?$";
        Regex::new(label).expect("the expression is a constant")
    });
    let start = at.saturating_sub(LABEL_REACH);
    let window = &text.bytes[start..at];
    let mut from = 0;
    while let Some(label) = LABEL.find_at(window, from) {
        let before = text.char_before(start + label.start());
        if !before.is_some_and(is_letter) {
            return true;
        }
        from = label.start() + 1;
    }
    false
}
