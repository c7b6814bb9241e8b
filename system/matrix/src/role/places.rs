//! The places that a query names, and whether an answer is elsewhere (`playbook.md`, "Places").

use lakehouse_vector::{Metadata, Scalar};

use super::{key::city_key, known::KnownTerms};

/// The places that a query names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places(Vec<Place>);

/// A place that is wanted or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) city: Option<City>,
    /// The key of the state.
    pub(super) state: Option<Box<str>>,
    pub(super) is_unwanted: bool,
}

/// The key of a city without spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum City {
    /// Documents have it.
    Known(Box<str>),
    /// No document has it.
    Unknown(Box<str>),
}

/// Words, and the places that they stand for.
#[derive(Debug, Clone)]
pub(super) struct FoundPlace {
    pub(super) start: usize,
    pub(super) end: usize,
    /// One, or all that a nickname stands for.
    pub(super) places: Vec<Place>,
    /// Whether they are a state alone, by its name or code.
    pub(super) is_state: bool,
}

/// The city and state of a document.
struct Address {
    city: Option<Box<str>>,
    state: Option<Box<str>>,
}

impl Places {
    /// The found places, in a fixed order.
    pub(super) fn of(found: &[FoundPlace]) -> Self {
        let places = found.iter().flat_map(|found| found.places.iter().cloned());
        let mut places: Vec<_> = places.collect();
        places.sort_unstable();
        places.dedup();
        Self(places)
    }

    /// Whether a document is not in one of these places. A document without a city and a state is where
    /// the recorded query, whose places `recorded` returns, asked for it.
    pub fn are_elsewhere(
        &self,
        document: &Metadata,
        known: &KnownTerms,
        recorded: impl FnOnce() -> Self,
    ) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let text_of = |field| match document.get(field) {
            Some(Scalar::Text(text)) => Some(text),
            _ => None,
        };
        let address = Address {
            city: text_of("city").and_then(|city| city_key(&city)),
            state: text_of("state").and_then(|state| known.lexicon().state_key(&state)),
        };
        if address.city.is_some() || address.state.is_some() {
            return self.exclude(&address);
        }
        let recorded = recorded();
        let is_asked_for = *self == recorded
            || recorded
                .address()
                .is_some_and(|address| !self.exclude(&address));
        !is_asked_for
    }

    /// The only place that is wanted, if there is one and documents have it.
    fn address(&self) -> Option<Address> {
        let mut wanted = self.0.iter().filter(|place| !place.is_unwanted);
        let place = wanted.next().filter(|_| wanted.next().is_none())?;
        let city = match &place.city {
            Some(City::Unknown(_)) => return None,
            Some(City::Known(city)) => Some(city.clone()),
            None => None,
        };
        let state = place.state.clone();
        Some(Address { city, state })
    }

    fn exclude(&self, address: &Address) -> bool {
        let (unwanted, wanted): (Vec<&Place>, _) =
            self.0.iter().partition(|place| place.is_unwanted);
        unwanted.iter().any(|place| address.may_be_in(place)) || !address.is_in_one_of(&wanted)
    }
}

impl Address {
    fn may_be_in(&self, place: &Place) -> bool {
        let city_agrees = match (&place.city, &self.city) {
            (Some(City::Unknown(_)), _) => false,
            (Some(City::Known(city)), Some(own)) => city == own,
            (_, None) | (None, _) => true,
        };
        let state = place.state.as_deref();
        city_agrees && state.is_none_or(|state| self.state_agrees(state))
    }

    fn is_in_one_of(&self, wanted: &[&Place]) -> bool {
        let states: Vec<_> = wanted
            .iter()
            .filter(|place| place.city.is_none())
            .filter_map(|place| place.state.as_deref())
            .collect();
        let cities: Vec<_> = wanted.iter().filter(|place| place.city.is_some()).collect();
        if cities.is_empty() {
            let is_one = |state: &&str| self.state.as_deref() == Some(*state);
            return states.is_empty() || states.iter().any(is_one);
        }
        cities.iter().any(|place| {
            let is_city =
                matches!(&place.city, Some(City::Known(city)) if self.city.as_ref() == Some(city));
            let state_agrees = match place.state.as_deref() {
                Some(state) => self.state_agrees(state),
                None => states.is_empty() || states.iter().any(|state| self.state_agrees(state)),
            };
            is_city && state_agrees
        })
    }

    /// Many corpora have no states.
    fn state_agrees(&self, state: &str) -> bool {
        self.state.as_deref().is_none_or(|own| own == state)
    }
}
