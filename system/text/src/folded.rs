//! A folded text that remembers its original.

use std::ops::Range;

use crate::rule::{Capitals, fold_char};

/// The characters of a folded text, and where each came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    chars: Vec<char>,
    /// The byte range in the original of the character that each folded one came from.
    origins: Vec<Range<usize>>,
}

impl Folded {
    /// Folds a text.
    pub fn new(text: &str) -> Self {
        let chars = text.char_indices();
        Self::of(chars.map(|(at, c)| (c, at..at + c.len_utf8())))
    }

    /// Folds characters that came from these byte ranges of an original.
    pub fn of(chars: impl IntoIterator<Item = (char, Range<usize>)>) -> Self {
        let mut folded = Self::default();
        for (c, origin) in chars {
            fold_char(c, Capitals::Lowered, &mut |c| folded.push(c, &origin));
        }
        folded
    }

    /// Adds a character that is folded already.
    pub fn push(&mut self, c: char, origin: &Range<usize>) {
        self.chars.push(c);
        self.origins.push(origin.clone());
    }

    /// The folded characters.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The byte range in the original that a range of folded characters came from, dropped
    /// characters between them included.
    ///
    /// # Panics
    /// When the range is empty or reaches behind the end.
    pub fn origin(&self, range: Range<usize>) -> Range<usize> {
        self.origins[range.start].start..self.origins[range.end - 1].end
    }
}
