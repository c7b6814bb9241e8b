//! A query's words, and what is known of each: roles that occur, cues, and what is not wanted.

use std::ops::Range;

use super::{
    known::{KnownTerms, Occurrence, Terms},
    lists::{Kind, LONG_CUES, LONG_NEGATIONS},
    places::FoundPlace,
    words::{Word, words},
};

/// How many words before a cue may negate it.
const NEGATION_REACH: usize = 3;
/// Cues behind the name of a client; the others only behind `is`.
const CLIENT_CUES: &[&str] = &["needs", "wants", "requires"];

/// A text that is read for its role and places.
pub(super) struct Text<'k> {
    pub(super) words: Vec<Word>,
    pub(super) known: &'k KnownTerms,
    /// The occurrences of known roles without words that are out.
    pub(super) roles: Vec<Occurrence>,
    pub(super) cues: Vec<Cue>,
    /// By word: whether it says what is not wanted.
    pub(super) is_out: Vec<bool>,
    /// By position, up to that of the end.
    pub(super) is_in_role: Vec<bool>,
    /// By word: whether it is part of a place.
    pub(super) is_in_place: Vec<bool>,
    /// The places, by position.
    pub(super) places: Vec<FoundPlace>,
    /// The positions at which something negated begins.
    pub(super) negated_at: Vec<usize>,
}

/// Words that ask for someone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cue {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_negated: bool,
}

impl<'k> Text<'k> {
    /// Reads the words, cues and known roles; the places are found later.
    pub(super) fn new(text: &str, known: &'k KnownTerms, terms: Terms) -> Self {
        let words = words(text);
        let count = words.len();
        let mut text = Self {
            roles: known.roles_in(&words, terms),
            words,
            known,
            cues: Vec::new(),
            is_out: vec![false; count],
            is_in_role: vec![false; count],
            is_in_place: vec![false; count],
            places: Vec::new(),
            negated_at: Vec::new(),
        };
        text.find_cues();
        text.drop_roles_that_are_out();
        for role in &text.roles {
            text.is_in_role[role.start..role.end].fill(true);
        }
        text
    }

    /// The end of the cue that begins at a word.
    pub(super) fn cue_at(&self, at: usize) -> Option<usize> {
        self.begun(at, (Kind::LongCue, LONG_CUES), Kind::Cue)
    }

    /// The end of the negation that begins at a word.
    pub(super) fn negation_at(&self, at: usize) -> Option<usize> {
        self.begun(at, (Kind::LongNegation, LONG_NEGATIONS), Kind::Negation)
    }

    /// Whether no break lies before a word and it exists.
    pub(super) fn follows(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| !word.breaks)
    }

    /// Whether a word is part of a role or place, or out.
    pub(super) fn is_taken(&self, at: usize) -> bool {
        self.is_in_role[at] || self.is_in_place[at] || self.is_out[at]
    }

    /// Adds a place that was found.
    pub(super) fn add_place(&mut self, found: FoundPlace) {
        self.is_in_place[found.start..found.end].fill(true);
        self.places.push(found);
    }

    /// Whether a word is part of a cue.
    pub(super) fn is_in_cue(&self, at: usize) -> bool {
        self.cues
            .iter()
            .any(|cue| (cue.start..cue.end).contains(&at))
    }

    /// The words that name the client before the first cue.
    pub(super) fn subject(&self) -> Range<usize> {
        let Some(cue) = self.cues.iter().find(|cue| !cue.is_negated) else {
            return 0..0;
        };
        let words = &self.words;
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

    /// The end of the words that begin at one: of several of a list, or of one of a kind.
    fn begun(&self, at: usize, several: (Kind, &[&[&str]]), alone: Kind) -> Option<usize> {
        let word = self.words.get(at)?;
        let begins = |list: &&&[&str]| {
            let there = self.words.get(at..at + list.len());
            let is_same = |(word, want): (&Word, &&str)| word.text == **want;
            there.is_some_and(|there| there.iter().zip(**list).all(is_same))
        };
        let (first, lists) = several;
        let several = lists.iter().find(|list| word.is(first) && begins(list));
        let length = several.map(|list| list.len());
        length
            .or(word.is(alone).then_some(1))
            .map(|length| at + length)
    }

    /// Finds the cues, and marks the words behind negated ones.
    fn find_cues(&mut self) {
        let mut from = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            let Some(end) = self.cue_at(at) else {
                at += 1;
                continue;
            };
            let negation = self.negation_of_cue(at);
            from.extend(negation);
            self.cues.push(Cue {
                start: at,
                end,
                is_negated: negation.is_some(),
            });
            at = end;
        }
        for start in from {
            let is_cue = |at: usize| {
                let mut cues = self.cues.iter();
                cues.any(|cue| cue.start == at && !cue.is_negated)
            };
            let ends =
                |at: &usize| self.words[*at].breaks || self.words[*at].text == "but" || is_cue(*at);
            let end = (start + 1..self.words.len()).find(ends);
            self.is_out[start..end.unwrap_or(self.words.len())].fill(true);
        }
    }

    /// The position of the first word that negates the cue at `start`.
    fn negation_of_cue(&self, start: usize) -> Option<usize> {
        let reach = start.saturating_sub(NEGATION_REACH)..start;
        let mut reach = reach.skip_while(|at| (at + 1..=start).any(|at| self.words[at].breaks));
        reach.find(|at| self.words[*at].is(Kind::Not))
    }

    pub(super) fn drop_roles_that_are_out(&mut self) {
        let is_out = &self.is_out;
        let is_wanted =
            |role: &Occurrence| !is_out[role.start..role.end].iter().any(|is_out| *is_out);
        self.roles.retain(is_wanted);
    }

    /// Marks roles and places behind other negations.
    pub(super) fn negate(&mut self) {
        for at in 0..self.words.len() {
            if self.is_out[at] {
                continue;
            }
            let Some(end) = self.negation_at(at) else {
                continue;
            };
            let mut start = end;
            while self.follows(start) && self.words[start].is(Kind::BehindANegation) {
                start += 1;
            }
            if !self.follows(start) {
                continue;
            }
            self.negated_at.push(start);
            let role = self.longest_role_at(start).or_else(|| {
                self.longest_role_at(start + 1)
                    .filter(|_| self.follows(start + 1))
            });
            if let Some(role) = role {
                self.negate_roles(role);
            } else if let Some(place) = self.place_at(start) {
                self.negate_places(place);
            }
        }
    }

    fn negate_roles(&mut self, (start, end): (usize, usize)) {
        self.is_out[start..end].fill(true);
        if let Some(next) = self
            .behind_or(end)
            .and_then(|next| self.longest_role_at(next))
        {
            self.negate_roles(next);
        }
    }

    fn negate_places(&mut self, place: usize) {
        let found = &mut self.places[place];
        for place in &mut found.places {
            place.is_unwanted = true;
        }
        let end = found.end;
        if let Some(next) = self.behind_or(end).and_then(|next| self.place_at(next)) {
            self.negate_places(next);
        }
    }

    /// The word behind `or`, `nor` or `and` at a word, and the words skipped behind a negation.
    fn behind_or(&self, at: usize) -> Option<usize> {
        if !self.words.get(at)?.is_in(&["or", "nor", "and"]) {
            return None;
        }
        let is_skipped = |at: &usize| self.words[*at].is(Kind::BehindANegation);
        (at + 1..self.words.len()).find(|at| !is_skipped(at))
    }

    /// The longest role that begins at a word.
    fn longest_role_at(&self, at: usize) -> Option<(usize, usize)> {
        let there = self.roles.iter().filter(|role| role.start == at);
        there.map(|role| (role.start, role.end)).max()
    }

    /// The place that begins at a word.
    fn place_at(&self, at: usize) -> Option<usize> {
        self.places.iter().position(|place| place.start == at)
    }
}
