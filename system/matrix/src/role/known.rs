//! The roles and cities of all corpora, and where they occur in a text.

use std::collections::HashSet;

use super::key::{RoleKey, city_key, push_singular};

/// The maximum number of words of a role or city. Longer values are hardly roles or cities, and would
/// slow every search down.
const MAX_WORDS: usize = 64;

/// The keys of the roles and cities of all documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownTerms {
    roles: Terms,
    cities: Terms,
}

/// An occurrence of a known key in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// The position of its first word.
    pub(super) start: usize,
    /// The position after its last word.
    pub(super) end: usize,
    pub(super) key: String,
}

impl KnownTerms {
    /// Adds roles and cities in any spelling.
    pub fn add<'a>(
        &mut self,
        roles: impl IntoIterator<Item = &'a str>,
        cities: impl IntoIterator<Item = &'a str>,
    ) {
        for key in roles.into_iter().filter_map(RoleKey::from_text) {
            self.roles.add(key.as_str());
        }
        for key in cities.into_iter().filter_map(city_key) {
            self.cities.add(&key);
        }
    }

    /// The occurrences of known roles, by position, shorter ones first.
    pub(super) fn roles_in(&self, words: &[String]) -> Vec<Occurrence> {
        self.roles.occurrences(words, push_singular)
    }

    /// The occurrences of known cities, by position, shorter ones first.
    pub(super) fn cities_in(&self, words: &[String]) -> Vec<Occurrence> {
        self.cities
            .occurrences(words, |out, word| out.push_str(word))
    }

    /// The keys of the known cities that occur in these words.
    pub(crate) fn cities_of(&self, words: &[String]) -> HashSet<String> {
        let occurrences = self.cities_in(words);
        occurrences.into_iter().map(|found| found.key).collect()
    }
}

/// A set of keys, and the number of words of the longest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Terms {
    keys: HashSet<Box<str>>,
    max_words: usize,
}

impl Terms {
    fn add(&mut self, key: &str) {
        let words = key.split(' ').count();
        if words <= MAX_WORDS && !self.keys.contains(key) {
            self.keys.insert(key.into());
            self.max_words = self.max_words.max(words);
        }
    }

    /// `push_last` appends the normalized form of the last word of a key.
    fn occurrences(
        &self,
        words: &[String],
        push_last: impl Fn(&mut String, &str),
    ) -> Vec<Occurrence> {
        let mut found = Vec::new();
        let mut key = String::new();
        for start in 0..words.len() {
            key.clear();
            for end in start + 1..=words.len().min(start + self.max_words) {
                let last = &words[end - 1];
                let before_last = key.len();
                push_last(&mut key, last);
                if self.keys.contains(key.as_str()) {
                    let key = key.clone();
                    found.push(Occurrence { start, end, key });
                }
                key.truncate(before_last);
                key.push_str(last);
                key.push(' ');
            }
        }
        found
    }
}
