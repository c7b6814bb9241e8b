//! The roles and cities that the corpora name, and where they occur in a text.

use std::collections::HashSet;

use super::key::{RoleKey, city_key, push_singular};

/// A role or city of more words is not looked for in texts: it would make every search slow, and
/// it is no name of a role or city.
const MOST_WORDS: usize = 64;

/// The keys of all roles and cities that documents name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    roles: Terms,
    cities: Terms,
}

/// A known key at a place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// Its first word's place.
    pub(super) start: usize,
    /// The place behind its last word.
    pub(super) end: usize,
    pub(super) key: String,
}

impl Known {
    /// Adds roles and cities as documents spell them.
    pub fn add<'a>(
        &mut self,
        roles: impl IntoIterator<Item = &'a str>,
        cities: impl IntoIterator<Item = &'a str>,
    ) {
        for key in roles.into_iter().filter_map(RoleKey::of) {
            self.roles.add(key.as_str());
        }
        for key in cities.into_iter().filter_map(city_key) {
            self.cities.add(&key);
        }
    }

    /// Where known roles occur, by their place, shorter ones first.
    pub(super) fn roles_in(&self, words: &[String]) -> Vec<Occurrence> {
        self.roles.occurrences(words, push_singular)
    }

    /// Where known cities occur, by their place, shorter ones first.
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

/// A set of keys, and how long they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Terms {
    keys: HashSet<Box<str>>,
    most_words: usize,
}

impl Terms {
    fn add(&mut self, key: &str) {
        let words = key.split(' ').count();
        if words <= MOST_WORDS && !self.keys.contains(key) {
            self.keys.insert(key.into());
            self.most_words = self.most_words.max(words);
        }
    }

    /// `push_last` appends the last word of a key as keys spell it.
    fn occurrences(
        &self,
        words: &[String],
        push_last: impl Fn(&mut String, &str),
    ) -> Vec<Occurrence> {
        let mut found = Vec::new();
        let mut key = String::new();
        for start in 0..words.len() {
            key.clear();
            for end in start + 1..=words.len().min(start + self.most_words) {
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
