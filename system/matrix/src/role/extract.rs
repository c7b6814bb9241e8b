//! Finds the role in a text by rules (`playbook.md`, "The role").
//!
//! Coordinators write in four styles: "Need 3 pickers in Detroit", "Beacon Freight needs 2 …",
//! "Looking for 2 … at …", and in shorthand, "Forklift Operator Detroit". In the first three, a phrase
//! at a known position has the role; in shorthand, known roles and places determine it. A role that no
//! document has is only made of the words of a phrase if nothing known is found.

use std::ops::Range;

use lakehouse_understand::read_part;

use super::{
    RoleKey, find_places,
    key::singular,
    known::{KnownTerms, Occurrence, Terms},
    lists::Kind,
    places::Places,
    text::Text,
};

const MAX_PHRASE_WORDS: usize = 6;
/// The minimum number of characters of a shortened word.
const MIN_SHORTENED: usize = 2;
/// Cues behind the name of a client; the others only behind `is`.
const CLIENT_CUES: &[&str] = &["needs", "wants", "requires"];

/// The role that the rules find in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleMatch {
    /// A role that documents have, or that a synonym stands for.
    Known(RoleKey),
    /// The words for a role that no document has.
    MadeUp(RoleKey),
    /// Several equally plausible roles, which count as no role.
    Ambiguous,
    /// No role; a model may find one.
    None,
}

/// What the rules read in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The role.
    pub role: RoleMatch,
    /// The places.
    pub places: Places,
}

impl RoleMatch {
    /// The role, if there is exactly one.
    pub fn key(self) -> Option<RoleKey> {
        match self {
            Self::Known(key) | Self::MadeUp(key) => Some(key),
            Self::Ambiguous | Self::None => None,
        }
    }
}

impl Reading {
    /// Reads a query.
    pub fn of(text: &str, known: &KnownTerms) -> Self {
        let text = read(text, known, Terms::WithSynonyms);
        Self {
            role: read_role(&text),
            places: Places::of(&text.places),
        }
    }

    /// The words that a query has for a role that no document has, without the synonyms that were
    /// learned for them.
    pub(crate) fn made_up_role(text: &str, known: &KnownTerms) -> Option<RoleKey> {
        match read_role(&read(text, known, Terms::WithoutSynonyms)) {
            RoleMatch::MadeUp(key) => Some(key),
            _ => None,
        }
    }
}

fn read<'k>(text: &str, known: &'k KnownTerms, terms: Terms) -> Text<'k> {
    let mut text = Text::new(read_part(text), known, terms);
    find_places::known(&mut text);
    text.negate();
    text.drop_roles_that_are_out();
    find_places::unknown(&mut text);
    text
}

fn read_role(text: &Text<'_>) -> RoleMatch {
    let mut wanted_cues = text.cues.iter().filter(|cue| !cue.is_negated).peekable();
    let has_cue = wanted_cues.peek().is_some();
    let phrase = if has_cue {
        let mut phrases = wanted_cues.map(|cue| phrase_from(text, cue.end));
        phrases.find(|phrase| !phrase.is_empty())
    } else if text.places.is_empty() {
        None
    } else {
        let first = text.is_out.iter().position(|is_out| !is_out);
        first.map(|first| phrase_from(text, first))
    };
    let phrase = phrase.unwrap_or_default();

    if has_cue {
        let is_inside = |role: &&Occurrence| phrase.start <= role.start && role.end <= phrase.end;
        if let Some(role) = longest(text.roles.iter().filter(is_inside)) {
            return RoleMatch::Known(role);
        }
    }
    let subject = subject(text);
    let is_out = |at: usize| text.is_out[at] || subject.contains(&at);
    let roles: Vec<_> = text
        .roles
        .iter()
        .filter(|role| !(role.start..role.end).any(is_out))
        .collect();
    if are_ambiguous(&roles, text.words.len()) {
        return RoleMatch::Ambiguous;
    }
    let known = longest(roles.into_iter())
        .or_else(|| abbreviated(text, is_out))
        .or_else(|| hinted(text, &phrase, is_out));
    if let Some(role) = known {
        return RoleMatch::Known(role);
    }
    RoleKey::from_words(&text.words[phrase]).map_or(RoleMatch::None, RoleMatch::MadeUp)
}

/// The words for a role from a position on; empty if there are none, or too many, or if they name no
/// role.
fn phrase_from(text: &Text<'_>, at: usize) -> Range<usize> {
    let words = &text.words;
    let is_skipped = |at: &usize| {
        let word = &words[*at];
        !text.is_out[*at] && (text.is_in_place[*at] || word.is(Kind::Skipped) || word.is_count())
    };
    let start = at + (at..words.len()).take_while(is_skipped).count();
    let ends = |at: &usize| {
        (*at > start && words[*at].breaks)
            || words[*at].is(Kind::End)
            || text.cue_at(*at).is_some()
            || text.negation_at(*at).is_some()
            || text.is_out[*at]
            || text.is_in_place[*at]
    };
    let mut end = (start..words.len()).find(ends).unwrap_or(words.len());
    while end > start && words[end - 1].is_count() {
        end -= 1;
    }
    let phrase = &words[start..end];
    let names_no_role = phrase.first().is_none_or(|word| word.is(Kind::Pronoun))
        || phrase
            .iter()
            .all(|word| word.is(Kind::Filler) || word.is(Kind::Time));
    if names_no_role || phrase.len() > MAX_PHRASE_WORDS {
        return 0..0;
    }
    start..end
}

/// The name of the client before the first cue.
fn subject(text: &Text<'_>) -> Range<usize> {
    let Some(cue) = text.cues.iter().find(|cue| !cue.is_negated) else {
        return 0..0;
    };
    let words = &text.words;
    let is_after_is = || cue.start > 0 && words[cue.start - 1].text == "is";
    let first = &words[cue.start];
    let has_client = match first.text.as_str() {
        "looking" | "searching" => is_after_is(),
        _ => first.is_in(CLIENT_CUES),
    };
    if !has_client {
        return 0..0;
    }
    let last_break = (0..=cue.start).rev().find(|at| words[*at].breaks);
    last_break.unwrap_or(0)..cue.start
}

/// The first of the roles with the most words.
fn longest<'o>(roles: impl Iterator<Item = &'o Occurrence>) -> Option<RoleKey> {
    let length = |role: &Occurrence| role.end - role.start;
    let longest = roles.reduce(|best, role| {
        if length(role) > length(best) {
            role
        } else {
            best
        }
    })?;
    Some(longest.role.clone())
}

/// Whether two different roles share no word of the text.
fn are_ambiguous(roles: &[&Occurrence], word_count: usize) -> bool {
    /// The roles that begin at a word or after it.
    #[derive(Clone, Copy)]
    enum From<'r> {
        None,
        Only(&'r RoleKey),
        Several,
    }

    let mut from = vec![From::None; word_count + 1];
    for role in roles {
        let here = &mut from[role.start];
        *here = match *here {
            From::None => From::Only(&role.role),
            From::Only(key) if *key == role.role => From::Only(key),
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
        From::Only(key) => *key != role.role,
        From::Several => true,
    })
}

/// The only known role of which an abbreviation occurs: `forklift ops`.
fn abbreviated(text: &Text<'_>, is_out: impl Fn(usize) -> bool) -> Option<RoleKey> {
    let occurs = |parts: &[Box<str>]| {
        let mut starts = 0..(text.words.len() + 1).saturating_sub(parts.len());
        starts.any(|start| {
            let mut here = start..start + parts.len();
            let is_joined =
                !here.clone().any(&is_out) && here.clone().skip(1).all(|at| !text.words[at].breaks);
            let mut shortened = 0;
            is_joined
                && here.all(|at| {
                    let is_last = at + 1 == start + parts.len();
                    let part = &*parts[at - start];
                    if is_part(text, at, is_last, part) {
                        return true;
                    }
                    shortened += 1;
                    is_shortened(text, at, is_last, part)
                })
                && (1..parts.len()).contains(&shortened)
        })
    };
    let mut roles = text.known.long_roles().filter(|(_, parts)| occurs(parts));
    let (role, _) = roles.next()?;
    roles.next().is_none().then(|| role.clone())
}

/// Whether a word is this word of a role.
fn is_part(text: &Text<'_>, at: usize, is_last: bool, part: &str) -> bool {
    let word = &text.words[at];
    word.text == part || is_last && singular(word) == part
}

/// Whether a word is the beginning of this word of a role.
fn is_shortened(text: &Text<'_>, at: usize, is_last: bool, part: &str) -> bool {
    let word = &text.words[at];
    let stem = match word.text.strip_suffix('s') {
        Some(stem) if is_last => stem,
        _ => &word.text,
    };
    let is_other = word.is(Kind::End)
        || word.is(Kind::Skipped)
        || word.is(Kind::Filler)
        || word.is(Kind::Code);
    let is_beginning = part.len() > stem.len() && part.starts_with(stem);
    is_beginning && stem.chars().count() >= MIN_SHORTENED && !is_other
}

/// The only role at which words hint: those of a phrase with fillers, or all if there is no phrase.
fn hinted(
    text: &Text<'_>,
    phrase: &Range<usize>,
    is_out: impl Fn(usize) -> bool,
) -> Option<RoleKey> {
    let is_filler = |at: usize| text.words[at].is(Kind::Filler);
    let words: Vec<usize> = if phrase.is_empty() {
        let count = text.words.len();
        let is_free = |at: &usize| !is_out(*at) && !text.is_in_place[*at];
        (0..count).filter(is_free).collect()
    } else if phrase.clone().any(is_filler) {
        phrase.clone().filter(|at| !is_filler(*at)).collect()
    } else {
        return None;
    };
    let mut hints = words
        .into_iter()
        .filter_map(|at| text.known.hint(&text.words[at]));
    let first = hints.next()?;
    hints.all(|role| role == first).then(|| first.clone())
}
