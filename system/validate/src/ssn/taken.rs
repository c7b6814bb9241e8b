//! Numbers near a cue that are something else: money, phone numbers, dates, times, ZIP codes.

use std::ops::Range;
use std::sync::LazyLock;

use lakehouse_text::is_letter;
use regex::bytes::Regex;

use super::Digits;

/// What is taken out, in this order. The money signs are the bytes of [`super::MONEY`].
const EXPRESSIONS: [&str; 7] = [
    r"[$\x80\xA3] ?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?",
    r"\+[0-9]{1,3}(?:[ ./()-]{0,3}[0-9]+){1,6}",
    r"[0-9]{3}[ ./()-]{0,3}[0-9]{3}[ ./()-]{0,3}[0-9]{4}",
    r"(?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}",
    r"[0-9]{1,2}[./-][0-9]{1,2}[./-](?:(?:19|20)[0-9]{2}|[0-9]{2})",
    r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?",
    r"[a-z]{2} +[0-9]{5}-[0-9]{4}",
];

/// Postal codes of states that are not also words.
const STATES: [&[u8; 2]; 46] = [
    b"al", b"ak", b"az", b"ar", b"ca", b"co", b"ct", b"dc", b"de", b"fl", b"ga", b"il", b"ia",
    b"ks", b"ky", b"la", b"md", b"ma", b"mi", b"mn", b"ms", b"mo", b"mt", b"ne", b"nv", b"nh",
    b"nj", b"nm", b"ny", b"nc", b"nd", b"oh", b"pa", b"pr", b"ri", b"sc", b"sd", b"tn", b"tx",
    b"ut", b"vt", b"va", b"wa", b"wv", b"wi", b"wy",
];
/// Those that are words, too, and count behind a comma.
const STATES_AND_WORDS: [&[u8; 2]; 6] = [b"hi", b"id", b"in", b"me", b"ok", b"or"];

/// Which characters are part of such a number.
pub(super) fn taken(text: &Digits) -> Vec<bool> {
    static COMPILED: LazyLock<[Regex; 7]> = LazyLock::new(|| {
        EXPRESSIONS.map(|expression| {
            Regex::new(&format!("(?-u){expression}")).expect("the expressions are constants")
        })
    });
    let mut taken = vec![false; text.bytes.len()];
    for (kind, expression) in COMPILED.iter().enumerate() {
        let mut from = 0;
        while let Some(found) = expression.find_at(&text.bytes, from) {
            let range = found.range();
            if is_number(kind, text, range.start, range.end) && take(&mut taken, &range) {
                from = range.end;
            } else {
                from = range.start + 1;
            }
        }
        if kind == BEFORE_GROUPS {
            for run in 0..text.runs.len() {
                if let Some(number) = phone_in_groups(text, run) {
                    take(&mut taken, &number);
                }
            }
        }
    }
    taken
}

/// Takes a range, unless a part of it is taken.
fn take(taken: &mut [bool], range: &Range<usize>) -> bool {
    let range = &mut taken[range.clone()];
    let is_free = range.iter().all(|taken| !taken);
    if is_free {
        range.fill(true);
    }
    is_free
}

/// The expression after which [`phone_in_groups`] has its turn.
const BEFORE_GROUPS: usize = 2;
/// The maximum length of a group and of the gap before the next.
const MAX_GROUP: usize = 8;
const MAX_GROUP_GAP: usize = 3;

/// The phone number in groups of any sizes that begins with a run: all groups that follow, when
/// they have ten digits in all, or eleven of which the first is `1`. An expression would read all
/// groups again from each of them.
fn phone_in_groups(text: &Digits, first: usize) -> Option<Range<usize>> {
    let runs = &text.runs[first..];
    let mut digits = 0;
    let mut count = 0;
    for run in runs {
        if count > 0 {
            let gap = &text.bytes[runs[count - 1].end..run.start];
            if gap.len() > MAX_GROUP_GAP || !gap.iter().all(|b| b" ./()-".contains(b)) {
                break;
            }
        }
        digits += run.len();
        count += 1;
        if run.len() > MAX_GROUP || digits > 11 {
            return None;
        }
    }
    let is_number = digits == 10 || (digits == 11 && text.bytes[runs[0].start] == b'1');
    (count > 1 && is_number).then(|| runs[0].start..runs[count - 1].end)
}

/// The conditions of the expression with this index.
fn is_number(kind: usize, text: &Digits, start: usize, end: usize) -> bool {
    let found = &text.bytes[start..end];
    let before = text.byte_before(start);
    let after = text.bytes.get(end).copied();
    let is_digit = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_digit());
    let stands_alone = !is_digit(before) && !is_digit(after);
    let is_behind_letter = text.char_before(start).is_some_and(is_letter);
    match kind {
        0 => !is_digit(after),
        1 => (8..=15).contains(&found.iter().filter(|b| b.is_ascii_digit()).count()),
        2 => stands_alone,
        3 => {
            let groups = numbers(found);
            stands_alone && !is_behind_letter && is_month_and_day(groups[1], groups[2])
        }
        4 => {
            let groups = numbers(found);
            stands_alone && !is_behind_letter && is_month_and_day(groups[0], groups[1])
        }
        5 => {
            let groups = numbers(found);
            let is_time = groups[0] <= 24 && groups[1..].iter().all(|part| *part <= 59);
            stands_alone && before != Some(b':') && after != Some(b':') && is_time
        }
        _ => !is_behind_letter && !is_digit(after) && is_state(text, start),
    }
}

/// The numbers of the groups of digits.
fn numbers(text: &[u8]) -> Vec<u32> {
    let number = |group: &[u8]| group.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    text.split(|b| !b.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .map(number)
        .collect()
}

fn is_month_and_day(a: u32, b: u32) -> bool {
    let fits = |month, day| (1..=12).contains(&month) && (1..=31).contains(&day);
    fits(a, b) || fits(b, a)
}

fn is_state(text: &Digits, at: usize) -> bool {
    let code = &text.bytes[at..at + 2];
    if STATES.iter().any(|state| state[..] == *code) {
        return true;
    }
    let bare = text.bytes[..at].trim_ascii_end();
    let is_behind_comma = bare.len() < at && bare.ends_with(b",");
    is_behind_comma && STATES_AND_WORDS.iter().any(|state| state[..] == *code)
}
