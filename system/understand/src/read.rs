//! Reading a text: its elements, and what they come to.

mod client;
mod elements;
mod names;
mod nobody;
mod numbers;
mod places;
mod roles;
mod wanted;

pub(crate) use elements::elements;
use elements::{Element, Kind, text_of};

use std::collections::HashSet;

use crate::long::read_part;
use crate::terms::Cue;
use crate::understander::Understander;
use crate::understanding::{Availability, Certificate, Shift, Understanding};
use crate::words::{Keys, Token, tokens};

/// The largest number of tokens in an entry of a list.
const LONGEST_ENTRY: usize = 5;

/// A text while it is read.
struct Reading<'u> {
    understander: &'u Understander,
    tokens: Vec<Token>,
    keys: Keys,
    has_lower_case: bool,
    elements: Vec<Element<'u>>,
    /// The element of each token.
    element_at: Vec<Option<usize>>,
    /// Whether each token was used for something.
    used: Vec<bool>,
}

impl Understander {
    /// What a text asks for.
    pub fn understand(&self, text: &str) -> Understanding {
        understand(self, read_part(text))
    }
}

fn understand(understander: &Understander, text: &str) -> Understanding {
    let tokens = understander.corrected(tokens(text));
    let keys = Keys::of_tokens(&tokens);
    let mut reading = Reading {
        elements: elements(understander, &tokens, &keys),
        element_at: Vec::new(),
        used: vec![false; tokens.len()],
        has_lower_case: text.bytes().any(|byte| byte.is_ascii_lowercase()),
        understander,
        tokens,
        keys,
    };
    reading.read()
}

impl Reading<'_> {
    fn read(&mut self) -> Understanding {
        let mut found = Understanding::default();
        self.resolve_places();
        self.drop_counted_days();
        self.elements.retain(|element| element.kind.is_some());
        self.element_at = vec![None; self.tokens.len()];
        for (at, element) in self.elements.iter().enumerate() {
            self.element_at[element.start..element.end].fill(Some(at));
        }
        self.mark_unwanted();
        self.drop_optional_certificates();
        let parts = self.understander.dictionary.parts();
        if parts.numbers {
            self.read_numbers(&mut found);
        }
        if parts.client {
            self.read_client(&mut found);
        }
        self.collect_places(&mut found);
        self.collect_roles(&mut found);
        self.collect_certificates(&mut found);
        self.collect_shifts(&mut found);
        found.availability = self.availability();
        self.collect_rest(&mut found);
        if parts.nobody {
            self.report_nobody(&mut found);
        }
        self.find_possible_names(&mut found);
        found
    }

    /// `3 days` and `an hour a day` name no shift.
    fn drop_counted_days(&mut self) {
        let dictionary = &self.understander.dictionary;
        for element in &mut self.elements {
            let is_single = element.kind == Some(Kind::Shift) && element.end == element.start + 1;
            let Some(before) = element.start.checked_sub(1).filter(|_| is_single) else {
                continue;
            };
            let before = &self.tokens[before];
            let is_counted = before.is_number
                || dictionary.numbers.contains_key(&before.key)
                || dictionary.cues.per.contains(&before.key);
            if is_counted && !self.tokens[element.start].breaks {
                element.kind = None;
            }
        }
    }

    fn collect_certificates(&mut self, found: &mut Understanding) {
        for at in self.of_kind(Kind::Certificate) {
            let element = &self.elements[at];
            let Some(certificate) = element.meaning.certificate else {
                continue;
            };
            let name = &self.understander.dictionary.certificates[certificate];
            let list = if element.is_unwanted {
                &mut found.not_certificates
            } else {
                &mut found.certificates
            };
            if list.iter().all(|known| known.certificate != *name) {
                list.push(Certificate {
                    certificate: name.clone(),
                    field: field_of(name),
                    text: text_of(&self.tokens[element.start..element.end]),
                });
            }
            self.use_element(at);
        }
    }

    fn collect_shifts(&mut self, found: &mut Understanding) {
        for at in self.of_kind(Kind::Shift) {
            let element = &self.elements[at];
            let Some(shift) = element.meaning.shift else {
                continue;
            };
            let name = &self.understander.dictionary.shifts[shift];
            let list = if element.is_unwanted {
                &mut found.not_shifts
            } else {
                &mut found.shifts
            };
            if list.iter().all(|known| known.shift != *name) {
                list.push(Shift {
                    shift: name.clone(),
                    text: text_of(&self.tokens[element.start..element.end]),
                });
            }
            self.use_element(at);
        }
        let not = &found.not_shifts;
        found
            .shifts
            .retain(|shift| not.iter().all(|other| other.shift != shift.shift));
    }

    fn availability(&self) -> Availability {
        let has = |cue| !self.of_kind(Kind::Cue(cue)).is_empty();
        if !self.understander.dictionary.parts.availability || has(Cue::AnyAvailability) {
            Availability::Any
        } else if has(Cue::Unavailable) {
            Availability::Unavailable
        } else {
            Availability::Available
        }
    }

    fn collect_rest(&mut self, found: &mut Understanding) {
        for at in self.of_cues() {
            self.use_element(at);
        }
        let rest = (0..self.tokens.len()).filter(|at| self.is_rest(*at));
        found.rest = rest.map(|at| self.tokens[at].text.clone()).collect();
    }

    /// Whether a word was used for nothing, and may say something.
    fn is_rest(&self, at: usize) -> bool {
        let dictionary = &self.understander.dictionary;
        let token = &self.tokens[at];
        let is_of_list = dictionary.common.contains(&token.key)
            || dictionary.cues.filler.contains(&token.key)
            || dictionary.cues.join.contains(&token.key);
        !self.used[at] && !token.is_number && !is_of_list
    }

    fn of_kind(&self, kind: Kind) -> Vec<usize> {
        let is_of = |at: &usize| self.elements[*at].kind == Some(kind);
        (0..self.elements.len()).filter(is_of).collect()
    }

    fn of_cues(&self) -> Vec<usize> {
        let is_cue = |at: &usize| matches!(self.elements[*at].kind, Some(Kind::Cue(_)));
        (0..self.elements.len()).filter(is_cue).collect()
    }

    fn use_element(&mut self, at: usize) {
        let Element { start, end, .. } = self.elements[at];
        self.used[start..end].fill(true);
    }

    /// Whether nothing of the same phrase follows.
    fn ends_phrase(&self, end: usize) -> bool {
        self.tokens.get(end).is_none_or(|token| token.breaks)
    }

    /// The length of the longest of the keys that end right before a token, within its phrase.
    fn length_before(&self, keys: &HashSet<String>, end: usize) -> Option<usize> {
        let first = end.saturating_sub(LONGEST_ENTRY);
        let breaks = |at: &usize| self.tokens.get(*at).is_some_and(|token| token.breaks);
        let first = (first + 1..=end).rev().find(breaks).unwrap_or(first);
        let mut starts = first..end;
        let start = starts.find(|start| keys.contains(self.keys.of(*start, end)));
        start.map(|start| end - start)
    }

    /// The length of the longest of the keys that begin at a token.
    fn length_at(&self, keys: &HashSet<String>, start: usize) -> Option<usize> {
        let last = (start + LONGEST_ENTRY).min(self.tokens.len());
        let within = (start + 1..last).find(|at| self.tokens[*at].breaks);
        let mut ends = (start + 1..=within.unwrap_or(last)).rev();
        let end = ends.find(|end| keys.contains(self.keys.of(start, *end)));
        end.map(|end| end - start)
    }
}

/// The metadata member of a certificate's holders.
fn field_of(certificate: &str) -> String {
    let name = certificate.to_ascii_lowercase();
    let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("cert_{name}")
}
