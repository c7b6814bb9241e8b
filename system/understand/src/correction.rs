//! Misspelled words: the nearest word of the lexicon by edit distance.

use std::collections::HashMap;

use crate::words::Token;

/// Words that misspelled ones may stand for, by first letter.
#[derive(Debug, Clone, Default)]
pub(crate) struct Correctable {
    by_first: HashMap<u8, Vec<Candidate>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    class: Class,
    word: String,
    letters: u32,
}

/// What a word belongs to; the first is preferred at the same distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// A role, a certificate or a shift.
    Trade,
    /// A place.
    Place,
}

/// The shortest word that is corrected, in letters.
const SHORTEST: usize = 5;
/// The shortest word in which two edits are corrected.
const SHORTEST_FOR_TWO: usize = 8;
/// The shortest word that another is corrected to.
const SHORTEST_CANDIDATE: usize = 4;

impl Correctable {
    /// Adds the text and the key of a word.
    pub(crate) fn add(&mut self, token: &Token, class: Class) {
        for word in [&token.text, &token.key] {
            if token.is_number || word.len() < SHORTEST_CANDIDATE || !is_plain(word) {
                continue;
            }
            let list = self.by_first.entry(word.as_bytes()[0]).or_default();
            match list.iter_mut().find(|known| known.word == *word) {
                Some(known) => known.class = known.class.min(class),
                None => list.push(Candidate {
                    class,
                    word: word.clone(),
                    letters: letters(word),
                }),
            }
        }
    }

    /// The word nearest to a token's text or key, with its distance and class, if one is near enough.
    pub(crate) fn nearest(&self, token: &Token) -> Option<(usize, Class, &str)> {
        let of_text = self.nearest_to(&token.text);
        of_text.into_iter().chain(self.nearest_to(&token.key)).min()
    }

    fn nearest_to(&self, word: &str) -> Option<(usize, Class, &str)> {
        if word.len() < SHORTEST || !is_plain(word) {
            return None;
        }
        let limit = if word.len() < SHORTEST_FOR_TWO { 1 } else { 2 };
        let bytes = word.as_bytes();
        let same = self.by_first.get(&bytes[0]).into_iter().flatten();
        let swapped = self.by_first.get(&bytes[1]).into_iter().flatten();
        let swapped = swapped
            .filter(|candidate| bytes[1] != bytes[0] && candidate.word.as_bytes()[1] == bytes[0]);
        let letters = letters(word);
        let near = same.chain(swapped).filter_map(|candidate| {
            let differ = (candidate.letters ^ letters).count_ones() as usize;
            let is_near = candidate.word.len().abs_diff(word.len()) <= limit && differ <= 2 * limit;
            let distance = is_near.then(|| strsim::osa_distance(word, &candidate.word))?;
            (distance <= limit).then_some((distance, candidate.class, candidate.word.as_str()))
        });
        near.min()
    }
}

fn is_plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// The set of a word's letters.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |set, byte| set | 1 << (byte - b'a'))
}
