//! What the parts of the understanding leave of a meaning.

use super::{Cue, Meaning, PlaceMeaning};
use crate::parts::Parts;

impl Meaning {
    /// What the parts leave of the meaning, if anything; `is_named` says whether the term is a role's name.
    pub(crate) fn within(
        mut self,
        parts: &Parts,
        is_named: impl Fn(&usize) -> bool,
    ) -> Option<Self> {
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
}
