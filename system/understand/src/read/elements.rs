//! The elements of a text: its longest terms, from the left.

use std::borrow::Cow;

use crate::terms::{Cue, Meaning, joined};
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
        let meaning = understander.meaning(&key);
        let meaning = meaning.or_else(|| understander.meaning(&spelled_out(understander, window)?));
        meaning.map(|meaning| (end, meaning))
    })
}

/// The key of tokens with what abbreviations stand for, if there are any.
fn spelled_out(understander: &Understander, tokens: &[Token]) -> Option<String> {
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
