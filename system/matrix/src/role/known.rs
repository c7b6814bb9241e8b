//! The roles and cities of all corpora and the learned synonyms, and where they occur in a text.

use std::collections::HashMap;

use super::{
    key::{RoleKey, city_key, city_word, compact, singular},
    lists::Kind,
    words::{Word, words},
};

/// The maximum number of words of a role or city. Longer values are hardly roles or cities, and would
/// slow every search down.
const MAX_WORDS: usize = 64;
/// More characters than the singular of a word has fewer than the word.
const MAX_SHORTENING: usize = 8;
/// The minimum number of characters of a word that hints at a role.
const MIN_HINT: usize = 4;
/// Between the words of a synonym and its role.
const IS: &str = " = ";

/// The keys of the roles and cities of all documents, and synonyms of roles.
#[derive(Debug, Clone, Default)]
pub struct KnownTerms {
    /// By key without spaces. Synonyms have the key of their role.
    roles: HashMap<Box<str>, Known>,
    max_role: usize,
    cities: HashMap<Box<str>, ()>,
    max_city: usize,
    /// The roles of documents with two or more words.
    long_roles: Vec<(RoleKey, Vec<Box<str>>)>,
    /// By word.
    hints: HashMap<Box<str>, Hint>,
}

#[derive(Debug, Clone)]
struct Known {
    role: RoleKey,
    is_synonym: bool,
}

/// The role that a word is part of.
#[derive(Debug, Clone)]
struct Hint {
    role: RoleKey,
    is_shared: bool,
    is_before_the_last: bool,
}

/// An occurrence of a known role in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// The position of its first word.
    pub(super) start: usize,
    /// The position after its last word.
    pub(super) end: usize,
    pub(super) role: RoleKey,
}

/// Which terms occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Terms {
    /// Roles of documents.
    WithoutSynonyms,
    /// Roles of documents, and synonyms.
    WithSynonyms,
}

impl KnownTerms {
    /// Roles and cities in any spelling, and synonyms as recordings have them.
    pub fn new<'a>(
        roles: impl IntoIterator<Item = &'a str>,
        cities: impl IntoIterator<Item = &'a str>,
        synonyms: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut known = Self::default();
        for role in roles.into_iter().filter_map(RoleKey::from_text) {
            known.add_role(role);
        }
        known.index_words();
        for city in cities {
            if words(city).len() <= MAX_WORDS
                && let Some(key) = city_key(city)
            {
                known.max_city = known.max_city.max(key.len());
                known.cities.insert(key, ());
            }
        }
        known.add_synonyms(synonyms);
        known
    }

    fn add_role(&mut self, role: RoleKey) {
        if role.as_str().split(' ').count() > MAX_WORDS {
            return;
        }
        let key = role.compact();
        self.max_role = self.max_role.max(key.len());
        let known = self.roles.entry(key).or_insert_with(|| Known {
            role: role.clone(),
            is_synonym: false,
        });
        if role.as_str() < known.role.as_str() {
            known.role = role;
        }
    }

    /// Prepares the roles for abbreviations and hints.
    fn index_words(&mut self) {
        for known in self.roles.values() {
            let parts: Vec<Box<str>> = known.role.as_str().split(' ').map(Box::from).collect();
            let last = parts.len() - 1;
            for (at, part) in parts.iter().enumerate() {
                let hint = self.hints.entry(part.clone()).or_insert_with(|| Hint {
                    role: known.role.clone(),
                    is_shared: false,
                    is_before_the_last: false,
                });
                hint.is_shared |= hint.role != known.role;
                hint.is_before_the_last |= at < last;
            }
            if last > 0 {
                self.long_roles.push((known.role.clone(), parts));
            }
        }
    }

    /// Adds synonyms, except of words for which different roles are said.
    fn add_synonyms<'a>(&mut self, synonyms: impl IntoIterator<Item = &'a str>) {
        let mut said: HashMap<Box<str>, Option<RoleKey>> = HashMap::new();
        for synonym in synonyms {
            let Some((words, role)) = synonym.split_once(IS) else {
                continue;
            };
            let (Some(words), Some(role)) = (RoleKey::from_text(words), RoleKey::from_text(role))
            else {
                continue;
            };
            if words.as_str().split(' ').count() > MAX_WORDS {
                continue;
            }
            let role = self.known_role(&role).cloned().unwrap_or(role);
            said.entry(words.compact())
                .and_modify(|other| match other {
                    Some(other) if *other == role => {
                        if role.as_str() < other.as_str() {
                            *other = role.clone();
                        }
                    }
                    _ => *other = None,
                })
                .or_insert(Some(role));
        }
        for (words, role) in said {
            if let Some(role) = role
                && !self.roles.contains_key(&words)
            {
                self.max_role = self.max_role.max(words.len());
                let is_synonym = true;
                self.roles.insert(words, Known { role, is_synonym });
            }
        }
    }

    fn known_role(&self, role: &RoleKey) -> Option<&RoleKey> {
        self.roles.get(&role.compact()).map(|known| &known.role)
    }

    /// The role by the key of documents, or the role of the synonym that it is.
    pub fn resolve(&self, role: RoleKey) -> RoleKey {
        self.known_role(&role).cloned().unwrap_or(role)
    }

    /// Whether a document has this role.
    pub fn is_role_of_documents(&self, role: &RoleKey) -> bool {
        let known = self.roles.get(&role.compact());
        known.is_some_and(|known| !known.is_synonym)
    }

    /// What a recording stores of words that have this role.
    pub(crate) fn synonym(words: &RoleKey, role: &RoleKey) -> Box<str> {
        format!("{words}{IS}{role}").into()
    }

    /// The occurrences of known roles, by position, shorter ones first.
    pub(super) fn roles_in(&self, words: &[Word], terms: Terms) -> Vec<Occurrence> {
        let known = |key: &str| {
            let known = self.roles.get(key)?;
            let counts = !known.is_synonym || terms == Terms::WithSynonyms;
            counts.then(|| known.role.clone())
        };
        let singulars: Vec<_> = words.iter().map(singular).collect();
        let mut found = Vec::new();
        let mut key = String::new();
        for start in 0..words.len() {
            key.clear();
            for end in start + 1..=words.len().min(start + MAX_WORDS) {
                let last = &words[end - 1];
                let before_last = key.len();
                key.push_str(&singulars[end - 1]);
                let mut role = known(&key);
                key.truncate(before_last);
                key.push_str(&last.text);
                role = role
                    .or_else(|| known(&key))
                    .or_else(|| known(key.strip_suffix('s')?))
                    .or_else(|| known(key.strip_suffix("es")?));
                if let Some(role) = role {
                    found.push(Occurrence { start, end, role });
                }
                if key.len() > self.max_role + MAX_SHORTENING {
                    break;
                }
            }
        }
        found
    }

    /// The end of the longest known city that begins at a word.
    pub(super) fn city_at(&self, words: &[Word], start: usize) -> Option<usize> {
        let mut longest = None;
        let mut key = String::new();
        for end in start + 1..=words.len().min(start + MAX_WORDS) {
            key.push_str(city_word(&words[end - 1]));
            if key.len() > self.max_city {
                break;
            }
            if self.cities.contains_key(key.as_str()) {
                longest = Some(end);
            }
        }
        longest
    }

    /// The roles of documents that have two or more words, and these words.
    pub(super) fn long_roles(&self) -> impl Iterator<Item = (&RoleKey, &[Box<str>])> {
        self.long_roles.iter().map(|(role, words)| (role, &**words))
    }

    /// The role of two or more words that a word hints at.
    pub(super) fn hint(&self, word: &Word) -> Option<&RoleKey> {
        let hint = self.hints.get(&*word.text)?;
        let is_clear = !hint.is_shared && hint.is_before_the_last;
        let counts = word.text.chars().count() >= MIN_HINT && !word.is(Kind::Time);
        (is_clear && counts).then_some(&hint.role)
    }
}

/// Whether a city's key is made of these words.
pub(super) fn city_of_words(words: &[Word]) -> Box<str> {
    let key: String = words.iter().map(city_word).collect();
    compact(&key)
}
