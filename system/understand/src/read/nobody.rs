//! What is asked for and no document has.

use std::collections::BTreeSet;

use super::Reading;
use super::elements::text_of;
use crate::understanding::{Nobody, Understanding, What};
use crate::words::Token;

/// The largest number of nearest roles or places.
const NEAREST: usize = 5;

impl Reading<'_> {
    pub(super) fn report_nobody(&self, found: &mut Understanding) {
        if self.tokens.is_empty() {
            found.nobody.push(Nobody {
                what: What::Text,
                text: String::new(),
                nearest: Vec::new(),
            });
            return;
        }
        if self.understander.has_roles && self.understander.dictionary.parts.roles {
            let role = self.unknown_role(found);
            found.nobody.extend(role);
        }
        if !self.understander.places.is_empty() {
            let place = self.unknown_place(found);
            found.nobody.extend(place);
        }
    }

    fn unknown_role(&self, found: &Understanding) -> Option<Nobody> {
        if found.roles.is_empty() {
            return self.role_that_no_list_has(found);
        }
        if found.roles.iter().any(|role| !role.values.is_empty()) {
            return None;
        }
        Some(Nobody {
            what: What::Role,
            text: found.roles[0].text.clone(),
            nearest: found.related.iter().take(NEAREST).cloned().collect(),
        })
    }

    /// Words that no list has, where a role would stand.
    fn role_that_no_list_has(&self, found: &Understanding) -> Option<Nobody> {
        let understander = self.understander;
        let is_unknown = |at: usize| {
            let token = &self.tokens[at];
            !self.used[at] && !token.is_number && !understander.is_known_word(&token.text)
        };
        let unknown = (0..self.tokens.len()).filter(|at| is_unknown(*at)).count();
        if !found.not_roles.is_empty() || unknown == 0 || unknown != found.rest.len() {
            return None;
        }
        let mut last = None;
        let mut start = 0;
        while start < self.tokens.len() {
            if !is_unknown(start) {
                start += 1;
                continue;
            }
            let mut end = start + 1;
            while end < self.tokens.len() && is_unknown(end) && !self.tokens[end].breaks {
                end += 1;
            }
            if self.ends_phrase(end) || self.begins_something(end) {
                last = Some((start, end));
            }
            start = end;
        }
        let (start, end) = last?;
        let words = &self.tokens[start..end];
        let with_word = |word: &Token| understander.values_by_word.get(&word.key);
        let near = words.iter().filter_map(with_word);
        let near: BTreeSet<_> = near
            .flat_map(|values| values.iter().take(NEAREST))
            .collect();
        Some(Nobody {
            what: What::Role,
            text: text_of(words),
            nearest: near.into_iter().take(NEAREST).cloned().collect(),
        })
    }

    /// Whether a token begins something other than more words of a role.
    fn begins_something(&self, at: usize) -> bool {
        let cues = &self.understander.dictionary.cues;
        let token = &self.tokens[at];
        self.used[at]
            || token.is_number
            || cues.client_end.contains(&token.key)
            || cues.client_before.contains(&token.key)
            || self.length_at(&cues.place_before, at).is_some()
    }

    fn unknown_place(&self, found: &Understanding) -> Option<Nobody> {
        let first = found.places.first()?;
        if found.places.iter().any(|place| place.is_known()) {
            return None;
        }
        let same_state =
            self.understander.places.iter().filter(|place| {
                place.people > 0 && first.state.as_ref() == Some(&place.state_code)
            });
        let mut near: Vec<_> = same_state.filter(|place| !place.city.is_empty()).collect();
        near.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.city.cmp(&b.city)));
        let name = |place: &&crate::understander::DocumentPlace| {
            format!("{}, {}", place.city, place.state)
        };
        Some(Nobody {
            what: What::Place,
            text: first.text.clone(),
            nearest: near.iter().map(name).take(NEAREST).collect(),
        })
    }
}
