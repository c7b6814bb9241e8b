//! Names of people, and when an asked one is a known one (`matrix_search.md`, "Names").

use crate::terms::{Dictionary, NameLists};
use crate::understander::Understander;
use crate::words::{key_of, tokens};

/// The words of a text that may be a name.
#[derive(Debug, Clone, Default)]
pub struct NameWords {
    words: Vec<String>,
    /// The number of words before the first comma.
    comma: Option<usize>,
}

/// The words by which a name is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    words: Vec<Box<str>>,
}

impl Dictionary {
    /// The name that words are.
    pub fn person_name(&self, words: NameWords) -> PersonName {
        PersonName::new(words, &self.names)
    }

    /// Whether a text is what stands before the name of a person who is looked for.
    pub fn is_before_name(&self, text: &str) -> bool {
        self.cues.name_before.contains(&key_of(text))
    }
}

impl From<&str> for NameWords {
    fn from(text: &str) -> Self {
        let mut name = Self::default();
        for token in tokens(text) {
            if token.gap.contains(',') {
                name.add_comma();
            }
            if !token.is_number {
                name.words.push(token.text);
            }
        }
        name
    }
}

impl NameWords {
    /// Adds a comma behind the words.
    pub fn add_comma(&mut self) {
        if self.comma.is_none() && !self.words.is_empty() {
            self.comma = Some(self.words.len());
        }
    }

    /// Adds the words behind.
    pub fn add(&mut self, behind: &Self) {
        let before = self.words.len();
        self.comma = self.comma.or(behind.comma.map(|comma| before + comma));
        self.words.extend_from_slice(&behind.words);
    }
}

impl PersonName {
    fn new(NameWords { mut words, comma }: NameWords, lists: &NameLists) -> Self {
        leave_out_suffixes(&mut words, lists);
        if let Some(comma) = comma.filter(|comma| *comma < words.len()) {
            words.rotate_left(comma);
            leave_out_suffixes(&mut words, lists);
        }
        let is_title = |word: &&String| lists.titles.contains(*word);
        let titles = words.iter().take_while(is_title).count();
        let mut parts: Vec<Box<str>> = Vec::new();
        let mut joined = String::new();
        let count = words.len();
        for (at, word) in words.into_iter().enumerate().skip(titles) {
            joined.push_str(&word);
            let is_particle = at > titles && at + 1 < count && lists.particles.contains(&word);
            if !is_particle {
                parts.push(std::mem::take(&mut joined).into());
            }
        }
        Self { words: parts }
    }

    /// Whether there are words enough for a name.
    pub fn is_whole(&self) -> bool {
        self.words.len() > 1
    }

    /// The first word; empty if there is none.
    pub fn first(&self) -> &str {
        self.words.first().map_or("", |word| word)
    }

    /// The words, joined by nothing: equal for the same names.
    pub fn joined(&self) -> String {
        self.words.concat()
    }

    /// Whether this name, as it is asked for, fits a known one, which may have more or fewer words in the
    /// middle.
    pub fn fits(&self, known: &Self, understander: &Understander) -> bool {
        let (asked, known) = (&self.words, &known.words);
        let (Some(last), Some(known_last)) = (asked.last(), known.last()) else {
            return false;
        };
        if asked[0] != known[0] {
            return false;
        }
        let is_shorter = !is_initial(last) && others(known, asked).is_some();
        let is_longer = || {
            let rest = others(asked, known).unwrap_or_default();
            let first_names = &understander.dictionary.names.first;
            let may_be_absent = |word: &str| {
                is_initial(word) || first_names.contains(word) || !understander.is_known_word(word)
            };
            last == known_last && matches!(rest[..], [word] if may_be_absent(word))
        };
        is_shorter || is_longer()
    }
}

/// The edits between two texts, if they are so few that one is near the other.
pub fn edits_when_near(asked: &str, known: &str) -> Option<usize> {
    const SHORTEST_FOR_TWO: usize = 8;
    let (length, known_length) = (asked.chars().count(), known.chars().count());
    let limit = if length < SHORTEST_FOR_TWO { 1 } else { 2 };
    // Most texts differ in more letters than so few edits can change.
    let differ = (letters(asked) ^ letters(known)).count_ones() as usize;
    if length.abs_diff(known_length) > limit || differ > 2 * limit {
        return None;
    }
    Some(strsim::osa_distance(asked, known)).filter(|edits| *edits <= limit)
}

/// A set of a text's characters, in which several may be one.
fn letters(text: &str) -> u64 {
    text.chars()
        .fold(0, |set, c| set | 1 << (u32::from(c) % 64))
}

fn leave_out_suffixes(words: &mut Vec<String>, lists: &NameLists) {
    while words
        .last()
        .is_some_and(|word| lists.suffixes.contains(word))
    {
        words.pop();
    }
}

/// The words of `all` besides `some`, if these stand there in their order.
fn others<'w>(all: &'w [Box<str>], some: &[Box<str>]) -> Option<Vec<&'w str>> {
    let mut others = Vec::new();
    let mut some = some.iter().peekable();
    for word in all {
        if some.next_if(|wanted| stands_for(wanted, word)).is_none() {
            others.push(&**word);
        }
    }
    some.peek().is_none().then_some(others)
}

fn stands_for(a: &str, b: &str) -> bool {
    a == b || (is_initial(a) && b.starts_with(a)) || (is_initial(b) && a.starts_with(b))
}

fn is_initial(word: &str) -> bool {
    word.chars().nth(1).is_none()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Lexicon, Vocabulary};

    fn understander() -> Understander {
        let dictionary = Dictionary::new(&Lexicon::built_in());
        Understander::new(Arc::new(dictionary), &Vocabulary::default())
    }

    #[test]
    fn names_that_read_the_same_are_the_same() {
        let dictionary = understander().dictionary;
        let joined = |text: &str| dictionary.person_name(text.into()).joined();
        for (a, b) in [
            ("José Núñez", "jose nunez"),
            ("JOSÉ NU\u{301}ÑEZ", "Jose\u{a0}Nunez"),
            ("Núñez, José", "José Núñez"),
            ("Seán O’Brien", "SEAN OBRIEN"),
            ("Sean O'Brien", "Sean O Brien"),
            ("Mary-Kate De La Cruz", "marykate delacruz"),
            ("de la Cruz, Ana", "Ana De La Cruz"),
            ("Smith, John, Jr.", "John Smith"),
            ("Smith Jr., John", "Mr. John Smith III"),
            ("Ida McDonald", "ida mc donald"),
            ("Dr. Ana van der Berg", "Ana Vander Berg"),
        ] {
            assert_eq!(joined(a), joined(b), "{a} and {b}");
        }
    }

    #[test]
    fn texts_with_few_edits_are_near() {
        for (asked, known, edits) in [
            ("jonsmith", "johnsmith", Some(1)),
            ("josenunes", "josenunez", Some(1)),
            ("desmnodharvy", "desmondharvey", Some(2)),
            ("anaruiz", "anaruiz", Some(0)),
            ("anaruis", "annaruiz", None),
            ("marialopez", "marialuna", None),
        ] {
            assert_eq!(edits_when_near(asked, known), edits, "{asked} and {known}");
        }
    }

    #[test]
    fn names_fit_with_other_words_in_the_middle() {
        let understander = understander();
        let name = |text: &str| understander.dictionary.person_name(text.into());
        for (asked, known, fits) in [
            ("Jose Nunez", "José Luis Núñez", true),
            ("Jose Nunez", "José L. Núñez Ortega", true),
            ("Jose L. Nunez", "José Luis Núñez", true),
            ("Jose Luis Nunez", "José L. Núñez", true),
            ("Jose L. Nunez", "José Núñez", true),
            ("Jose Xochitl Nunez", "José Núñez", true),
            ("Jose Luis Nunez", "José Raúl Núñez", false),
            ("Luis Nunez", "José Luis Núñez", false),
            ("Jose Nunez", "Josefa Núñez", false),
            ("Maria a", "Maria Alvarez", false),
            ("Jordan in Baker", "Jordan Baker", false),
            ("Ana y Pedro Ruiz", "Ana Ruiz", false),
            ("Ana Ruiz forklift", "Ana Ruiz", false),
        ] {
            let found = name(asked).fits(&name(known), &understander);
            assert_eq!(found, fits, "{asked} and {known}");
        }
    }
}
