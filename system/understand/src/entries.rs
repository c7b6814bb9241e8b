//! The names of roles and places in a lexicon, for readers with rules of their own.

use crate::lexicon::Lexicon;

/// The words for a role.
#[derive(Debug, Clone, Copy)]
pub struct RoleNames<'l> {
    /// Its name.
    pub name: &'l str,
    /// Other titles that name it.
    pub terms: &'l [String],
    /// Words that suggest it.
    pub hints: &'l [String],
}

/// The words for a state.
#[derive(Debug, Clone, Copy)]
pub struct StateNames<'l> {
    /// Its code, in capitals.
    pub code: &'l str,
    /// Its name.
    pub name: &'l str,
    /// Other ways of writing it.
    pub terms: &'l [String],
}

/// A city in a state, or a whole state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceName<'l> {
    /// The city; `None` for the state.
    pub city: Option<&'l str>,
    /// The code of the state.
    pub state: &'l str,
}

/// Another name of a place, or of several.
#[derive(Debug, Clone)]
pub struct NicknameOf<'l> {
    /// The nickname.
    pub term: &'l str,
    /// What it stands for.
    pub places: Vec<PlaceName<'l>>,
    /// Whether it is also a word, or an abbreviation of something else.
    pub is_also_a_word: bool,
}

impl Lexicon {
    /// The roles.
    pub fn roles(&self) -> impl Iterator<Item = RoleNames<'_>> {
        self.roles.iter().map(|role| RoleNames {
            name: &role.name,
            terms: &role.terms,
            hints: &role.hints,
        })
    }

    /// The states.
    pub fn states(&self) -> impl Iterator<Item = StateNames<'_>> {
        self.states.iter().map(|state| StateNames {
            code: &state.code,
            name: &state.name,
            terms: &state.terms,
        })
    }

    /// The cities, the large ones first.
    pub fn cities(&self) -> impl Iterator<Item = PlaceName<'_>> {
        let cities = self.city.large.iter().chain(&self.city.small);
        cities.map(|city| PlaceName::read(city))
    }

    /// The nicknames of places.
    pub fn nicknames(&self) -> impl Iterator<Item = NicknameOf<'_>> {
        self.city.nicknames.iter().flat_map(move |nickname| {
            let places = nickname.places.iter().map(|place| PlaceName::read(place));
            let places: Vec<_> = places.collect();
            nickname.terms.iter().map(move |term| NicknameOf {
                term,
                places: places.clone(),
                is_also_a_word: self.city.words.contains(term),
            })
        })
    }
}

impl<'l> PlaceName<'l> {
    /// Reads `Detroit, MI`, or the code of a state.
    pub(crate) fn read(text: &'l str) -> Self {
        match text.rsplit_once(", ") {
            Some((city, state)) => Self {
                city: Some(city),
                state,
            },
            None => Self {
                city: None,
                state: text,
            },
        }
    }
}
