//! The plain text of a reading: folded, with capitals, line ends and guillemets kept.

use std::ops::Range;

use lakehouse_text::{Capitals, fold_char};

use super::signature::lines_to_sign;
use crate::draft::Reading;

/// The byte of a character outside ASCII that no form names.
const OTHER: u8 = 0xFF;
/// The bytes of `«`, `»`, `‹` and `›`.
const GUILLEMETS: [(char, u8); 4] = [('«', 0xAB), ('»', 0xBB), ('‹', 0x8B), ('›', 0x9B)];

/// A plain text.
pub(super) struct Plain {
    pub(super) chars: Vec<char>,
    /// The text with one byte per character, for expressions.
    pub(super) bytes: Vec<u8>,
    /// The index in the reading that each character came from.
    origins: Vec<usize>,
    /// The ranges of style sheets and scripts.
    code: Vec<Range<usize>>,
    /// The ranges of the lines that ask for a signature.
    lines_to_sign: Vec<Range<usize>>,
}

impl Plain {
    pub(super) fn new(reading: &Reading) -> Self {
        let mut chars = Vec::with_capacity(reading.chars().len());
        let mut origins = Vec::with_capacity(reading.chars().len());
        for (index, (c, _)) in reading.chars().iter().enumerate() {
            let mut push = |c| {
                chars.push(c);
                origins.push(index);
            };
            match c {
                '«' | '»' | '‹' | '›' => push(*c),
                '\u{3010}' => push('['),
                '\u{3011}' => push(']'),
                '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => push('\n'),
                _ => fold_char(*c, Capitals::Kept, &mut push),
            }
        }
        let bytes: Vec<u8> = chars.iter().map(|c| byte(*c)).collect();
        let code = code(&bytes);
        let lines_to_sign = lines_to_sign(&chars, &bytes);
        Self {
            chars,
            bytes,
            origins,
            code,
            lines_to_sign,
        }
    }

    /// What the reading has where a range came from.
    pub(super) fn original(&self, reading: &Reading, range: &Range<usize>) -> String {
        let origin = self.origins[range.start]..=self.origins[range.end - 1];
        reading.chars()[origin].iter().map(|(c, _)| *c).collect()
    }

    /// Whether a position is in a style sheet or a script.
    pub(super) fn is_code(&self, at: usize) -> bool {
        self.code.iter().any(|range| range.contains(&at))
    }

    /// Whether a position is on a line that asks for a signature.
    pub(super) fn is_on_line_to_sign(&self, at: usize) -> bool {
        let line = self.lines_to_sign.partition_point(|line| line.end < at);
        let line = self.lines_to_sign.get(line);
        line.is_some_and(|line| line.start <= at)
    }

    pub(super) fn text(&self, range: Range<usize>) -> String {
        self.chars[range].iter().collect()
    }
}

fn byte(c: char) -> u8 {
    let guillemet = GUILLEMETS.iter().find(|(own, _)| *own == c);
    match guillemet {
        Some((_, byte)) => *byte,
        None if c.is_ascii() => c as u8,
        None => OTHER,
    }
}

fn code(text: &[u8]) -> Vec<Range<usize>> {
    let starts_with = |at: usize, word: &[u8]| {
        let end = at + word.len();
        text.get(at..end)
            .is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    let mut code = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let open = [("<style", "</style"), ("<script", "</script")]
            .into_iter()
            .find(|(open, _)| text[at] == b'<' && starts_with(at, open.as_bytes()));
        match open {
            None => at += 1,
            Some((_, close)) => {
                let end = (at..text.len()).find(|at| starts_with(*at, close.as_bytes()));
                let end = end.unwrap_or(text.len());
                code.push(at..end);
                at = end.max(at + 1);
            }
        }
    }
    code
}
