//! The lexicon's words for roles and places, by the keys of this module (`playbook.md`, "The lexicon").

use std::collections::{HashMap, HashSet};

use lakehouse_understand::{Lexicon, PlaceName};

use super::{
    key::{RoleKey, city_key},
    words::{Word, words},
};

/// What a lexicon's words stand for, compiled once for all that documents have.
#[derive(Debug, Clone, Default)]
pub struct LexiconWords {
    /// By key without spaces.
    terms: HashMap<Box<str>, RoleKey>,
    /// By key without spaces.
    hints: HashMap<Box<str>, RoleKey>,
    /// The length of the longest key of a term.
    pub(super) max_term: usize,
    /// By key without spaces.
    nicknames: HashMap<Box<str>, Nickname>,
    /// By key without spaces.
    cities: HashSet<Box<str>>,
    /// The length of the longest key of a city or nickname.
    pub(super) max_city: usize,
    codes: HashSet<Box<str>>,
    /// By words, joined by spaces.
    states: HashMap<Box<str>, StateName>,
    /// The first words of names and terms of states.
    state_starts: HashSet<Box<str>>,
    /// The number of words of the longest.
    max_state: usize,
}

/// Another name of places.
#[derive(Debug, Clone)]
pub(super) struct Nickname {
    pub(super) places: Vec<NicknamePlace>,
    pub(super) is_also_a_word: bool,
}

/// A city in a state, or a state.
#[derive(Debug, Clone)]
pub(super) struct NicknamePlace {
    /// The key of the city, without spaces.
    pub(super) city: Option<Box<str>>,
    /// The key of the state.
    pub(super) state: Box<str>,
}

/// A way of writing a state.
#[derive(Debug, Clone)]
pub(super) struct StateName {
    /// The key of the state.
    pub(super) code: Box<str>,
    /// Whether it is one word other than the name, such as `Miss`.
    pub(super) is_short_form: bool,
}

impl LexiconWords {
    /// The words of a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut all = Self::default();
        all.add_roles(lexicon);
        all.add_states(lexicon);
        for nickname in lexicon.nicknames() {
            let Some(key) = city_key(nickname.term) else {
                continue;
            };
            all.max_city = all.max_city.max(key.len());
            let place = |place: &PlaceName<'_>| NicknamePlace {
                city: place.city.and_then(city_key),
                state: place.state.to_lowercase().into(),
            };
            all.nicknames.entry(key).or_insert_with(|| Nickname {
                places: nickname.places.iter().map(place).collect(),
                is_also_a_word: nickname.is_also_a_word,
            });
        }
        for city in lexicon.cities().filter_map(|place| city_key(place.city?)) {
            all.max_city = all.max_city.max(city.len());
            all.cities.insert(city);
        }
        all
    }

    fn add_roles(&mut self, lexicon: &Lexicon) {
        let (mut names, mut terms, mut hints) = (HashMap::new(), HashMap::new(), HashMap::new());
        for role in lexicon.roles() {
            let Some(key) = RoleKey::from_text(role.name) else {
                continue;
            };
            add(&mut names, role.name, &key);
            for term in role.terms {
                add(&mut terms, term, &key);
            }
            for hint in role.hints {
                add(&mut hints, hint, &key);
            }
        }
        self.terms = of_one_role(terms);
        self.terms.extend(of_one_role(names));
        self.hints = of_one_role(hints);
        self.max_term = self.terms.keys().map(|key| key.len()).max().unwrap_or(0);
    }

    fn add_states(&mut self, lexicon: &Lexicon) {
        for state in lexicon.states() {
            let code: Box<str> = state.code.to_lowercase().into();
            let names = [(state.name, false)].into_iter();
            let terms = state.terms.iter().map(|term| (term.as_str(), true));
            for (name, is_term) in names.chain(terms) {
                let words = words(name);
                let Some(first) = words.first() else {
                    continue;
                };
                self.max_state = self.max_state.max(words.len());
                self.state_starts.insert(first.text.as_str().into());
                self.states.entry(joined(&words)).or_insert(StateName {
                    code: code.clone(),
                    is_short_form: is_term && words.len() == 1,
                });
            }
            self.codes.insert(code);
        }
    }

    /// The role that a name or term stands for, by its key without spaces.
    pub(super) fn role(&self, key: &str) -> Option<&RoleKey> {
        self.terms.get(key)
    }

    /// The role that a hint suggests, by its key without spaces.
    pub(super) fn hinted(&self, key: &str) -> Option<&RoleKey> {
        self.hints.get(key)
    }

    /// A nickname, by its key without spaces.
    pub(super) fn nickname(&self, key: &str) -> Option<&Nickname> {
        self.nicknames.get(key)
    }

    /// Whether a city has this key, without spaces.
    pub(super) fn has_city(&self, key: &str) -> bool {
        self.cities.contains(key)
    }

    /// Whether a word is the code of a state, which is then the state's key.
    pub(super) fn is_code(&self, word: &Word) -> bool {
        self.codes.contains(word.text.as_str())
    }

    /// The longest name or term of a state that begins these words, and the number of its words.
    pub(super) fn state_name(&self, words: &[Word]) -> Option<(&StateName, usize)> {
        if !self.state_starts.contains(words.first()?.text.as_str()) {
            return None;
        }
        let mut counts = (1..=self.max_state.min(words.len())).rev();
        counts.find_map(|count| Some((self.states.get(&joined(&words[..count]))?, count)))
    }

    /// The key of a state: its code, or the words of what is no state; `None` if it has no words.
    pub(super) fn state_key(&self, state: &str) -> Option<Box<str>> {
        let words = words(state);
        let key = joined(&words);
        if words.is_empty() || self.codes.contains(&key) {
            return (!words.is_empty()).then_some(key);
        }
        let known = self.states.get(&key).map(|state| state.code.clone());
        Some(known.unwrap_or(key))
    }
}

/// Adds a role to those that a text stands for; `None` stands for several.
fn add(roles: &mut HashMap<Box<str>, Option<RoleKey>>, text: &str, role: &RoleKey) {
    let Some(key) = RoleKey::from_text(text) else {
        return;
    };
    let known = roles
        .entry(key.compact())
        .or_insert_with(|| Some(role.clone()));
    if known.as_ref() != Some(role) {
        *known = None;
    }
}

fn of_one_role(roles: HashMap<Box<str>, Option<RoleKey>>) -> HashMap<Box<str>, RoleKey> {
    let roles = roles.into_iter();
    roles.filter_map(|(key, role)| Some((key, role?))).collect()
}

fn joined(words: &[Word]) -> Box<str> {
    let words: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
    words.join(" ").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in() -> LexiconWords {
        LexiconWords::new(&Lexicon::built_in())
    }

    #[test]
    fn codes_names_and_terms_have_one_key() {
        let all = built_in();
        for (state, want) in [
            ("MI", Some("mi")),
            ("michigan", Some("mi")),
            ("Mich.", Some("mi")),
            (" West  Virginia", Some("wv")),
            ("W. Va.", Some("wv")),
            ("Ontario", Some("ontario")),
            ("?", None),
        ] {
            assert_eq!(all.state_key(state).as_deref(), want, "{state}");
        }
    }

    #[test]
    fn the_longest_name_of_a_state_counts() {
        let all = built_in();
        let found = |text: &str| {
            let words = words(text);
            let (state, count) = all.state_name(&words)?;
            Some((state.code.to_string(), count))
        };
        assert_eq!(found("west virginia"), Some(("wv".into(), 2)));
        assert_eq!(found("virginia beach"), Some(("va".into(), 1)));
        assert_eq!(found("new york state"), Some(("ny".into(), 3)));
        assert_eq!(found("new jerseys"), None);
    }

    #[test]
    fn a_term_stands_for_the_role_of_that_name_or_the_only_one() {
        let all = built_in();
        let role = |term: &str| {
            let key = RoleKey::from_text(term).unwrap();
            all.role(&key.compact()).map(|role| role.to_string())
        };
        assert_eq!(role("lift drivers").as_deref(), Some("forklift operator"));
        assert_eq!(
            role("Material Handler").as_deref(),
            Some("material handler")
        );
        assert_eq!(role("picker packer"), None);
        assert_eq!(role("forklift"), None);
    }
}
