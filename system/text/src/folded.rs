//! A folded text that remembers its original.

use std::ops::Range;

use crate::rule::fold_char;

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
        let mut folded = Self {
            chars: Vec::with_capacity(text.len()),
            origins: Vec::with_capacity(text.len()),
        };
        for (at, c) in text.char_indices() {
            fold_char(c, &mut |c_folded| {
                folded.chars.push(c_folded);
                folded.origins.push(at..at + c.len_utf8());
            });
        }
        folded
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
