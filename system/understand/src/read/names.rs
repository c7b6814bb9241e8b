//! What may be the name of a person (`matrix_search.md`, "A name of nobody").

use super::Reading;
use super::elements::{Kind, text_of};
use crate::understanding::{PossibleName, Understanding};

/// The largest number of words.
const LONGEST: usize = 6;

impl Reading<'_> {
    pub(super) fn find_possible_names(&self, found: &mut Understanding) {
        let mut start = 0;
        while start < self.tokens.len() {
            let ambiguous = self.ambiguous_name_end(start);
            let end = ambiguous.unwrap_or_else(|| self.strange_end(start));
            let is_name = (2..=LONGEST).contains(&(end - start));
            if is_name && !self.wants_work_outside(start, end) {
                found.possible_names.push(PossibleName {
                    text: text_of(&self.tokens[start..end]),
                    is_clear: ambiguous.is_some() || self.is_clear_name(start, end),
                });
            }
            start = end.max(start + 1);
        }
    }

    /// Where a first name ends together with a last name that is also a role or a place: `call Maria Cook`.
    fn ambiguous_name_end(&self, start: usize) -> Option<usize> {
        let last = self.tokens.get(start + 1).filter(|last| !last.breaks)?;
        let element = &self.elements[self.element_at[start + 1]?];
        let is_one_word = (element.start, element.end) == (start + 1, start + 2);
        let is_first = self.is_first_name(start) && !self.used[start];
        if !is_first || !is_one_word || element.is_unwanted {
            return None;
        }
        let is_name = match element.kind? {
            Kind::Place if element.places.iter().all(|place| !place.is_known()) => true,
            Kind::Place => self.is_behind_name_cue(start),
            Kind::Role => last.text == last.key && self.is_behind_name_cue(start),
            _ => false,
        };
        is_name.then_some(start + 2)
    }

    /// The end of the longest run of words that are no part of anything else.
    fn strange_end(&self, start: usize) -> usize {
        let mut end = start;
        let particles = &self.understander.dictionary.names.particles;
        let goes_on = |at: usize| {
            let token = &self.tokens[at];
            let is_part = self.is_rest(at) || particles.contains(&token.text);
            is_part && !token.breaks
        };
        let is_known = self.understander.is_known_word(&self.tokens[start].text);
        if self.is_rest(start) && (!is_known || self.is_first_name(start)) {
            end += 1;
        }
        while end > start && end < self.tokens.len() && goes_on(end) {
            end += 1;
        }
        while end > start && !self.is_rest(end - 1) {
            end -= 1;
        }
        end
    }

    fn is_clear_name(&self, start: usize, end: usize) -> bool {
        let particles = &self.understander.dictionary.names.particles;
        let mut words = self.tokens[start..end].iter();
        let is_title = words.all(|word| word.is_title || particles.contains(&word.text));
        self.is_first_name(start)
            || (is_title && self.has_lower_case && self.is_behind_name_cue(start))
    }

    fn is_first_name(&self, at: usize) -> bool {
        let first = &self.understander.dictionary.names.first;
        first.contains(&self.tokens[at].text)
    }

    fn is_behind_name_cue(&self, at: usize) -> bool {
        let before = &self.understander.dictionary.cues.name_before;
        self.length_before(before, at).is_some()
    }

    /// Whether a role or a certificate is named outside of a range.
    fn wants_work_outside(&self, start: usize, end: usize) -> bool {
        self.elements.iter().any(|element| {
            let is_work = matches!(
                element.kind,
                Some(Kind::Role | Kind::Hint | Kind::Certificate)
            );
            is_work && !(start..end).contains(&element.start)
        })
    }
}
