//! The roles and cities of all corpora and the learned synonyms, and where they occur in a text.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{
    key::{RoleKey, city_key, city_word, compact, singular},
    lexicon_words::{LexiconWords, Nickname},
    lists::Kind,
    words::{Word, words},
};

/// The maximum number of words of a role or city. Longer values are hardly roles or cities, and would
/// slow every search down.
pub(super) const MAX_WORDS: usize = 64;
/// More characters than the singular of a word has fewer than the word.
const MAX_SHORTENING: usize = 8;
/// The minimum number of characters of a word that hints at a role.
const MIN_HINT: usize = 4;
/// Between the words of a synonym and its role.
const IS: &str = " = ";

/// The keys of the roles and cities of all documents, and synonyms of roles.
#[derive(Debug, Clone, Default)]
pub struct KnownTerms {
    lexicon: Arc<LexiconWords>,
    /// By key without spaces.
    roles: HashMap<Box<str>, Known>,
    max_role: usize,
    /// What the roles of documents mean.
    of_documents: HashSet<RoleKey>,
    cities: HashSet<Box<str>>,
    max_city: usize,
    /// The roles of documents with two or more words.
    long_roles: Vec<(RoleKey, Vec<Box<str>>)>,
    /// By word.
    hints: HashMap<Box<str>, Hint>,
}

#[derive(Debug, Clone)]
struct Known {
    /// The key of documents that is first in byte order, or the role of the synonym.
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

/// What words stand for.
enum Meant<'k> {
    /// A role of documents or of a synonym.
    Known(&'k RoleKey),
    /// A role of the lexicon that no document has.
    NobodyHasIt,
}

/// Which terms occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Terms {
    /// Roles of documents.
    OfDocuments,
    /// Roles of documents, synonyms, and the lexicon's terms.
    All,
}

impl KnownTerms {
    /// Roles and cities in any spelling, and synonyms as recordings have them.
    pub fn new<'a>(
        lexicon: Arc<LexiconWords>,
        roles: impl IntoIterator<Item = &'a str>,
        cities: impl IntoIterator<Item = &'a str>,
        synonyms: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut known = Self {
            lexicon,
            ..Self::default()
        };
        for role in roles.into_iter().filter_map(RoleKey::from_text) {
            known.add_role(role);
        }
        known.index_words();
        for city in cities {
            if words(city).len() <= MAX_WORDS
                && let Some(key) = city_key(city)
            {
                known.max_city = known.max_city.max(key.len());
                known.cities.insert(key);
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

    /// Prepares the roles for the lexicon's terms, abbreviations and hints.
    fn index_words(&mut self) {
        for (key, known) in &self.roles {
            let meaning = self.lexicon.role(key).unwrap_or(&known.role);
            self.of_documents.insert(meaning.clone());
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
            let role = self.resolve(role);
            said.entry(words.compact())
                .and_modify(|other| match other {
                    Some(other) if self.meaning(other) == self.meaning(&role) => {
                        if role.as_str() < other.as_str() {
                            *other = role.clone();
                        }
                    }
                    _ => *other = None,
                })
                .or_insert(Some(role));
        }
        for (key, role) in said {
            if let Some(role) = role
                && !self.roles.contains_key(&key)
            {
                self.max_role = self.max_role.max(key.len());
                let is_synonym = true;
                self.roles.insert(key, Known { role, is_synonym });
            }
        }
    }

    /// The lexicon's words.
    pub(super) fn lexicon(&self) -> &LexiconWords {
        &self.lexicon
    }

    /// The key of documents for a role, the role of the synonym that it is, or the lexicon's name of a
    /// role that documents have by another word.
    pub fn resolve(&self, role: RoleKey) -> RoleKey {
        let key = role.compact();
        let known = self.roles.get(&key).map(|known| &known.role);
        let known = known.or_else(|| self.role_of_documents(self.lexicon.role(&key)?));
        known.cloned().unwrap_or(role)
    }

    /// The role that a phrase is resolved to, or hints at.
    pub(super) fn resolve_phrase(&self, phrase: RoleKey) -> RoleKey {
        let key = phrase.compact();
        if self.roles.contains_key(&key) || self.lexicon.role(&key).is_some() {
            return self.resolve(phrase);
        }
        let hinted = self.lexicon.hinted(&key);
        let hinted = hinted.and_then(|role| self.role_of_documents(role));
        hinted.cloned().unwrap_or(phrase)
    }

    /// The same key for all keys that are one role.
    pub fn meaning(&self, role: &RoleKey) -> RoleKey {
        let known = self.roles.get(&role.compact());
        let role = known.map_or(role, |known| &known.role);
        self.lexicon.role(&role.compact()).unwrap_or(role).clone()
    }

    /// Whether a document has this role.
    pub fn is_role_of_documents(&self, role: &RoleKey) -> bool {
        self.of_documents.contains(&self.meaning(role))
    }

    /// The key of documents for a role of the lexicon, or its name if they have it by another word.
    fn role_of_documents<'r>(&'r self, role: &'r RoleKey) -> Option<&'r RoleKey> {
        let own = self.roles.get(&role.compact());
        let own = own.filter(|known| !known.is_synonym);
        let is_known = self.of_documents.contains(role);
        is_known.then(|| own.map_or(role, |known| &known.role))
    }

    /// What a recording stores of words that have this role.
    pub(crate) fn synonym(words: &RoleKey, role: &RoleKey) -> Box<str> {
        format!("{words}{IS}{role}").into()
    }

    /// The occurrences of known roles, by position, shorter ones first.
    pub(super) fn roles_in(&self, words: &[Word], terms: Terms) -> Vec<Occurrence> {
        let max_length = match terms {
            Terms::OfDocuments => self.max_role,
            Terms::All => self.max_role.max(self.lexicon.max_term),
        };
        let singulars: Vec<_> = words.iter().map(singular).collect();
        let mut found = Vec::new();
        // By word: where the terms of roles that no document has end, of those that begin there or before.
        let mut hidden_up_to = Vec::with_capacity(words.len());
        let mut hidden_end = 0;
        let mut key = String::new();
        for start in 0..words.len() {
            key.clear();
            for end in start + 1..=words.len().min(start + MAX_WORDS) {
                let last = &words[end - 1];
                let before_last = key.len();
                key.push_str(&singulars[end - 1]);
                let mut meant = self.meant(&key, terms);
                key.truncate(before_last);
                key.push_str(&last.text);
                meant = meant
                    .or_else(|| self.meant(&key, terms))
                    .or_else(|| self.meant(key.strip_suffix('s')?, terms))
                    .or_else(|| self.meant(key.strip_suffix("es")?, terms));
                match meant {
                    Some(Meant::Known(role)) => found.push(Occurrence {
                        start,
                        end,
                        role: role.clone(),
                    }),
                    Some(Meant::NobodyHasIt) => hidden_end = hidden_end.max(end),
                    None => {}
                }
                if key.len() > max_length + MAX_SHORTENING {
                    break;
                }
            }
            hidden_up_to.push(hidden_end);
        }
        found.retain(|role| hidden_up_to[role.start] < role.end);
        found
    }

    /// What the words of a key stand for.
    fn meant(&self, key: &str, terms: Terms) -> Option<Meant<'_>> {
        match self.roles.get(key) {
            Some(known) if !known.is_synonym || terms == Terms::All => {
                Some(Meant::Known(&known.role))
            }
            _ if terms == Terms::All => {
                let role = self.lexicon.role(key)?;
                let known = self.role_of_documents(role).map(Meant::Known);
                Some(known.unwrap_or(Meant::NobodyHasIt))
            }
            _ => None,
        }
    }

    /// The number of words of the longest known city that begins these words.
    pub(super) fn city(&self, words: &[Word]) -> Option<usize> {
        longest_city(words, self.max_city, |key| {
            self.cities.contains(key).then_some(())
        })
        .map(|(count, ())| count)
    }

    /// The longest nickname that begins these words, and the number of its words.
    pub(super) fn nickname(&self, words: &[Word]) -> Option<(usize, &Nickname)> {
        longest_city(words, self.lexicon.max_city, |key| {
            self.lexicon.nickname(key)
        })
    }

    /// The number of words of the longest city of the lexicon that begins these words.
    pub(super) fn city_of_lexicon(&self, words: &[Word]) -> Option<usize> {
        longest_city(words, self.lexicon.max_city, |key| {
            self.lexicon.has_city(key).then_some(())
        })
        .map(|(count, ())| count)
    }

    /// Whether documents have a city of this key, without spaces.
    pub(super) fn has_city(&self, key: &str) -> bool {
        self.cities.contains(key)
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

/// The longest run of these words, from the first on, whose key has a value, and the number of its words.
fn longest_city<T>(
    words: &[Word],
    max_length: usize,
    value_of: impl Fn(&str) -> Option<T>,
) -> Option<(usize, T)> {
    let mut longest = None;
    let mut key = String::new();
    for (at, word) in words.iter().take(MAX_WORDS).enumerate() {
        key.push_str(city_word(word));
        if key.len() > max_length {
            break;
        }
        if let Some(value) = value_of(&key) {
            longest = Some((at + 1, value));
        }
    }
    longest
}

/// The key of a city of these words, without spaces.
pub(super) fn city_of_words(words: &[Word]) -> Box<str> {
    let key: String = words.iter().map(city_word).collect();
    compact(&key)
}
