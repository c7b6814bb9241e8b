//! Names of workers.

use super::{Search, is_alnum, other};
use crate::name::{self, Word};
use crate::roster::Worker;

/// The maximum number of words of a candidate, initials included.
const MAX_WORDS: usize = 10;
/// The maximum length of what stands between two words of a name.
const MAX_GAP: usize = 8;
/// The minimum length of a handle.
const MIN_HANDLE: usize = 7;
/// The maximum number of words of a candidate with middle names.
const MAX_WORDS_WITH_MIDDLE: usize = 6;
/// Words that are no middle names: of prose, and of last names.
const NO_MIDDLE_NAMES: &str = "and or with for the of in on at by to from a an is as y e o u con \
    para por en de del la el los las van von der den da di do dos das du le st saint san santa bin \
    ibn al ter ten mac mc";

/// `capitals` are those characters of the text that came from a capital.
pub(super) fn find<'r>(
    text: &[char],
    capitals: &[bool],
    search: &Search<'_, 'r>,
) -> Option<&'r Worker> {
    let words = name::words(text);
    let gaps: Vec<Gap> = words
        .windows(2)
        .map(|pair| gap(text, &pair[0], &pair[1]))
        .collect();
    (0..words.len()).find_map(|first| {
        let words = &words[first..];
        let gaps = &gaps[first..];
        let owner = |key: String| search.roster.owner_of_name(&key, search.recipient);
        let whole_name = (2..=reach(gaps)).rev().find_map(|length| {
            keys(&words[..length], &gaps[..length - 1])
                .into_iter()
                .find_map(owner)
        });
        whole_name
            .or_else(|| handle(text, &words[0]).and_then(owner))
            .or_else(|| {
                without_middle_names(words, gaps, capitals)
                    .into_iter()
                    .find_map(owner)
            })
            .and_then(other)
    })
}

/// The key of a word that is a handle.
fn handle(text: &[char], word: &Word) -> Option<String> {
    let before = &text[..word.range.start];
    let is_handle = match before {
        [rest @ .., '@'] => !rest
            .last()
            .is_some_and(|c| is_alnum(*c) || matches!(c, '.' | '_' | '+' | '-')),
        [.., '#' | '$' | '/'] => true,
        _ => false,
    };
    let is_long = word.text.chars().nth(MIN_HANDLE - 1).is_some();
    (is_handle && is_long).then(|| word.text.clone())
}

/// The keys of the candidates without middle names, in order.
fn without_middle_names(words: &[Word], gaps: &[Gap], capitals: &[bool]) -> Vec<String> {
    let begins_with_capital = |word: &Word| capitals[word.range.start];
    let is_middle_name = |word: &Word| {
        let is_mixed = word.range.len() > 1 && !capitals[word.range.start + 1];
        let is_other = NO_MIDDLE_NAMES.split(' ').any(|other| other == word.text);
        begins_with_capital(word) && is_mixed && !is_other
    };
    let near = gaps.iter().take(MAX_WORDS_WITH_MIDDLE - 1);
    let joined = near.take_while(|gap| **gap == Gap::Join).count() + 1;
    if joined < 3 || !begins_with_capital(&words[0]) || !is_middle_name(&words[1]) {
        return Vec::new();
    }
    let mut keys = Vec::new();
    for length in (3..=joined).rev() {
        if !begins_with_capital(&words[length - 1]) {
            continue;
        }
        let mut add = |rest: &[Word]| {
            let kept = [&words[0]].into_iter().chain(rest);
            keys.push(kept.map(|word| &*word.text).collect());
        };
        add(&words[2..length]);
        if length > 3 && is_middle_name(&words[2]) {
            add(&words[3..length]);
        }
    }
    keys
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
