//! A dictionary with the roles and places of the documents.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::correction::{Class, Correctable};
use crate::read;
use crate::terms::{
    City, Dictionary, Meaning, PlaceMeaning, RoleEntry, city_key, joined, spellings,
};
use crate::understanding::Understanding;
use crate::vocabulary::Vocabulary;
use crate::words::{Token, key_of, singular, tokens};

/// Understands texts about the documents of one vocabulary.
#[derive(Debug, Clone)]
pub struct Understander {
    pub(crate) dictionary: Arc<Dictionary>,
    /// The roles of the lexicon, then those of the documents that it does not know.
    pub(crate) roles: Vec<RoleEntry>,
    /// The terms of the documents' roles and places.
    extra: HashMap<String, Meaning>,
    extra_words: HashSet<String>,
    correctable: Correctable,
    /// The places of the documents.
    pub(crate) places: Vec<DocumentPlace>,
    pub(crate) has_roles: bool,
}

/// A place of documents.
#[derive(Debug, Clone)]
pub(crate) struct DocumentPlace {
    pub(crate) city_key: String,
    /// The code of the state, or its value if it is none.
    pub(crate) state_code: String,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) people: u64,
}

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

    /// What a text asks for.
    pub fn understand(&self, text: &str) -> Understanding {
        read::understand(self, text)
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

    /// The meaning of a key.
    pub(crate) fn meaning(&self, key: &str) -> Option<Cow<'_, Meaning>> {
        let base = self.dictionary.terms.get(key);
        let extra = self.extra.get(key);
        match (base, extra) {
            (None, None) => None,
            (Some(only), None) | (None, Some(only)) => Some(Cow::Borrowed(only)),
            (Some(base), Some(extra)) => {
                let mut meaning = base.clone();
                for role in &extra.roles {
                    if !meaning.roles.contains(role) {
                        meaning.roles.push(*role);
                    }
                }
                if let Some(PlaceMeaning { cities, .. }) = &extra.place {
                    let all = &mut meaning.place.get_or_insert_default().cities;
                    all.extend(cities.iter().cloned());
                }
                Some(Cow::Owned(meaning))
            }
        }
    }

    /// Whether a word is one of a term or a list.
    pub(crate) fn knows(&self, key: &str) -> bool {
        self.dictionary.known.contains(key) || self.extra_words.contains(key)
    }

    /// The tokens, with misspelled words corrected.
    pub(crate) fn corrected(&self, mut tokens: Vec<Token>) -> Vec<Token> {
        for token in &mut tokens {
            let is_known = token.is_number
                || self.knows(&token.key)
                || self.knows(&token.text)
                || self.dictionary.abbreviations.contains_key(&token.text)
                || self.dictionary.terms.contains_key(&token.key)
                || self.extra.contains_key(&token.key);
            if is_known {
                continue;
            }
            let of_lexicon = self.dictionary.correctable.nearest(token);
            let of_documents = self.correctable.nearest(token);
            let nearest = of_lexicon.into_iter().chain(of_documents).min();
            let key = nearest.map(|(_, _, word)| singular(word));
            if let Some(key) = key {
                token.key = key;
                token.is_corrected = true;
            }
        }
        tokens
    }
}
