//! A dictionary with the roles and places of the documents.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::correction::Correctable;
use crate::terms::{Dictionary, Meaning, RoleEntry, joined};
use crate::words::{Token, singular};

/// Understands texts about the documents of one vocabulary.
#[derive(Debug, Clone)]
pub struct Understander {
    pub(crate) dictionary: Arc<Dictionary>,
    /// The roles of the lexicon, then those of the documents that it does not know.
    pub(crate) roles: Vec<RoleEntry>,
    /// The terms of the documents' roles and places, with what the lexicon means by them.
    pub(crate) extra: HashMap<String, Meaning>,
    pub(crate) extra_words: HashSet<String>,
    pub(crate) correctable: Correctable,
    /// The documents' roles by the keys of their words.
    pub(crate) values_by_word: HashMap<String, BTreeSet<String>>,
    /// The places of the documents.
    pub(crate) places: Vec<DocumentPlace>,
    pub(crate) places_by_city: HashMap<String, Vec<usize>>,
    /// The documents' values for states in which there are people, by code.
    pub(crate) states: HashMap<String, Vec<String>>,
    pub(crate) has_roles: bool,
}

/// A place of documents.
#[derive(Debug, Clone)]
pub(crate) struct DocumentPlace {
    /// The code of the state, or its value if it is none.
    pub(crate) state_code: String,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) people: u64,
}

impl Understander {
    /// The meaning of a key.
    pub(crate) fn meaning(&self, key: &str) -> Option<&Meaning> {
        let extra = self.extra.get(key);
        extra.or_else(|| self.dictionary.terms.get(key))
    }

    /// Whether a word is one of a term or a list.
    pub(crate) fn knows(&self, key: &str) -> bool {
        self.dictionary.known.contains(key) || self.extra_words.contains(key)
    }

    /// The words of the lexicon.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// Whether a folded word, or its singular, is one of a term or a list.
    pub fn is_known_word(&self, word: &str) -> bool {
        self.knows(word) || self.knows(&singular(word))
    }

    /// Whether a token is a first name that is no part of a term, as in `San Jose`.
    pub(crate) fn is_first_name(&self, tokens: &[Token], at: usize) -> bool {
        const LONGEST_TERM: usize = 4;
        if !self.dictionary.names.first.contains(&tokens[at].text) {
            return false;
        }
        let mut starts = (0..=at).rev().take(LONGEST_TERM);
        !starts.any(|start| {
            let breaks = tokens[start + 1..=at].iter().any(|token| token.breaks);
            !breaks && self.has_term(&joined(&tokens[start..=at]))
        })
    }

    fn has_term(&self, key: &str) -> bool {
        self.dictionary.terms.contains_key(key) || self.extra.contains_key(key)
    }

    /// The tokens, with misspelled words corrected.
    pub(crate) fn corrected(&self, mut tokens: Vec<Token>) -> Vec<Token> {
        if !self.dictionary.parts.correction {
            return tokens;
        }
        let mut follows_first_name = false;
        for at in 0..tokens.len() {
            let is_first_name = self.is_first_name(&tokens, at);
            let token = &mut tokens[at];
            let is_name = is_first_name || (follows_first_name && !token.breaks);
            follows_first_name = is_first_name;
            let is_known = token.is_number
                || is_name
                || self.knows(&token.key)
                || self.knows(&token.text)
                || self.dictionary.abbreviations.contains_key(&token.text)
                || self.has_term(&token.key);
            if is_known {
                continue;
            }
            let of_lexicon = self.dictionary.correctable.nearest(token);
            let of_documents = self.correctable.nearest(token);
            let nearest = of_lexicon.into_iter().chain(of_documents).min();
            let key = nearest.map(|(_, _, word)| singular(&word));
            if let Some(key) = key {
                token.key = key;
                token.is_corrected = true;
            }
        }
        tokens
    }
}
