//! The elements of a text: its longest terms, from the left.

use crate::terms::{Cue, Meaning};
use crate::understander::Understander;
use crate::understanding::Place;
use crate::words::{Keys, Token};

/// The largest number of tokens in a term.
const LONGEST: usize = 8;
/// The shortest key of several words, unless each of them is a letter or a number.
const SHORTEST_JOINED: usize = 4;

/// A term in a text.
#[derive(Debug, Clone)]
pub(crate) struct Element<'u> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) meaning: &'u Meaning,
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

/// The elements of tokens with these keys.
pub(crate) fn elements<'u>(
    understander: &'u Understander,
    tokens: &[Token],
    keys: &Keys,
) -> Vec<Element<'u>> {
    let terms = Terms {
        understander,
        tokens,
        keys,
        spelled_out: spelled_out(understander, tokens),
    };
    let mut elements = Vec::new();
    let mut start = 0;
    while start < tokens.len() {
        match terms.longest(start) {
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

/// The keys of a text's tokens, looked up as terms.
struct Terms<'u, 't> {
    understander: &'u Understander,
    tokens: &'t [Token],
    keys: &'t Keys,
    /// The keys with what abbreviations stand for.
    spelled_out: Keys,
}

impl<'u> Terms<'u, '_> {
    /// The longest term that begins at a token.
    fn longest(&self, start: usize) -> Option<(usize, &'u Meaning)> {
        let last = self.tokens.len().min(start + LONGEST);
        let within = (start + 1..last).find(|at| self.tokens[*at].breaks);
        let ends = start + 1..=within.unwrap_or(last);
        ends.rev().find_map(|end| {
            let (key, spelled_out) = (self.keys.of(start, end), self.spelled_out.of(start, end));
            let is_short = |token: &Token| token.is_number || token.key.chars().count() == 1;
            let is_one = end == start + 1;
            if !is_one
                && key.len() < SHORTEST_JOINED
                && !self.tokens[start..end].iter().all(is_short)
            {
                return None;
            }
            let meaning = self.understander.meaning(key);
            let is_other = spelled_out != key;
            let meaning = meaning.or_else(|| {
                let spelled_out = is_other.then_some(spelled_out)?;
                self.understander.meaning(spelled_out)
            });
            meaning.map(|meaning| (end, meaning))
        })
    }
}

/// The keys of tokens, with what abbreviations stand for.
fn spelled_out(understander: &Understander, tokens: &[Token]) -> Keys {
    let abbreviations = &understander.dictionary.abbreviations;
    let is_used = understander.dictionary.parts().synonyms;
    let keys = tokens.iter().map(|token| {
        let long = abbreviations.get(&token.text).filter(|_| is_used);
        long.unwrap_or(&token.key).as_str()
    });
    Keys::new(keys)
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
