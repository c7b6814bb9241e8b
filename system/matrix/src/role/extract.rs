//! Finds the role in a text by rules.
//!
//! Coordinators write in four styles: "Need 3 pickers in Detroit", "Beacon Freight needs 2 …",
//! "Looking for 2 … at …", and in shorthand, "Forklift Operator Detroit". In the first three, a phrase
//! at a known position has the role; in shorthand, known roles and cities determine it.

use super::{
    RoleKey,
    known::{KnownTerms, Occurrence},
};
use lakehouse_models::embed::words::words;

/// Number words before a role.
const COUNTS: [&str; 12] = [
    "a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
];
/// Words that end a phrase.
const ENDS: [&str; 10] = [
    "in", "at", "for", "from", "on", "near", "with", "to", "starting", "asap",
];
const MAX_PHRASE_WORDS: usize = 6;

/// The role that the rules find in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleMatch {
    /// Exactly one role.
    One(RoleKey),
    /// Several equally plausible roles, which count as no role.
    Ambiguous,
    /// No role; a model may find one.
    None,
}

/// Finds the role in a text by rules.
pub fn read_role(text: &str, known: &KnownTerms) -> RoleMatch {
    read_role_of_words(&words(text), known)
}

pub(crate) fn read_role_of_words(words: &[String], known: &KnownTerms) -> RoleMatch {
    let phrase = phrase(words).filter(|phrase| (1..=MAX_PHRASE_WORDS).contains(&phrase.len()));
    let role = match phrase {
        Some(phrase) => longest(known.roles_in(phrase)).or_else(|| RoleKey::from_words(phrase)),
        None => {
            let roles = known.roles_in(words);
            if roles.is_empty() {
                before_the_city(words, known)
            } else if are_ambiguous(&roles, words.len()) {
                return RoleMatch::Ambiguous;
            } else {
                longest(roles)
            }
        }
    };
    role.map_or(RoleMatch::None, RoleMatch::One)
}

/// The words after the first `need`, `needs` or `looking for` and a count, up to a word in [`ENDS`].
fn phrase(words: &[String]) -> Option<&[String]> {
    let starts_at = |at: usize| match words[at].as_str() {
        "need" | "needs" => Some(at + 1),
        "looking" if words.get(at + 1).is_some_and(|next| next == "for") => Some(at + 2),
        _ => None,
    };
    let rest = &words[(0..words.len()).find_map(starts_at)?..];
    let counts = rest.iter().take_while(|word| is_count(word)).count();
    let rest = &rest[counts..];
    let end = rest.iter().position(|word| ENDS.contains(&word.as_str()));
    Some(&rest[..end.unwrap_or(rest.len())])
}

/// `3`, `3x`, `three`.
fn is_count(word: &str) -> bool {
    let digits = word.strip_suffix('x').unwrap_or(word);
    let in_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    in_digits || COUNTS.contains(&word)
}

/// The first of the roles with the most words.
fn longest(roles: Vec<Occurrence>) -> Option<RoleKey> {
    let length = |role: &Occurrence| role.end - role.start;
    let longest = roles.into_iter().reduce(|best, role| {
        if length(&role) > length(&best) {
            role
        } else {
            best
        }
    })?;
    RoleKey::from_text(&longest.key)
}

/// Whether two different roles share no word of the text.
fn are_ambiguous(roles: &[Occurrence], word_count: usize) -> bool {
    /// The roles that begin at a word or after it.
    #[derive(Clone, Copy)]
    enum From<'r> {
        None,
        Only(&'r str),
        Several,
    }

    let mut from = vec![From::None; word_count + 1];
    for role in roles {
        let here = &mut from[role.start];
        *here = match *here {
            From::None => From::Only(&role.key),
            From::Only(key) if key == role.key => From::Only(key),
            _ => From::Several,
        };
    }
    for at in (0..word_count).rev() {
        from[at] = match (from[at], from[at + 1]) {
            (one, From::None) | (From::None, one) => one,
            (From::Only(one), From::Only(other)) if one == other => From::Only(one),
            _ => From::Several,
        };
    }
    roles.iter().any(|role| match from[role.end] {
        From::None => false,
        From::Only(key) => key != role.key,
        From::Several => true,
    })
}

/// The words before the first known city, if there are any.
fn before_the_city(words: &[String], known: &KnownTerms) -> Option<RoleKey> {
    let city = known.cities_in(words).into_iter().next()?;
    RoleKey::from_words(&words[..city.start])
}
