//! Learning what the documents have: their roles, and their places.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::correction::{Class, Correctable};
use crate::parts::Parts;
use crate::read;
use crate::terms::{City, Dictionary, Meaning, RoleEntry, city_key, joined, push_new, spellings};
use crate::understander::{DocumentPlace, Understander};
use crate::vocabulary::Vocabulary;
use crate::words::{Keys, key_of, tokens};

impl Understander {
    /// An understander of texts about documents with that vocabulary.
    pub fn new(dictionary: Arc<Dictionary>, vocabulary: &Vocabulary) -> Self {
        let mut understander = Self {
            roles: dictionary.roles.clone(),
            dictionary,
            extra: HashMap::new(),
            extra_words: HashSet::new(),
            correctable: Correctable::default(),
            values_by_word: HashMap::new(),
            places: Vec::new(),
            places_by_city: HashMap::new(),
            states: HashMap::new(),
            has_roles: false,
        };
        let mut keys = HashMap::new();
        for (at, role) in understander.roles.iter().enumerate() {
            keys.entry(role.key.clone()).or_insert(at);
        }
        for role in vocabulary.roles.iter().collect::<BTreeSet<_>>() {
            understander.add_role(role, &mut keys);
        }
        understander.add_places(vocabulary);
        understander.leave_out_parts();
        understander
    }

    /// Leaves out what parts that are switched off make of the documents' terms.
    fn leave_out_parts(&mut self) {
        let parts = self.dictionary.parts();
        if *parts == Parts::ALL {
            return;
        }
        let extra = std::mem::take(&mut self.extra).into_iter();
        let extra = extra.filter_map(|(key, meaning)| {
            let is_named = |role: &usize| self.roles[*role].is_named(&key);
            let meaning = meaning.within(parts, is_named)?;
            Some((key, meaning))
        });
        self.extra = extra.collect();
    }

    /// Adds a role of the documents, given the roles so far by their keys.
    fn add_role(&mut self, value: &str, keys: &mut HashMap<String, usize>) {
        let key = key_of(value);
        if key.is_empty() {
            return;
        }
        self.has_roles = true;
        let by_name = keys.get(&key).copied();
        let at = match by_name.or_else(|| self.role_of_value(value, &key)) {
            Some(at) => at,
            None => {
                keys.insert(key.clone(), self.roles.len());
                self.roles.push(RoleEntry::new(value, key.clone()));
                self.roles.len() - 1
            }
        };
        self.roles[at].values.push(value.to_owned());
        self.roles[at].value_keys.insert(key.clone());
        push_new(&mut self.extra_meaning(key).roles, at);
        for token in tokens(value) {
            self.correctable.add(&token, Class::Trade);
            let values = self.values_by_word.entry(token.key.clone()).or_default();
            values.insert(value.to_owned());
            self.extra_words.insert(token.key);
        }
    }

    /// The meaning of a term of the documents, which begins with that of the lexicon.
    fn extra_meaning(&mut self, key: String) -> &mut Meaning {
        let known = self.dictionary.terms.get(&key);
        let meaning = || known.cloned().unwrap_or_default();
        self.extra.entry(key).or_insert_with(meaning)
    }

    /// The role that a document's value stands for, if no role has its name.
    fn role_of_value(&self, value: &str, key: &str) -> Option<usize> {
        let by_term = || {
            let meaning = self.dictionary.terms.get(key)?;
            meaning.roles.first().copied()
        };
        let by_part = || {
            let tokens = self.corrected(tokens(value));
            let keys = Keys::of_tokens(&tokens);
            let elements = read::elements(self, &tokens, &keys);
            let mut roles = elements.iter().flat_map(|element| &element.meaning.roles);
            roles.next().copied()
        };
        by_term().or_else(by_part)
    }

    fn add_places(&mut self, vocabulary: &Vocabulary) {
        for known in &vocabulary.places {
            let state_key = key_of(&known.state);
            let code = self.dictionary.state_codes.get(&state_key);
            let place = DocumentPlace {
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
                let city = City::new(&known.city, &place.state_code);
                let meaning = self.extra_meaning(key).place.get_or_insert_default();
                push_new(&mut meaning.cities, city);
            }
            let city_key = city_key(&place.city);
            let of_city = self.places_by_city.entry(city_key).or_default();
            of_city.push(self.places.len());
            if place.people > 0 {
                let values = self.states.entry(place.state_code.clone()).or_default();
                push_new(values, place.state.clone());
            }
            self.places.push(place);
        }
    }
}
