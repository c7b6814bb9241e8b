//! What is not wanted, and certificates that are only wished for.

use super::Reading;
use super::elements::Kind;
use crate::terms::Cue;

impl Reading<'_> {
    /// Marks the elements behind `not` and its like.
    pub(super) fn mark_unwanted(&mut self) {
        for cue in self.of_kind(Kind::Cue(Cue::Not)) {
            let first = self.skip_filler(self.elements[cue].end);
            let Some(first) = first.and_then(|at| self.thing_at(at)) else {
                continue;
            };
            let kind = self.elements[first].kind;
            let mut next = Some(first);
            while let Some(at) = next {
                self.elements[at].is_unwanted = true;
                next = self.joined_to(at).filter(|at| {
                    let kinds = kind.zip(self.elements[*at].kind);
                    kinds.is_some_and(|(first, next)| first.is_like(next))
                });
            }
        }
    }

    /// Certificates with `preferred` and its like do not count.
    pub(super) fn drop_optional_certificates(&mut self) {
        for at in self.of_kind(Kind::Certificate) {
            let (start, end) = (self.elements[at].start, self.elements[at].end);
            let is = |place: Option<usize>, cue| {
                place.is_some_and(|at| self.elements[at].kind == Some(Kind::Cue(cue)))
            };
            let behind = self.element_at.get(end).copied().flatten();
            let before = at.checked_sub(1).filter(|before| {
                let between = self.elements[*before].end..start;
                between.into_iter().all(|token| self.is_filler(token))
            });
            if is(behind, Cue::OptionalAfter) || is(before, Cue::OptionalBefore) {
                self.elements[at].kind = None;
                self.used[start..end].fill(true);
            }
        }
    }

    /// The first place from a token on that is not filler, unless the phrase ends before.
    fn skip_filler(&self, start: usize) -> Option<usize> {
        let mut at = start;
        loop {
            let token = self.tokens.get(at)?;
            if token.breaks {
                return None;
            }
            match self.element_at[at] {
                Some(element) if self.elements[element].kind == Some(Kind::Cue(Cue::Not)) => {
                    at = self.elements[element].end;
                }
                Some(_) => return Some(at),
                None if self.is_filler(at) => at += 1,
                None => return Some(at),
            }
        }
    }

    fn is_filler(&self, at: usize) -> bool {
        let filler = &self.understander.dictionary.cues.filler;
        self.element_at[at].is_none() && filler.contains(&self.tokens[at].key)
    }

    /// The element that begins at a token and can be wanted or not.
    fn thing_at(&self, at: usize) -> Option<usize> {
        let element = self.element_at.get(at).copied().flatten()?;
        self.elements[element].kind?.is_thing().then_some(element)
    }

    /// The element that a list continues with.
    fn joined_to(&self, at: usize) -> Option<usize> {
        let mut end = self.elements[at].end;
        if let Some(state) = self.element_at.get(end).copied().flatten()
            && self.elements[state].kind == Some(Kind::StateOfCity)
        {
            end = self.elements[state].end;
        }
        let token = self.tokens.get(end)?;
        let join = &self.understander.dictionary.cues.join;
        if self.element_at[end].is_none() && join.contains(&token.key) {
            let is_last_of_list = !token.breaks || token.gap.contains(',');
            return self
                .skip_filler(end + 1)
                .filter(|_| is_last_of_list)
                .and_then(|at| self.thing_at(at));
        }
        let is_listed = token.gap.contains('/') || token.gap.trim() == ",";
        self.thing_at(end).filter(|_| is_listed)
    }
}
