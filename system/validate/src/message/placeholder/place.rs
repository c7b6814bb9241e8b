//! What stands around a match.

use std::ops::Range;

use lakehouse_text::is_letter;

use super::plain::Plain;

/// Words that a name follows.
const SALUTATIONS: [&str; 16] = [
    "hi",
    "hello",
    "hey",
    "dear",
    "hola",
    "good morning",
    "good afternoon",
    "good evening",
    "buenos dias",
    "buen dia",
    "buenas tardes",
    "buenas noches",
    "estimado",
    "estimada",
    "querido",
    "querida",
];

/// A match in a plain text.
pub(super) struct Place<'t> {
    pub(super) text: &'t Plain,
    pub(super) range: Range<usize>,
}

impl Place<'_> {
    pub(super) fn before(&self) -> Option<u8> {
        self.text.bytes[..self.range.start].last().copied()
    }

    pub(super) fn after(&self) -> Option<u8> {
        self.text.bytes.get(self.range.end).copied()
    }

    /// The rest of the text.
    pub(super) fn rest(&self) -> &[u8] {
        &self.text.bytes[self.range.end..]
    }

    pub(super) fn found(&self) -> &[u8] {
        &self.text.bytes[self.range.clone()]
    }

    /// Whether the text ends behind the match, or a line, or one of these follows.
    pub(super) fn ends_before(&self, marks: &[u8]) -> bool {
        self.after()
            .is_none_or(|b| b == b'\n' || marks.contains(&b))
    }

    /// Whether a salutation and one or more spaces stand directly before.
    pub(super) fn follows_salutation(&self) -> bool {
        self.follows_word(&SALUTATIONS)
    }

    /// Whether a salutation stands directly before, without a space.
    pub(super) fn touches_salutation(&self) -> bool {
        self.ends_in_word(self.range.start, &SALUTATIONS)
    }

    /// Whether one of these words, in any case, and one or more spaces stand directly before.
    pub(super) fn follows_word(&self, words: &[&str]) -> bool {
        let bare = without_spaces(&self.text.bytes[..self.range.start]).len();
        bare < self.range.start && self.ends_in_word(bare, words)
    }

    /// Whether one of these words ends here, with no letter before it.
    pub(super) fn ends_in_word(&self, end: usize, words: &[&str]) -> bool {
        words.iter().any(|word| {
            end.checked_sub(word.len()).is_some_and(|start| {
                self.text.bytes[start..end].eq_ignore_ascii_case(word.as_bytes())
                    && !self.is_letter_before(start)
            })
        })
    }

    fn is_letter_before(&self, at: usize) -> bool {
        self.text.chars[..at].last().is_some_and(|c| is_letter(*c))
    }

    /// Whether a letter follows `count` characters behind the match.
    pub(super) fn is_letter_behind(&self, count: usize) -> bool {
        let c = self.text.chars.get(self.range.end + count);
        c.is_some_and(|c| is_letter(*c))
    }

    /// The last character before, spaces aside.
    pub(super) fn mark_before(&self) -> Option<u8> {
        without_spaces(&self.text.bytes[..self.range.start])
            .last()
            .copied()
    }

    /// Whether the word directly before the mark before, in lower case, is a label.
    pub(super) fn has_label(&self, is_label: fn(&str) -> bool) -> bool {
        let before = without_spaces(&self.text.bytes[..self.range.start]);
        let before = &before[..before.len().saturating_sub(1)];
        let start = before.iter().rposition(|b| !b.is_ascii_alphabetic());
        let word = &before[start.map_or(0, |at| at + 1)..];
        is_label(&String::from_utf8_lossy(word).to_ascii_lowercase())
    }

    /// Whether the line has nothing else but these characters.
    pub(super) fn is_alone_on_line(&self, besides: &[u8]) -> bool {
        let is_other = |b: &&u8| !besides.contains(b);
        let before = self.text.bytes[..self.range.start].iter().rev();
        let mut before = before.skip_while(|b| !is_other(b));
        let mut after = self.rest().iter().skip_while(|b| !is_other(b));
        before.next().is_none_or(|b| *b == b'\n') && after.next().is_none_or(|b| *b == b'\n')
    }

    /// Whether only spaces stand before on the line.
    pub(super) fn is_first_on_line(&self) -> bool {
        let bare = without_spaces(&self.text.bytes[..self.range.start]);
        bare.last().is_none_or(|b| *b == b'\n')
    }
}

fn without_spaces(text: &[u8]) -> &[u8] {
    let length = text.iter().rposition(|b| *b != b' ').map_or(0, |at| at + 1);
    &text[..length]
}
