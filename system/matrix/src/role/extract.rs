//! Finds the role in a text by rules (`playbook.md`, "The role").
//!
//! Coordinators write in four styles: "Need 3 pickers in Detroit", "Beacon Freight needs 2 …",
//! "Looking for 2 … at …", and in shorthand, "Forklift Operator Detroit". In the first three, a phrase
//! at a known position has the role; in shorthand, known roles and places determine it. A role that no
//! document has is only made of the words of a phrase if nothing known is found.

use std::ops::Range;

use lakehouse_understand::read_part;

use super::{
    RoleKey,
    find_places::find_known_places,
    find_unknown::find_unknown_cities,
    key::singular,
    known::{KnownTerms, Occurrence, Terms},
    lists::Kind,
    places::Places,
    text::Text,
};

const MAX_PHRASE_WORDS: usize = 6;
/// The minimum number of characters of a shortened word.
const MIN_SHORTENED: usize = 2;

/// The role that the rules find in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleMatch {
    /// A role that documents have, or that a synonym or the lexicon's words stand for.
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
        let text = read(text, known, Terms::All);
        let role = match read_role(&text) {
            RoleMatch::MadeUp(phrase) => RoleMatch::MadeUp(known.resolve_phrase(phrase)),
            role => role,
        };
        Self {
            role,
            places: Places::of(&text.places),
        }
    }

    /// The words that a query has for a role that no document has, whatever synonyms and the lexicon
    /// make of them.
    pub(crate) fn made_up_role(text: &str, known: &KnownTerms) -> Option<RoleKey> {
        match read_role(&read(text, known, Terms::OfDocuments)) {
            RoleMatch::MadeUp(key) => Some(key),
            _ => None,
        }
    }
}

fn read<'k>(text: &str, known: &'k KnownTerms, terms: Terms) -> Text<'k> {
    let mut text = Text::new(read_part(text), known, terms);
    find_known_places(&mut text);
    text.negate();
    text.drop_roles_that_are_out();
    find_unknown_cities(&mut text);
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
    let subject = text.subject();
    let is_out = |at: usize| text.is_out[at] || subject.contains(&at);
    let roles: Vec<_> = text
        .roles
        .iter()
        .filter(|role| !(role.start..role.end).any(is_out))
        .collect();
    if are_ambiguous(&roles, text) {
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
fn are_ambiguous(roles: &[&Occurrence], text: &Text<'_>) -> bool {
    /// The roles that begin at a word or after it.
    #[derive(Clone, Copy)]
    enum From<'r> {
        None,
        Only(&'r RoleKey),
        Several,
    }

    let meanings = roles.iter().map(|role| text.known.meaning(&role.role));
    let meanings: Vec<_> = meanings.collect();
    let mut from = vec![From::None; text.words.len() + 1];
    for (role, meaning) in roles.iter().zip(&meanings) {
        let here = &mut from[role.start];
        *here = match *here {
            From::None => From::Only(meaning),
            From::Only(other) if other == meaning => From::Only(other),
            _ => From::Several,
        };
    }
    for at in (0..text.words.len()).rev() {
        from[at] = match (from[at], from[at + 1]) {
            (one, From::None) | (From::None, one) => one,
            (From::Only(one), From::Only(other)) if one == other => From::Only(one),
            _ => From::Several,
        };
    }
    let mut roles = roles.iter().zip(&meanings);
    roles.any(|(role, meaning)| match from[role.end] {
        From::None => false,
        From::Only(other) => other != meaning,
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
        || text.known.lexicon().is_code(word);
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
