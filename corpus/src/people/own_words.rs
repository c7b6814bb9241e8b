//! A person's description of themselves, in their own words.

use rand::RngExt;
use rand::seq::SliceRandom;

use super::{Person, Shift};
use crate::fixtures::City;
use crate::natural::{Language, Natural};
use crate::random::{Random, one, percent, weighted};

/// What separates the parts of a description; frequent ones are repeated.
const SEPARATORS: [&str; 5] = [". ", ". ", ". ", ", ", " - "];

/// Letters that a word needs before it is misspelled; the misspellings of shorter ones are other words.
const MIN_MISSPELLED: usize = 5;

/// The writer of the descriptions of one cohort.
pub(crate) struct OwnWords<'f> {
    natural: &'f Natural,
    random: Random,
}

impl<'f> OwnWords<'f> {
    pub(super) fn new(natural: &'f Natural, random: Random) -> Self {
        Self { natural, random }
    }

    pub(super) fn describe(&mut self, person: &Person<'_>) -> String {
        let natural = self.natural;
        let language = weighted(&mut self.random, &natural.languages, |one| one.weight);
        let opening = self.opening(person, language);
        let mut parts = self.parts(person, language);
        parts.shuffle(&mut self.random);
        parts.insert(0, opening);
        let text = parts.join(*one(&mut self.random, &SEPARATORS));
        let text = if self.does(natural.share.misspelled) {
            self.misspell(&text)
        } else {
            text
        };
        if self.does(natural.share.lower_case) {
            text.to_lowercase()
        } else if self.does(natural.share.upper_case) {
            text.to_uppercase()
        } else {
            text
        }
    }

    fn opening(&mut self, person: &Person<'_>, language: &Language) -> String {
        let role = self.role(&person.role.name, language);
        let mut opening = self.say(&language.openings, "{role}", role);
        if self.does(self.natural.share.place) {
            let place = self.place(person.city);
            opening.push(' ');
            opening.push_str(&self.say(&language.places, "{place}", &place));
        }
        opening
    }

    /// The parts behind the opening; each is there for some of the people.
    fn parts(&mut self, person: &Person<'_>, language: &Language) -> Vec<String> {
        let share = &self.natural.share;
        let mut parts = Vec::new();
        if self.does(share.years) {
            parts.push(match person.years {
                0 => one(&mut self.random, &language.beginner).clone(),
                years => self.say(&language.years, "{years}", &years.to_string()),
            });
        }
        if self.does(share.skills) {
            let skills = listed(&person.skills, &language.and);
            parts.push(self.say(&language.skills, "{skills}", &skills));
        }
        if self.does(share.certifications) && !person.certifications.is_empty() {
            let held: Vec<&str> = person
                .certifications
                .iter()
                .map(|name| self.certification(name))
                .collect();
            let held = listed(&held, &language.and);
            parts.push(self.say(&language.certifications, "{certifications}", &held));
        }
        if let Some(second) = person.second_role
            && self.does(share.second_role)
        {
            let second = self.role(second, language);
            parts.push(self.say(&language.second_role, "{role}", second));
        }
        if !person.available {
            if self.does(share.not_available) {
                parts.push(one(&mut self.random, &language.not_available).clone());
            }
        } else if self.does(share.shift) {
            let shift = self.shift(person, language);
            parts.push(self.say(&language.available, "{shift}", &shift));
        }
        parts
    }

    fn role<'n>(&mut self, name: &'n str, language: &Language) -> &'n str
    where
        'f: 'n,
    {
        let natural = self.natural;
        if self.does(natural.share.own_role) {
            one(&mut self.random, &natural.roles[name][&language.name]).as_str()
        } else {
            name
        }
    }

    fn certification<'n>(&mut self, name: &'n str) -> &'n str
    where
        'f: 'n,
    {
        let natural = self.natural;
        match natural.certifications.get(name) {
            Some(own) if self.does(natural.share.own_certification) => {
                one(&mut self.random, own).as_str()
            }
            _ => name,
        }
    }

    fn place(&mut self, city: &City) -> String {
        let natural = self.natural;
        let City { name, state, .. } = city;
        match natural.cities.get(&format!("{name}, {state}")) {
            Some(own) if self.does(natural.share.own_place) => one(&mut self.random, own).clone(),
            _ => match self.random.random_range(0..4u32) {
                0 => format!("{name}, {state}"),
                1 => format!("{name} {state}"),
                2 => format!("{name}, {}", natural.states[state]),
                _ => name.clone(),
            },
        }
    }

    fn shift(&mut self, person: &Person<'_>, language: &Language) -> String {
        let words = match person.shift {
            Shift::Days => &language.days,
            Shift::Nights => &language.nights,
            Shift::Weekends => &language.weekends,
        };
        let mut shift = one(&mut self.random, words).clone();
        if person.weekends && person.shift != Shift::Weekends {
            let weekends = one(&mut self.random, &language.weekends);
            shift = format!("{shift} {} {weekends}", language.and);
        }
        shift
    }

    /// A random template with its placeholder filled in.
    fn say(&mut self, templates: &[String], placeholder: &str, value: &str) -> String {
        one(&mut self.random, templates).replace(placeholder, value)
    }

    fn does(&mut self, share: u32) -> bool {
        percent(&mut self.random, share)
    }

    /// Misspells one or two words, if any is long enough.
    fn misspell(&mut self, text: &str) -> String {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let mut long: Vec<usize> = (0..words.len())
            .filter(|index| {
                let word = bare(&words[*index]);
                word.len() >= MIN_MISSPELLED && word.bytes().all(|byte| byte.is_ascii_alphabetic())
            })
            .collect();
        long.shuffle(&mut self.random);
        let count = self.random.random_range(1..=2u32) as usize;
        for index in long.into_iter().take(count) {
            words[index] = self.misspelled(&words[index]);
        }
        words.join(" ")
    }

    /// A slip inside a word of ASCII letters: a letter that is missing, doubled, or swapped with the next.
    fn misspelled(&mut self, word: &str) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        // Neither the first letter nor the last one.
        let at = self.random.random_range(1..=bare(word).len() as u32 - 3) as usize;
        match self.random.random_range(0..3u32) {
            0 => {
                letters.remove(at);
            }
            1 => letters.insert(at, letters[at]),
            _ => letters.swap(at, at + 1),
        }
        letters.into_iter().collect()
    }
}

/// The word without the punctuation behind it.
fn bare(word: &str) -> &str {
    word.trim_end_matches([',', '.'])
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: &[&str], and: &str) -> String {
    match items {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [others @ .., last] => format!("{} {and} {last}", others.join(", ")),
    }
}
