//! Learning what the documents have: their roles, and their places.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::correction::{Class, Correctable};
use crate::read;
use crate::terms::{City, Dictionary, RoleEntry, city_key, joined, spellings};
use crate::understander::{DocumentPlace, Understander};
use crate::vocabulary::Vocabulary;
use crate::words::{key_of, tokens};

impl Understander {
    /// An understander of texts about documents with that vocabulary.
    pub fn new(dictionary: Arc<Dictionary>, vocabulary: &Vocabulary) -> Self {
        let mut understander = Self {
            roles: dictionary.roles.clone(),
            dictionary,
            extra: HashMap::new(),
            extra_words: HashSet::new(),
            correctable: Correctable::default(),
            places: Vec::new(),
            has_roles: false,
        };
        let mut roles: Vec<_> = vocabulary.roles.iter().collect();
        roles.sort_unstable();
        roles.dedup();
        for role in roles {
            understander.add_role(role);
        }
        understander.add_places(vocabulary);
        understander
    }

    fn add_role(&mut self, value: &str) {
        let key = key_of(value);
        if key.is_empty() {
            return;
        }
        self.has_roles = true;
        let at = match self.role_of_value(value, &key) {
            Some(at) => at,
            None => {
                self.roles.push(RoleEntry {
                    name: value.to_owned(),
                    key: key.clone(),
                    related: Vec::new(),
                    values: Vec::new(),
                });
                self.roles.len() - 1
            }
        };
        self.roles[at].values.push(value.to_owned());
        let roles = &mut self.extra.entry(key).or_default().roles;
        if !roles.contains(&at) {
            roles.push(at);
        }
        for token in tokens(value) {
            self.correctable.add(&token, Class::Trade);
            self.extra_words.insert(token.key);
        }
    }

    /// The role that a document's value stands for.
    fn role_of_value(&self, value: &str, key: &str) -> Option<usize> {
        let by_name = self.roles.iter().position(|role| role.key == key);
        let by_term = || {
            let meaning = self.dictionary.terms.get(key)?;
            meaning.roles.first().copied()
        };
        let by_part = || {
            let tokens = self.corrected(tokens(value));
            let elements = read::elements(self, &tokens);
            let mut roles = elements.iter().flat_map(|element| &element.meaning.roles);
            roles.next().copied()
        };
        by_name.or_else(by_term).or_else(by_part)
    }

    fn add_places(&mut self, vocabulary: &Vocabulary) {
        for known in &vocabulary.places {
            let state_key = key_of(&known.state);
            let code = self.dictionary.state_codes.get(&state_key);
            let place = DocumentPlace {
                city_key: city_key(&known.city),
                state_code: code.unwrap_or(&known.state).clone(),
                city: known.city.clone(),
                state: known.state.clone(),
                people: known.people,
            };
            for spelling in spellings(&known.city) {
                let words = tokens(&spelling);
                let key = joined(&words);
                if key.is_empty() {
                    continue;
                }
                for token in words {
                    self.correctable.add(&token, Class::Place);
                    self.extra_words.insert(token.key);
                }
                let meaning = self.extra.entry(key).or_default();
                let cities = &mut meaning.place.get_or_insert_default().cities;
                let city = City {
                    name: known.city.clone(),
                    state: place.state_code.clone(),
                    is_state: false,
                };
                if !cities.contains(&city) {
                    cities.push(city);
                }
            }
            self.places.push(place);
        }
    }
}
