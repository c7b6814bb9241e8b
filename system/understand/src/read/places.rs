//! Places: cities with or without their state, states, nicknames, and names that no list has.

use super::Reading;
use super::elements::{Kind, text_of};
use crate::terms::{City, NO_MEANING, PlaceMeaning, StateForm, StateName, push_new};
use crate::understander::{DocumentPlace, Understander};
use crate::understanding::{How, Place, PlaceValues, Understanding};
use crate::words::singular;

/// The largest number of words in a name that no list has.
const LONGEST_UNKNOWN: usize = 3;

impl<'u> Reading<'u> {
    /// Decides which elements are places, and which.
    pub(super) fn resolve_places(&mut self) {
        for at in 0..self.elements.len() {
            if self.elements[at].kind != Some(Kind::Place) {
                continue;
            }
            let Some(meaning) = &self.elements[at].meaning.place else {
                continue;
            };
            let with_state = self.state_behind(at, meaning);
            let places = match with_state {
                Some(state) => {
                    self.elements[at + 1].kind = Some(Kind::StateOfCity);
                    self.in_state(at, meaning, state)
                }
                None => self.alone(at, meaning),
            };
            let element = &mut self.elements[at];
            element.places = places;
            if element.places.is_empty() {
                element.kind = element.meaning.kind(false);
            }
        }
    }

    /// The state that stands directly behind a city.
    fn state_behind(&self, at: usize, meaning: &PlaceMeaning) -> Option<&'u StateName> {
        let mut cities = meaning.cities.iter().chain(&meaning.nickname);
        if cities.all(|city| city.is_state) {
            return None;
        }
        let (city, next) = (&self.elements[at], self.elements.get(at + 1)?);
        if next.start != city.end || next.kind != Some(Kind::Place) {
            return None;
        }
        let state = next.meaning.place.as_ref()?.state.as_ref()?;
        let is_pair = self.understander.has_city(meaning, &state.code);
        let is_apart = self.tokens[next.start].gap.contains(',');
        let counts = match state.form {
            StateForm::Name => is_pair || !is_apart,
            StateForm::Code => true,
            StateForm::CodeWord => {
                self.is_capital(next.start, next.end) || (is_pair && self.ends_phrase(next.end))
            }
        };
        counts.then_some(state)
    }

    fn in_state(&self, at: usize, meaning: &PlaceMeaning, state: &StateName) -> Vec<Place> {
        let end = self.elements[at + 1].end;
        let (text, how) = self.words(self.elements[at].start, end, How::Name);
        let all = meaning.cities.iter().chain(&meaning.nickname);
        let all = all.filter(|city| !city.is_state);
        let city = all.clone().find(|city| city.state == state.code);
        let Some(city) = city.or(all.clone().next()) else {
            return Vec::new();
        };
        let city = City {
            state: state.code.clone(),
            ..city.clone()
        };
        vec![self.understander.place(&city, text, how)]
    }

    /// The places of an element without a state behind it.
    fn alone(&self, at: usize, meaning: &PlaceMeaning) -> Vec<Place> {
        let element = &self.elements[at];
        let (start, end) = (element.start, element.end);
        let is_capital = self.is_capital(start, end);
        let has_cue = self.length_before(&self.understander.dictionary.cues.place_before, start);
        let has_cue = has_cue.is_some();
        let by_people = self.understander.by_people(meaning);
        let ends_text = end == self.tokens.len();

        let is_followed = self
            .elements
            .get(at + 1)
            .is_some_and(|next| next.start == end);
        let nickname_counts = !meaning.is_guarded_nickname
            || is_capital
            || (has_cue && (self.ends_phrase(end) || is_followed))
            || (ends_text && start > 0);
        let (text, how) = self.words(start, end, How::Name);
        if !meaning.nickname.is_empty() && by_people.is_empty() && nickname_counts {
            let (text, how) = (text, if how == How::Name { How::Nickname } else { how });
            let place = |city: &City| {
                if city.is_state {
                    self.understander.state(&city.state, text.clone(), how)
                } else {
                    self.understander.place(city, text.clone(), how)
                }
            };
            return meaning.nickname.iter().map(place).collect();
        }
        let is_city_of_state = meaning.state.as_ref().is_some_and(|state| {
            let is_in = |city: &City| city.state == state.code;
            by_people.is_empty() && !meaning.cities.iter().any(is_in)
        });
        if !meaning.cities.is_empty() && !is_city_of_state {
            if !by_people.is_empty() {
                let place = |city| self.understander.place(city, text.clone(), how);
                return by_people.iter().map(place).collect();
            }
            let follows_first_name =
                start > 0 && self.understander.is_first_name(&self.tokens, start - 1);
            if has_cue || (ends_text && !follows_first_name) {
                let first = &meaning.cities[0];
                return vec![self.understander.place(first, text, how)];
            }
            return Vec::new();
        }
        let Some(state) = &meaning.state else {
            return Vec::new();
        };
        let is_glued = start > 0 && self.tokens[start].gap.is_empty();
        let (counts, by) = match state.form {
            StateForm::Name => (true, How::Name),
            StateForm::Code => (!is_glued, How::Code),
            StateForm::CodeWord => {
                let strict = &self.understander.dictionary.strict_codes;
                let is_word = strict.contains(&state.code) && self.has_lower_case;
                let is_marked = is_capital || (has_cue && !is_word);
                (!is_glued && is_marked && self.ends_phrase(end), How::Code)
            }
        };
        if !counts {
            return Vec::new();
        }
        let how = if how == How::Spelling { how } else { by };
        vec![self.understander.state(&state.code, text, how)]
    }

    /// The text of tokens and how it names something; misspelled words say so.
    fn words(&self, start: usize, end: usize, how: How) -> (String, How) {
        let tokens = &self.tokens[start..end];
        let is_misspelled = tokens.iter().any(|token| token.is_corrected);
        (
            text_of(tokens),
            if is_misspelled { How::Spelling } else { how },
        )
    }

    fn is_capital(&self, start: usize, end: usize) -> bool {
        let mut tokens = self.tokens[start..end].iter();
        self.has_lower_case && tokens.all(|token| token.is_capital)
    }

    pub(super) fn collect_places(&mut self, found: &mut Understanding) {
        if self.understander.dictionary.parts.places {
            self.find_unknown_place();
        }
        for at in self.of_kind(Kind::Place) {
            let element = &self.elements[at];
            let list = if element.is_unwanted {
                &mut found.not_places
            } else {
                &mut found.places
            };
            for place in &element.places {
                let is_same =
                    |known: &Place| known.city == place.city && known.state == place.state;
                if !list.iter().any(is_same) {
                    list.push(place.clone());
                }
            }
            self.use_element(at);
        }
        for at in self.of_kind(Kind::StateOfCity) {
            self.use_element(at);
        }
        let city_states: Vec<_> = found
            .places
            .iter()
            .filter(|place| place.city.is_some())
            .collect();
        let city_states: Vec<_> = city_states
            .iter()
            .map(|place| place.state.clone())
            .collect();
        found
            .places
            .retain(|place| place.city.is_some() || !city_states.contains(&place.state));
    }

    /// `in Smallville` and `near Smallville TX`: a place by a name that no list has.
    fn find_unknown_place(&mut self) {
        let understander = self.understander;
        let cues = &understander.dictionary.cues;
        let is_plain = |token: &crate::words::Token| {
            !token.is_number
                && !understander.knows(&singular(&token.text))
                && !understander.knows(&token.text)
        };
        for start in 1..self.tokens.len() {
            let is_free = |at: usize| self.element_at[at].is_none() && !self.used[at];
            if self.length_before(&cues.place_before, start).is_none() || !is_free(start) {
                continue;
            }
            let last = (start + LONGEST_UNKNOWN).min(self.tokens.len());
            let mut end = start;
            while end < last
                && is_free(end)
                && is_plain(&self.tokens[end])
                && (end == start || !self.tokens[end].breaks)
            {
                end += 1;
            }
            if end == start {
                continue;
            }
            let name = text_of(&self.tokens[start..end]);
            let state = self.element_at.get(end).copied().flatten();
            let state = state.filter(|at| {
                let element = &self.elements[*at];
                let is_state = element.places.iter().all(|place| place.city.is_none());
                element.kind == Some(Kind::Place) && element.start == end && is_state
            });
            if let Some(at) = state {
                let state_end = self.elements[at].end;
                let text = text_of(&self.tokens[start..state_end]);
                let place = &mut self.elements[at].places[0];
                *place = Place {
                    city: Some(name),
                    state: place.state.clone(),
                    text,
                    how: How::Unknown,
                    values: Vec::new(),
                };
                self.used[start..end].fill(true);
                return;
            }
            let has_places = !self.of_kind(Kind::Place).is_empty();
            if !has_places && self.ends_phrase(end) {
                self.used[start..end].fill(true);
                self.elements.push(super::Element {
                    start,
                    end,
                    meaning: &NO_MEANING,
                    kind: Some(Kind::Place),
                    is_unwanted: false,
                    places: vec![Place {
                        city: Some(name.clone()),
                        state: None,
                        text: name,
                        how: How::Unknown,
                        values: Vec::new(),
                    }],
                });
                return;
            }
        }
    }
}

impl Understander {
    /// Whether the lexicon or the documents have a city of the name in a state.
    fn has_city(&self, meaning: &PlaceMeaning, state: &str) -> bool {
        let mut all = meaning.cities.iter().chain(&meaning.nickname);
        all.any(|city| !city.is_state && city.state == state)
    }

    fn documents_in(&self, city: &City) -> impl Iterator<Item = &DocumentPlace> {
        let places = self.places_by_city.get(&city.key).into_iter().flatten();
        let places = places.map(|at| &self.places[*at]);
        places.filter(move |place| place.state_code == city.state)
    }

    /// The cities of a name in which documents are, those with the most documents first.
    fn by_people(&self, meaning: &PlaceMeaning) -> Vec<City> {
        let mut cities: Vec<(u64, City)> = Vec::new();
        for city in &meaning.cities {
            let people: u64 = self.documents_in(city).map(|place| place.people).sum();
            let is_new = cities.iter().all(|(_, known)| known.state != city.state);
            if people > 0 && is_new {
                cities.push((people, city.clone()));
            }
        }
        cities.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| left.state.cmp(&right.state)));
        cities.into_iter().map(|(_, city)| city).collect()
    }

    fn place(&self, city: &City, text: String, how: How) -> Place {
        let mut values = Vec::new();
        for place in self.documents_in(city).filter(|place| place.people > 0) {
            let state = (!place.state.is_empty()).then(|| place.state.clone());
            let value = PlaceValues {
                city: Some(place.city.clone()),
                state,
            };
            push_new(&mut values, value);
        }
        let known = values.first().and_then(|value| value.city.clone());
        Place {
            city: Some(known.unwrap_or_else(|| city.name.clone())),
            state: (!city.state.is_empty()).then(|| city.state.clone()),
            text,
            how,
            values,
        }
    }

    fn state(&self, code: &str, text: String, how: How) -> Place {
        let value = |state: &String| PlaceValues {
            city: None,
            state: Some(state.clone()),
        };
        let values = self.states.get(code).into_iter().flatten();
        Place {
            city: None,
            state: Some(code.to_owned()),
            text,
            how,
            values: values.map(value).collect(),
        }
    }
}
