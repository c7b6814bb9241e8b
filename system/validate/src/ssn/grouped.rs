//! Numbers in groups of three, two and four digits.

use std::ops::Range;

use super::Digits;

/// The maximum length of a loose gap.
const MAX_LOOSE: usize = 6;

pub(super) fn find(text: &Digits) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for run in &text.runs {
        if run.len() == 3 && !is_behind_country_code(text, run.start) {
            found.extend(numbers_at(text, run.start).unwrap_or_default());
        }
    }
    found
}

/// The number that begins here and those that follow it directly; none when a digit follows the
/// last.
fn numbers_at(text: &Digits, mut at: usize) -> Option<Vec<Range<usize>>> {
    let mut numbers = Vec::new();
    loop {
        let end = end_of_number(text, at)?;
        numbers.push(at..end);
        if !text.is_digit(end) {
            return Some(numbers);
        }
        at = end;
    }
}

/// The end of the number that begins here, whatever follows.
fn end_of_number(text: &Digits, at: usize) -> Option<usize> {
    let first = gap(text, at + digits(text, at, 3)?)?;
    let second = gap(text, first.end + digits(text, first.end, 2)?)?;
    let end = second.end + digits(text, second.end, 4)?;
    fit(text, &first, &second).then_some(end)
}

/// The count, when `count` digits stand here.
fn digits(text: &Digits, at: usize, count: usize) -> Option<usize> {
    (at..at + count)
        .all(|at| text.is_digit(at))
        .then_some(count)
}

/// The characters from here to the next digit, at least one and at most [`MAX_LOOSE`].
fn gap(text: &Digits, at: usize) -> Option<Range<usize>> {
    let end = (at..=at + MAX_LOOSE).find(|at| text.is_digit(*at))?;
    (end > at).then_some(at..end)
}

fn fit(text: &Digits, first: &Range<usize>, second: &Range<usize>) -> bool {
    let (first, second) = (&text.chars[first.clone()], &text.chars[second.clone()]);
    let are_loose = is_loose(first) && is_loose(second);
    let is_same = first.len() == 1 && first == second && !first[0].is_ascii_lowercase();
    (are_loose && first.contains(&'/') == second.contains(&'/')) || is_same
}

fn is_loose(gap: &[char]) -> bool {
    let is_joint = |c: &char| {
        matches!(
            c,
            ' ' | '-'
                | '_'
                | '.'
                | '/'
                | '\\'
                | '|'
                | '*'
                | '~'
                | '('
                | ')'
                | '\u{B7}'
                | '\u{2022}'
                | '\u{2027}'
                | '\u{2219}'
                | '\u{22C5}'
                | '\u{30FB}'
        )
    };
    (1..=MAX_LOOSE).contains(&gap.len()) && gap.iter().all(|c| is_joint(c) || c.is_control())
}

/// Whether a `+` stands directly before, or the country code of a phone number.
fn is_behind_country_code(text: &Digits, at: usize) -> bool {
    if text.byte_before(at) == Some(b'+') {
        return true;
    }
    let count = text.runs.partition_point(|run| run.end < at);
    let Some(before) = text.runs[..count].last() else {
        return false;
    };
    if !is_loose(&text.chars[before.end..at]) {
        return false;
    }
    let digits = &text.bytes[before.clone()];
    let code = if text.byte_before(before.start) == Some(b'+') {
        digits
    } else if let Some(code) = digits.strip_prefix(b"00") {
        code
    } else {
        return false;
    };
    (1..=3).contains(&code.len()) && code != b"1"
}
