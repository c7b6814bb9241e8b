//! Misspelled words: the nearest word of the lexicon by edit distance.

use crate::words::Token;

/// Words that misspelled ones may stand for, as a trie: a beginning that several have is compared once,
/// and what begins too differently is not compared.
#[derive(Debug, Clone)]
pub(crate) struct Correctable {
    /// The first is the root.
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    letter: u8,
    /// What the word that ends here belongs to.
    class: Option<Class>,
    first_child: Option<u32>,
    next_sibling: Option<u32>,
}

/// What a word belongs to; the first is preferred at the same distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// A role, a certificate or a shift.
    Trade,
    /// A place.
    Place,
}

/// A word near to a misspelled one, with its distance and class; the least is the best.
pub(crate) type Correction = (usize, Class, String);

/// The shortest word that is corrected, in letters.
const SHORTEST: usize = 5;
/// The shortest word in which two edits are corrected.
const SHORTEST_FOR_TWO: usize = 8;
/// The shortest word that another is corrected to.
const SHORTEST_CANDIDATE: usize = 4;

impl Default for Correctable {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
        }
    }
}

impl Correctable {
    /// Adds the text and the key of a word.
    pub(crate) fn add(&mut self, token: &Token, class: Class) {
        for word in [&token.text, &token.key] {
            if !token.is_number && word.len() >= SHORTEST_CANDIDATE && is_plain(word) {
                self.add_word(word, class);
            }
        }
    }

    fn add_word(&mut self, word: &str, class: Class) {
        let mut at = 0;
        for letter in word.bytes() {
            let known = self
                .children(at)
                .find(|child| self.letter(*child) == letter);
            at = known.unwrap_or_else(|| self.add_child(at, letter));
        }
        let known = &mut self.nodes[at].class;
        *known = Some(known.map_or(class, |known| known.min(class)));
    }

    fn add_child(&mut self, at: usize, letter: u8) -> usize {
        let child = self.nodes.len();
        let place = u32::try_from(child).expect("a vocabulary has fewer letters than 2^32");
        let next_sibling = self.nodes[at].first_child.replace(place);
        self.nodes.push(Node {
            letter,
            next_sibling,
            ..Node::default()
        });
        child
    }

    fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        let next = |child: &usize| self.nodes[*child].next_sibling.map(|at| at as usize);
        let first = self.nodes[at].first_child.map(|at| at as usize);
        std::iter::successors(first, next)
    }

    fn letter(&self, at: usize) -> u8 {
        self.nodes[at].letter
    }

    /// The word nearest to a token's text or key, if one is near enough.
    pub(crate) fn nearest(&self, token: &Token) -> Option<Correction> {
        let of_text = self.nearest_to(&token.text);
        let of_key = (token.key != token.text).then(|| self.nearest_to(&token.key));
        of_text.into_iter().chain(of_key.flatten()).min()
    }

    fn nearest_to(&self, word: &str) -> Option<Correction> {
        if word.len() < SHORTEST || !is_plain(word) {
            return None;
        }
        let mut walk = Walk::new(self, word);
        walk.visit(0, &[FIRST_ROW, FIRST_ROW]);
        walk.nearest
    }
}

fn is_plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// The largest distance of a correction.
const MAX_EDITS: usize = 2;
/// A distance that is too large.
const FAR: usize = MAX_EDITS + 1;

/// The distances of a beginning of `n` letters from the beginnings of the misspelled word that have from
/// `n - MAX_EDITS` to `n + MAX_EDITS` letters; others are too far.
type Row = [usize; 2 * MAX_EDITS + 1];

/// The row of no letters.
const FIRST_ROW: Row = [FAR, FAR, 0, 1, 2];

/// A walk through the words that may be near to a misspelled one.
struct Walk<'w> {
    words: &'w Correctable,
    misspelled: &'w [u8],
    limit: usize,
    /// The letters from the root to here.
    path: Vec<u8>,
    nearest: Option<Correction>,
    /// The number of beginnings that were compared.
    #[cfg(test)]
    compared: usize,
}

impl<'w> Walk<'w> {
    fn new(words: &'w Correctable, misspelled: &'w str) -> Self {
        Self {
            words,
            misspelled: misspelled.as_bytes(),
            limit: if misspelled.len() < SHORTEST_FOR_TWO {
                1
            } else {
                MAX_EDITS
            },
            path: Vec::new(),
            nearest: None,
            #[cfg(test)]
            compared: 0,
        }
    }

    /// Visits the words that go on from a node, given the rows of its beginning and of the one before.
    fn visit(&mut self, at: usize, [before, last]: &[Row; 2]) {
        for child in self.words.children(at) {
            let letter = self.words.letter(child);
            if !self.may_go_on(letter) {
                continue;
            }
            self.path.push(letter);
            let row = self.row(before, last);
            if row.iter().any(|distance| *distance <= self.limit) {
                self.compare(child, &row);
                self.visit(child, &[*last, row]);
            }
            self.path.pop();
        }
    }

    /// Words begin with the same letter, or with the first two letters swapped.
    fn may_go_on(&self, letter: u8) -> bool {
        let (first, second) = (self.misspelled[0], self.misspelled[1]);
        match *self.path {
            [] => letter == first || letter == second,
            [begun] if begun != first => letter == first,
            _ => true,
        }
    }

    /// The row of the path by optimal string alignment.
    fn row(&mut self, before: &Row, last: &Row) -> Row {
        #[cfg(test)]
        {
            self.compared += 1;
        }
        let count = self.path.len();
        let letter = self.path[count - 1];
        let mut row = [FAR; 2 * MAX_EDITS + 1];
        for place in 0..row.len() {
            // The number of letters of the misspelled word.
            let Some(of_word) = (count + place).checked_sub(MAX_EDITS) else {
                continue;
            };
            if of_word > self.misspelled.len() {
                break;
            }
            let inserted = last.get(place + 1).map_or(FAR, |distance| distance + 1);
            let deleted = place.checked_sub(1).map_or(FAR, |place| row[place] + 1);
            let mut distance = inserted.min(deleted);
            if of_word > 0 {
                let same = self.misspelled[of_word - 1] == letter;
                distance = distance.min(last[place] + usize::from(!same));
            }
            if of_word > 1 && count > 1 {
                let swapped = [self.misspelled[of_word - 1], self.misspelled[of_word - 2]];
                if swapped == self.path[count - 2..] {
                    distance = distance.min(before[place] + 1);
                }
            }
            row[place] = distance.min(FAR);
        }
        row
    }

    /// Keeps the word that ends at a node if it is the nearest so far.
    fn compare(&mut self, at: usize, row: &Row) {
        let place = (self.misspelled.len() + MAX_EDITS).checked_sub(self.path.len());
        let distance = place.and_then(|place| row.get(place)).copied();
        let (Some(class), Some(distance)) = (self.words.nodes[at].class, distance) else {
            return;
        };
        if distance <= self.limit {
            let word = self.path.iter().copied().map(char::from).collect();
            let nearest = self
                .nearest
                .take()
                .into_iter()
                .chain([(distance, class, word)])
                .min();
            self.nearest = nearest;
            self.limit = distance;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of the letters `a` to `d`, of which many are near to each other.
    fn words(count: usize, length: usize) -> Vec<String> {
        let mut state = 1_u32;
        let mut letter = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'a' + (state >> 30) as u8)
        };
        (0..count)
            .map(|at| (0..length + at % 3).map(|_| letter()).collect())
            .collect()
    }

    fn correctable(words: &[String]) -> Correctable {
        let mut correctable = Correctable::default();
        for (at, word) in words.iter().enumerate() {
            let class = [Class::Trade, Class::Place][at % 2];
            correctable.add_word(word, class);
        }
        correctable
    }

    #[test]
    fn nearest_words_are_those_of_a_comparison_with_all() {
        let known = [words(300, 4), words(300, 7)].concat();
        let correctable = correctable(&known);
        for misspelled in [words(300, 5), words(300, 8)].concat() {
            let bytes = misspelled.as_bytes();
            let limit = if bytes.len() < 8 { 1 } else { 2 };
            let may_begin = |word: &&String| {
                let word = word.as_bytes();
                word[0] == bytes[0] || (word[0] == bytes[1] && word[1] == bytes[0])
            };
            let candidates = known.iter().enumerate().filter(|(_, word)| may_begin(word));
            let near = candidates.map(|(at, word)| {
                let class = [Class::Trade, Class::Place][at % 2];
                (strsim::osa_distance(&misspelled, word), class, word.clone())
            });
            let expected = near.filter(|(distance, ..)| *distance <= limit).min();
            assert_eq!(
                correctable.nearest_to(&misspelled),
                expected,
                "{misspelled}"
            );
        }
    }

    #[test]
    fn few_of_many_words_are_compared() {
        let known = words(200_000, 12);
        let correctable = correctable(&known);
        for misspelled in words(50, 12) {
            let mut walk = Walk::new(&correctable, &misspelled);
            walk.visit(0, &[FIRST_ROW, FIRST_ROW]);
            assert!(walk.compared < 20_000, "{misspelled}: {}", walk.compared);
        }
    }
}
