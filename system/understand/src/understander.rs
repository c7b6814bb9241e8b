//! A dictionary with the roles and places of the documents.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::correction::Correctable;
use crate::terms::{Dictionary, Meaning, PlaceMeaning, RoleEntry};
use crate::words::{Token, singular};

/// Understands texts about the documents of one vocabulary.
#[derive(Debug, Clone)]
pub struct Understander {
    pub(crate) dictionary: Arc<Dictionary>,
    /// The roles of the lexicon, then those of the documents that it does not know.
    pub(crate) roles: Vec<RoleEntry>,
    /// The terms of the documents' roles and places.
    pub(crate) extra: HashMap<String, Meaning>,
    pub(crate) extra_words: HashSet<String>,
    pub(crate) correctable: Correctable,
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
