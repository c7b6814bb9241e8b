//! Numbers in groups of three, two and four digits.

use std::ops::Range;

use super::Digits;

/// The maximum length of a loose gap.
const MAX_LOOSE: usize = 6;

pub(super) fn find(text: &Digits) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for run in &text.runs {
        if run.len() != 3 || is_behind_country_code(text, run.start) {
            continue;
        }
        let mut at = run.start;
        while let Some(end) = number_at(text, at) {
            found.push(at..end);
            at = end;
        }
    }
    found
}

/// The end of the number that begins here, when no digit or another such number follows directly.
fn number_at(text: &Digits, at: usize) -> Option<usize> {
    let first = gap(text, at + digits(text, at, 3)?)?;
    let second = gap(text, first.end + digits(text, first.end, 2)?)?;
    let end = second.end + digits(text, second.end, 4)?;
    let stands_alone = !text.is_digit(end) || number_at(text, end).is_some();
    (fit(text, &first, &second) && stands_alone).then_some(end)
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
    let Some(before) = text.runs.iter().take_while(|run| run.end < at).last() else {
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
