//! The elements of a text: its longest terms, from the left.

use std::borrow::Cow;

use crate::parts::Parts;
use crate::terms::{Cue, Meaning, PlaceMeaning, joined};
use crate::understander::Understander;
use crate::understanding::Place;
use crate::words::Token;

/// The largest number of tokens in a term.
const LONGEST: usize = 8;
/// The shortest key of several words, unless each of them is a letter or a number.
const SHORTEST_JOINED: usize = 4;

/// A term in a text.
#[derive(Debug, Clone)]
pub(crate) struct Element<'u> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) meaning: Cow<'u, Meaning>,
    /// What it counts as; `None` if it does not count.
    pub(crate) kind: Option<Kind>,
    pub(crate) is_unwanted: bool,
    /// The places that it comes to.
    pub(crate) places: Vec<Place>,
}

/// What an element counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Role,
    Hint,
    Place,
    /// The state of the city before it.
    StateOfCity,
    Certificate,
    Shift,
    Cue(Cue),
}

/// The elements of tokens.
pub(crate) fn elements<'u>(understander: &'u Understander, tokens: &[Token]) -> Vec<Element<'u>> {
    let mut elements = Vec::new();
    let mut start = 0;
    while start < tokens.len() {
        match longest(understander, tokens, start) {
            Some((end, meaning)) => {
                elements.push(Element {
                    start,
                    end,
                    kind: meaning.kind(true),
                    meaning,
                    is_unwanted: false,
                    places: Vec::new(),
                });
                start = end;
            }
            None => start += 1,
        }
    }
    elements
}

fn longest<'u>(
    understander: &'u Understander,
    tokens: &[Token],
    start: usize,
) -> Option<(usize, Cow<'u, Meaning>)> {
    let within = (start + 1..tokens.len()).find(|at| tokens[*at].breaks);
    let last = within.unwrap_or(tokens.len()).min(start + LONGEST);
    (start + 1..=last).rev().find_map(|end| {
        let window = &tokens[start..end];
        let key = joined(window);
        let is_short = |token: &Token| token.is_number || token.key.chars().count() == 1;
        if window.len() > 1 && key.len() < SHORTEST_JOINED && !window.iter().all(is_short) {
            return None;
        }
        let meaning = meaning_of(understander, &key);
        let meaning =
            meaning.or_else(|| meaning_of(understander, &spelled_out(understander, window)?));
        meaning.map(|meaning| (end, meaning))
    })
}

/// The meaning of a key by the parts that are used.
fn meaning_of<'u>(understander: &'u Understander, key: &str) -> Option<Cow<'u, Meaning>> {
    let meaning = understander.meaning(key)?;
    let parts = understander.dictionary.parts();
    if *parts == Parts::ALL {
        return Some(meaning);
    }
    let is_named = |role: &usize| understander.roles[*role].is_named(key);
    meaning.into_owned().within(parts, is_named).map(Cow::Owned)
}

/// The key of tokens with what abbreviations stand for, if there are any.
fn spelled_out(understander: &Understander, tokens: &[Token]) -> Option<String> {
    if !understander.dictionary.parts.synonyms {
        return None;
    }
    let abbreviations = &understander.dictionary.abbreviations;
    let long = |token: &Token| abbreviations.get(&token.text).cloned();
    tokens.iter().any(|token| long(token).is_some()).then(|| {
        let keys = tokens
            .iter()
            .map(|token| long(token).unwrap_or_else(|| token.key.clone()));
        keys.collect()
    })
}

/// The words of tokens, joined by spaces.
pub(crate) fn text_of(tokens: &[Token]) -> String {
    let words: Vec<_> = tokens.iter().map(|token| token.text.as_str()).collect();
    words.join(" ")
}

impl Meaning {
    /// What the parts leave of the meaning, if anything; `is_named` says whether the term is a role's name.
    fn within(mut self, parts: &Parts, is_named: impl Fn(&usize) -> bool) -> Option<Self> {
        if !parts.synonyms {
            self.roles.retain(is_named);
        }
        if !parts.roles {
            self.roles.clear();
        }
        if !parts.roles || !parts.hints {
            self.hints.clear();
        }
        if let Some(place) = self.place.as_mut().filter(|_| !parts.nicknames) {
            place.nickname.clear();
        }
        let is_known = |place: &PlaceMeaning| {
            !place.cities.is_empty() || !place.nickname.is_empty() || place.state.is_some()
        };
        self.place = self.place.filter(|place| parts.places && is_known(place));
        self.certificate = self.certificate.filter(|_| parts.certificates);
        self.shift = self.shift.filter(|_| parts.shifts);
        self.cue = self.cue.filter(|cue| match cue {
            Cue::Not => parts.negation,
            Cue::Unavailable | Cue::AnyAvailability => parts.availability,
            Cue::OptionalAfter | Cue::OptionalBefore => parts.certificates,
        });
        self.kind(true).map(|_| self)
    }

    /// What the meaning counts as first.
    pub(crate) fn kind(&self, may_be_place: bool) -> Option<Kind> {
        if !self.roles.is_empty() {
            Some(Kind::Role)
        } else if may_be_place && self.place.is_some() {
            Some(Kind::Place)
        } else if !self.hints.is_empty() {
            Some(Kind::Hint)
        } else if self.certificate.is_some() {
            Some(Kind::Certificate)
        } else if self.shift.is_some() {
            Some(Kind::Shift)
        } else {
            self.cue.map(Kind::Cue)
        }
    }
}

impl Kind {
    /// Whether both may stand in one list of what is not wanted.
    pub(crate) fn is_like(self, other: Self) -> bool {
        let is_role = |kind| matches!(kind, Self::Role | Self::Hint);
        self == other || (is_role(self) && is_role(other))
    }

    /// Whether it can be wanted or not.
    pub(crate) fn is_thing(self) -> bool {
        !matches!(self, Self::Cue(_) | Self::StateOfCity)
    }
}
