//! Names of workers.

use super::{Search, other};
use crate::name::{self, Word};
use crate::roster::Worker;

/// The maximum number of words of a candidate, initials included.
const MAX_WORDS: usize = 10;
/// The maximum length of what stands between two words of a name.
const MAX_GAP: usize = 8;

pub(super) fn find<'r>(text: &[char], search: &Search<'_, 'r>) -> Option<&'r Worker> {
    let words = name::words(text);
    let gaps: Vec<Gap> = words
        .windows(2)
        .map(|pair| gap(text, &pair[0], &pair[1]))
        .collect();
    (0..words.len()).find_map(|first| {
        let length = reach(&gaps[first..]);
        (2..=length)
            .rev()
            .find_map(|length| {
                let candidate = &words[first..first + length];
                let gaps = &gaps[first..first + length - 1];
                keys(candidate, gaps)
                    .into_iter()
                    .find_map(|key| search.roster.owner_of_name(&key, search.recipient))
            })
            .and_then(other)
    })
}

/// What stands between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Words of one name.
    Join,
    /// A last name before it, a first name behind it.
    Comma,
    /// Two texts.
    Break,
}

fn gap(text: &[char], before: &Word, behind: &Word) -> Gap {
    let gap = &text[before.range.end..behind.range.start];
    if gap.is_empty() || matches!(gap, ['.'] | ['/']) {
        return Gap::Join;
    }
    let is_initial = before.is_initial();
    let is_abbreviated = is_initial || matches!(&*before.text, "st" | "ste");
    let (rest, has_dot) = match gap {
        ['.', rest @ ..] => (rest, true),
        _ => (gap, false),
    };
    let commas = rest.iter().filter(|c| **c == ',').count();
    let is_in_set = |c: &char| {
        matches!(
            c,
            ' ' | '-' | '_' | '*' | '+' | '~' | '"' | '\'' | '(' | ')' | '|'
        )
    };
    if rest.len() > MAX_GAP || !rest.iter().all(|c| *c == ',' || is_in_set(c)) {
        return Gap::Break;
    }
    match commas {
        0 if !has_dot || is_abbreviated => Gap::Join,
        1 if !has_dot || is_initial => Gap::Comma,
        _ => Gap::Break,
    }
}

/// The number of words of the longest candidate in front of these gaps.
fn reach(gaps: &[Gap]) -> usize {
    let mut commas = 0;
    let joined = gaps.iter().take(MAX_WORDS - 1).take_while(|gap| {
        commas += usize::from(**gap == Gap::Comma);
        **gap != Gap::Break && commas <= 1
    });
    joined.count() + 1
}

/// The key of a candidate, and that without the initials in it.
fn keys(words: &[Word], gaps: &[Gap]) -> Vec<String> {
    let last = words.len() - 1;
    let key = |is_kept: &dyn Fn(usize) -> bool| {
        let mut key = String::new();
        for (at, word) in words.iter().enumerate() {
            if at > 0 && gaps[at - 1] == Gap::Comma {
                key.push(',');
            }
            if is_kept(at) {
                key.push_str(&word.text);
            }
        }
        key
    };
    let is_initial = |at: usize| at > 0 && at < last && words[at].is_skippable_initial();
    let mut keys = vec![key(&|_| true)];
    if (0..words.len()).any(is_initial) {
        keys.push(key(&|at| !is_initial(at)));
    }
    keys
}
