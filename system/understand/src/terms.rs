//! The terms of a lexicon, ready to be looked up.

mod within;

use std::collections::{HashMap, HashSet};

use lakehouse_text::fold;

use crate::correction::{Class, Correctable};
use crate::entries::PlaceName;
use crate::lexicon::Lexicon;
use crate::parts::Parts;
use crate::words::{Token, key_of, tokens};

/// A lexicon, compiled once for all vocabularies.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    pub(crate) parts: Parts,
    lexicon: Lexicon,
    pub(crate) terms: HashMap<String, Meaning>,
    /// The words of all terms and lists, in the singular.
    pub(crate) known: HashSet<String>,
    pub(crate) common: HashSet<String>,
    pub(crate) correctable: Correctable,
    pub(crate) roles: Vec<RoleEntry>,
    pub(crate) certificates: Vec<String>,
    pub(crate) shifts: Vec<String>,
    /// The codes of states by the keys of all their names and codes.
    pub(crate) state_codes: HashMap<String, String>,
    /// Codes that are words of sentences.
    pub(crate) strict_codes: HashSet<String>,
    pub(crate) numbers: HashMap<String, u32>,
    /// The keys of what abbreviations stand for, by their text.
    pub(crate) abbreviations: HashMap<String, String>,
    pub(crate) names: NameLists,
    pub(crate) cues: Cues,
}

/// A role of the lexicon or of the documents.
#[derive(Debug, Clone)]
pub(crate) struct RoleEntry {
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) related: Vec<usize>,
    /// The documents' values that stand for it.
    pub(crate) values: Vec<String>,
    /// The keys of the values.
    pub(crate) value_keys: HashSet<String>,
}

/// What a term may mean.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meaning {
    pub(crate) roles: Vec<usize>,
    pub(crate) hints: Vec<usize>,
    pub(crate) place: Option<PlaceMeaning>,
    pub(crate) certificate: Option<usize>,
    pub(crate) shift: Option<usize>,
    pub(crate) cue: Option<Cue>,
}

/// What words mean that are no term.
pub(crate) static NO_MEANING: Meaning = Meaning {
    roles: Vec::new(),
    hints: Vec::new(),
    place: None,
    certificate: None,
    shift: None,
    cue: None,
};

/// What a term means as a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PlaceMeaning {
    /// Cities by name, with the codes of their states, the largest first.
    pub(crate) cities: Vec<City>,
    /// The places of a nickname.
    pub(crate) nickname: Vec<City>,
    pub(crate) is_guarded_nickname: bool,
    pub(crate) state: Option<StateName>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct City {
    pub(crate) name: String,
    pub(crate) key: String,
    /// The code of the state.
    pub(crate) state: String,
    /// The place is a whole state, by its code; only nicknames have such places.
    pub(crate) is_state: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StateName {
    pub(crate) code: String,
    pub(crate) form: StateForm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StateForm {
    Name,
    Code,
    /// A code that is also a word.
    CodeWord,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cue {
    Not,
    Unavailable,
    AnyAvailability,
    OptionalAfter,
    OptionalBefore,
}

/// Lists of words around what is understood, as keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cues {
    pub(crate) filler: HashSet<String>,
    pub(crate) join: HashSet<String>,
    pub(crate) place_before: HashSet<String>,
    pub(crate) below: HashSet<String>,
    pub(crate) most: HashSet<String>,
    pub(crate) above: HashSet<String>,
    pub(crate) least: HashSet<String>,
    pub(crate) after_most: HashSet<String>,
    pub(crate) after_least: HashSet<String>,
    pub(crate) year: HashSet<String>,
    pub(crate) dollar: HashSet<String>,
    pub(crate) hour: HashSet<String>,
    pub(crate) per: HashSet<String>,
    pub(crate) other: HashSet<String>,
    pub(crate) month: HashSet<String>,
    pub(crate) day: HashSet<String>,
    pub(crate) client_before: HashSet<String>,
    pub(crate) client_after: HashSet<String>,
    pub(crate) client_never: HashSet<String>,
    pub(crate) client_end: HashSet<String>,
    pub(crate) client_verbs: HashSet<String>,
    pub(crate) name_before: HashSet<String>,
}

/// Words of names of people, folded.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameLists {
    pub(crate) first: HashSet<String>,
    pub(crate) particles: HashSet<String>,
    pub(crate) titles: HashSet<String>,
    pub(crate) suffixes: HashSet<String>,
}

impl Dictionary {
    /// Compiles a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut dictionary = Self {
            lexicon: lexicon.clone(),
            ..Self::default()
        };
        dictionary.add_roles(lexicon);
        dictionary.add_places(lexicon);
        for certificate in &lexicon.certificates {
            let at = dictionary.certificates.len();
            dictionary.certificates.push(certificate.name.clone());
            for term in certificate.terms.iter().chain([&certificate.name]) {
                dictionary
                    .term(term, Some(Class::Trade))
                    .certificate
                    .get_or_insert(at);
            }
        }
        for shift in &lexicon.shifts {
            let at = dictionary.shifts.len();
            dictionary.shifts.push(shift.value.clone());
            for term in &shift.terms {
                dictionary
                    .term(term, Some(Class::Trade))
                    .shift
                    .get_or_insert(at);
            }
        }
        for (terms, cue) in [
            (&lexicon.unavailable.terms, Cue::Unavailable),
            (&lexicon.any_availability.terms, Cue::AnyAvailability),
            (&lexicon.optional.after, Cue::OptionalAfter),
            (&lexicon.optional.before, Cue::OptionalBefore),
            (&lexicon.not.terms, Cue::Not),
        ] {
            for term in terms {
                dictionary.term(term, None).cue.get_or_insert(cue);
            }
        }
        dictionary.add_lists(lexicon);
        dictionary
    }

    /// The dictionary for understanding by these parts alone.
    pub fn with_parts(self, parts: Parts) -> Self {
        let Self { terms, roles, .. } = &self;
        let terms = terms.iter().filter_map(|(key, meaning)| {
            let is_named = |role: &usize| roles[*role].is_named(key);
            let meaning = meaning.clone().within(&parts, is_named)?;
            Some((key.clone(), meaning))
        });
        let terms = terms.collect();
        Self {
            parts,
            terms,
            ..self
        }
    }

    /// The parts that are used.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The lexicon that it was compiled from.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    fn add_roles(&mut self, lexicon: &Lexicon) {
        let place = |name: &String| lexicon.roles.iter().position(|role| role.name == *name);
        for (at, role) in lexicon.roles.iter().enumerate() {
            self.roles.push(RoleEntry {
                related: role.related.iter().filter_map(place).collect(),
                ..RoleEntry::new(&role.name, key_of(&role.name))
            });
            for term in std::iter::once(&role.name).chain(&role.terms) {
                push_new(&mut self.term(term, Some(Class::Trade)).roles, at);
            }
            for term in &role.hints {
                push_new(&mut self.term(term, Some(Class::Trade)).hints, at);
            }
        }
    }

    fn add_places(&mut self, lexicon: &Lexicon) {
        let code_words: Vec<_> = lexicon.state_words.codes.iter().collect();
        self.strict_codes = lexicon.state_words.strict.iter().cloned().collect();
        for state in &lexicon.states {
            let names = std::iter::once(&state.name).chain(&state.terms);
            let names = names.map(|name| (name, StateForm::Name));
            let form = if code_words.contains(&&state.code) {
                StateForm::CodeWord
            } else {
                StateForm::Code
            };
            for (name, form) in names.chain([(&state.code, form)]) {
                self.state_codes.insert(key_of(name), state.code.clone());
                let meaning = self.term(name, Some(Class::Place));
                let place = meaning.place.get_or_insert_default();
                place.state.get_or_insert(StateName {
                    code: state.code.clone(),
                    form,
                });
            }
        }
        let large = lexicon
            .city
            .large
            .iter()
            .map(|city| (city, Some(Class::Place)));
        let small = lexicon.city.small.iter().map(|city| (city, None));
        for (city, class) in large.chain(small) {
            let city = City::read(city);
            for spelling in spellings(&city.name) {
                let meaning = self.term(&spelling, class);
                meaning
                    .place
                    .get_or_insert_default()
                    .cities
                    .push(city.clone());
            }
        }
        for nickname in &lexicon.city.nicknames {
            for term in &nickname.terms {
                let is_guarded = lexicon.city.words.contains(term);
                let place = self
                    .term(term, Some(Class::Place))
                    .place
                    .get_or_insert_default();
                if place.nickname.is_empty() {
                    place.nickname = nickname
                        .places
                        .iter()
                        .map(|city| City::read(city))
                        .collect();
                    place.is_guarded_nickname = is_guarded;
                }
            }
        }
    }

    fn add_lists(&mut self, lexicon: &Lexicon) {
        self.common = self.list(&lexicon.common.words);
        for (word, long) in &lexicon.abbreviations {
            self.abbreviations.insert(fold(word), key_of(long));
        }
        for (word, value) in &lexicon.numbers {
            self.known.insert(key_of(word));
            self.numbers.insert(key_of(word), *value);
        }
        self.cues = Cues {
            filler: self.list(&lexicon.filler.words),
            join: self.list(&lexicon.filler.join),
            place_before: self.list(&lexicon.place.before),
            below: self.list(&lexicon.bound.below),
            most: self.list(&lexicon.bound.most),
            above: self.list(&lexicon.bound.above),
            least: self.list(&lexicon.bound.least),
            after_most: self.list(&lexicon.bound.after_most),
            after_least: self.list(&lexicon.bound.after_least),
            year: self.list(&lexicon.units.year),
            dollar: self.list(&lexicon.units.dollar),
            hour: self.list(&lexicon.units.hour),
            per: self.list(&lexicon.units.per),
            other: self.list(&lexicon.units.other),
            month: self.list(&lexicon.units.month),
            day: self.list(&lexicon.units.day),
            client_before: self.list(&lexicon.client.before),
            client_after: self.list(&lexicon.client.after),
            client_never: self.list(&lexicon.client.never),
            client_end: self.list(&lexicon.client.end),
            client_verbs: self.list(&lexicon.client.verbs),
            name_before: self.list(&lexicon.name.before),
        };
        let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect();
        self.names = NameLists {
            first: folded(&lexicon.name.first),
            particles: folded(&lexicon.name.particles),
            titles: folded(&lexicon.name.titles),
            suffixes: folded(&lexicon.name.suffixes),
        };
        self.list(&lexicon.units.day_part);
    }

    /// The keys of a list, whose words become known.
    fn list(&mut self, terms: &[String]) -> HashSet<String> {
        let mut keys = HashSet::new();
        for term in terms {
            let tokens = tokens(term);
            keys.insert(joined(&tokens));
            self.known.extend(tokens.into_iter().map(|token| token.key));
        }
        keys
    }

    /// The meaning of a term, whose words become known; with a class, misspelled words may stand for them.
    fn term(&mut self, term: &str, class: Option<Class>) -> &mut Meaning {
        let tokens = tokens(term);
        for token in &tokens {
            self.known.insert(token.key.clone());
            if let Some(class) = class {
                self.correctable.add(token, class);
            }
        }
        self.terms.entry(joined(&tokens)).or_default()
    }
}

impl RoleEntry {
    /// A role without related ones or values.
    pub(crate) fn new(name: &str, key: String) -> Self {
        Self {
            name: name.to_owned(),
            key,
            related: Vec::new(),
            values: Vec::new(),
            value_keys: HashSet::new(),
        }
    }

    /// Whether a key is that of the name or of a document's value.
    pub(crate) fn is_named(&self, key: &str) -> bool {
        self.key == key || self.value_keys.contains(key)
    }
}

impl City {
    pub(crate) fn new(name: &str, state: &str) -> Self {
        Self {
            name: name.to_owned(),
            key: city_key(name),
            state: state.to_owned(),
            is_state: false,
        }
    }

    /// Reads `Detroit, MI`, or the code of a state.
    fn read(text: &str) -> Self {
        let PlaceName { city, state } = PlaceName::read(text);
        Self {
            is_state: city.is_none(),
            ..Self::new(city.unwrap_or(state), state)
        }
    }
}

/// Words at the beginning of names of cities, and their abbreviations.
const ABBREVIATED: [(&str, &str); 4] = [
    ("saint", "st"),
    ("sainte", "ste"),
    ("fort", "ft"),
    ("mount", "mt"),
];

/// The ways of writing a city's name: as given, and with its first word abbreviated or spelled out.
pub(crate) fn spellings(name: &str) -> Vec<String> {
    let words: Vec<_> = tokens(name).into_iter().map(|token| token.text).collect();
    let mut spellings = vec![name.to_owned()];
    let Some((first, rest)) = words.split_first() else {
        return spellings;
    };
    for (long, short) in ABBREVIATED {
        let other = match first.as_str() {
            first if first == long => short,
            first if first == short => long,
            _ => continue,
        };
        if !rest.is_empty() {
            spellings.push(format!("{other} {}", rest.join(" ")));
        }
    }
    spellings
}

/// The key of a city: that of its name with the first word spelled out.
pub(crate) fn city_key(name: &str) -> String {
    let words: Vec<_> = tokens(name);
    let long = words.first().and_then(|first| {
        let is_short = |(_, short): &&(&str, &str)| *short == first.text && words.len() > 1;
        ABBREVIATED.iter().find(is_short)
    });
    match long {
        Some((long, _)) => format!("{long}{}", joined(&words[1..])),
        None => joined(&words),
    }
}

/// The keys of tokens, without spaces.
pub(crate) fn joined(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.key.as_str()).collect()
}

pub(crate) fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
