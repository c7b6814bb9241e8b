//! The client: `for Beacon Freight`, `Beacon Freight needs`.

use super::Reading;
use super::elements::{Kind, text_of};
use crate::understanding::Understanding;

/// The largest number of words in a client's name.
const LONGEST: usize = 6;

impl Reading<'_> {
    /// Finds the client. Roles and places in its name do not count where there are others.
    pub(super) fn read_client(&mut self, found: &mut Understanding) {
        let Some((start, end)) = self.client_before().or_else(|| self.client_behind()) else {
            return;
        };
        self.leave_out(start, end, |kind| matches!(kind, Kind::Role | Kind::Hint));
        self.leave_out(start, end, |kind| matches!(kind, Kind::Place));
        let understander = self.understander;
        let never = &understander.dictionary.cues.client_never;
        let skipped = self.tokens[start..end]
            .iter()
            .take_while(|token| never.contains(&token.key));
        let tokens = &self.tokens[start + skipped.count()..end];
        let common = &understander.dictionary.common;
        if tokens.iter().any(|token| !common.contains(&token.key)) {
            found.client = Some(text_of(tokens));
        }
        for at in start..end {
            self.used[at] |= self.element_at[at].is_none();
        }
    }

    /// The words before `needs` and its like, at the beginning.
    fn client_before(&self) -> Option<(usize, usize)> {
        let cues = &self.understander.dictionary.cues;
        if cues.client_never.contains(&self.tokens.first()?.key) {
            return None;
        }
        let is_verb = |at: &usize| self.length_at(&cues.client_after, *at).is_some();
        let end = (1..self.tokens.len()).take(LONGEST).find(is_verb)?;
        let breaks = (1..=end).any(|at| self.tokens[at].breaks);
        let has_numbers = self.tokens[..end].iter().any(|token| token.is_number);
        (!breaks && !has_numbers && !self.is_one_element(0, end)).then_some((0, end))
    }

    /// The words behind `for` and its like.
    fn client_behind(&self) -> Option<(usize, usize)> {
        let cues = &self.understander.dictionary.cues;
        (0..self.tokens.len()).find_map(|cue| {
            let is_free = self.element_at[cue].is_none() && !self.used[cue];
            if !is_free || !cues.client_before.contains(&self.tokens[cue].key) {
                return None;
            }
            let before = cue.checked_sub(1).map(|before| &self.tokens[before]);
            if before.is_some_and(|before| cues.client_verbs.contains(&before.key)) {
                return None;
            }
            let start = cue + 1;
            let mut end = start;
            while end < self.tokens.len() && !self.ends_client(end) {
                end += 1;
            }
            let is_name = end > start && end - start <= LONGEST && !self.is_one_element(start, end);
            is_name.then_some((start, end))
        })
    }

    fn ends_client(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let kind = self.element_at[at].and_then(|element| self.elements[element].kind);
        let is_other = matches!(
            kind,
            Some(Kind::Shift | Kind::Certificate | Kind::StateOfCity | Kind::Cue(_))
        );
        token.breaks
            || token.is_number
            || self.used[at]
            || is_other
            || self
                .understander
                .dictionary
                .cues
                .client_end
                .contains(&token.key)
    }

    fn is_one_element(&self, start: usize, end: usize) -> bool {
        let element = self.element_at[start].map(|at| &self.elements[at]);
        element.is_some_and(|element| element.start == start && element.end == end)
    }

    /// Elements of a kind in the name do not count if others are outside of it.
    fn leave_out(&mut self, start: usize, end: usize, is_of: impl Fn(Kind) -> bool) {
        let is_of = |kind: Option<Kind>| kind.is_some_and(&is_of);
        let is_outside = |at: usize| at < start || at >= end;
        let has_others = self.elements.iter().any(|element| {
            is_of(element.kind) && is_outside(element.start) && !element.is_unwanted
        });
        if !has_others {
            return;
        }
        for element in &mut self.elements {
            if is_of(element.kind) && !is_outside(element.start) {
                element.kind = None;
                self.used[element.start..element.end].fill(true);
            }
        }
    }
}
