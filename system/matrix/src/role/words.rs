//! The words of a text, with what the rules for roles and places need of their original spelling
//! (`playbook.md`, "Words and keys").

use lakehouse_text::Folded;

use super::lists::{Kind, Kinds};

/// The minimum number of characters of a word before a full stop that ends a sentence: shorter ones
/// are abbreviations, as in `St. Louis`.
const MIN_BEFORE_STOP: usize = 4;

/// A word of a text, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// Whether punctuation or a line break separates it from the word before.
    pub(super) breaks: bool,
    /// Whether its first character is a capital.
    pub(super) is_capitalised: bool,
    /// Whether it has two or more characters, all of them capitals.
    pub(super) is_acronym: bool,
    /// Whether it is an acronym but for a final small `s`.
    pub(super) is_plural_acronym: bool,
    kinds: Kinds,
}

/// The words of a text.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let folded = Folded::new(text);
    let chars = folded.chars();
    let origin = |at: usize| text[folded.origin(at..at + 1)].chars().next();
    // Without small letters, capitals distinguish nothing.
    let has_small = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_capital = |at: usize| has_small && origin(at).is_some_and(is_capital);
    let is_word = |at: usize| chars.get(at).is_some_and(|c| is_word_char(*c));
    let is = |at: usize, c: char| chars.get(at) == Some(&c);

    let mut words: Vec<Word> = Vec::new();
    let mut breaks = false;
    let mut at = 0;
    while at < chars.len() {
        if is_word(at) {
            let mut word = String::new();
            let mut capitals = Vec::new();
            loop {
                if is_word(at) {
                    word.push(chars[at]);
                    capitals.push(is_capital(at));
                    at += 1;
                } else if is(at, '\'') && is_word(at + 1) {
                    if is(at + 1, 's') && !is_word(at + 2) {
                        at += 2;
                        break;
                    }
                    at += 1;
                } else {
                    break;
                }
            }
            words.push(Word::new(word, &capitals, std::mem::take(&mut breaks)));
            continue;
        }
        breaks |= match chars[at] {
            ',' | ';' | ':' | '!' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '"' => true,
            '-' => at > 0 && is(at - 1, ' ') && is(at + 1, ' '),
            '.' => {
                let is_long = |word: &Word| word.text.chars().count() >= MIN_BEFORE_STOP;
                at > 0 && is_word(at - 1) && is(at + 1, ' ') && words.last().is_some_and(is_long)
            }
            _ => matches!(origin(at), Some('\n' | '\r')),
        };
        at += 1;
    }
    words
}

impl Word {
    fn new(text: String, capitals: &[bool], breaks: bool) -> Self {
        let count = capitals.len();
        let all = |capitals: &[bool]| capitals.iter().all(|is_capital| *is_capital);
        let is_plural_acronym = count >= 3
            && all(&capitals[..count - 1])
            && !capitals[count - 1]
            && text.ends_with('s');
        Self {
            breaks,
            is_capitalised: capitals[0],
            is_acronym: count >= 2 && all(capitals),
            is_plural_acronym,
            kinds: Kinds::of(&text),
            text,
        }
    }

    pub(super) fn is(&self, kind: Kind) -> bool {
        self.kinds.contain(kind)
    }

    pub(super) fn is_in(&self, list: &[&str]) -> bool {
        list.contains(&&*self.text)
    }

    pub(super) fn begins_with_digit(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    /// `3`, `3x`, `x3`.
    pub(super) fn is_count(&self) -> bool {
        let word = &*self.text;
        let digits = word
            .strip_suffix('x')
            .or_else(|| word.strip_prefix('x'))
            .unwrap_or(word);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    }
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii()
}

/// The capitals of Western European languages; others are rare in the names of cities here.
fn is_capital(c: char) -> bool {
    matches!(c, 'A'..='Z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{DE}' | '\u{FF21}'..='\u{FF3A}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_contract() {
        for (text, want) in [
            ("Need 3 Pickers", "need 3 pickers"),
            ("we don\u{2019}t, no", "we dont /no"),
            ("RN's O'Brien's x", "rn obrien x"),
            ("a's'b", "a b"),
            ("ends' 's", "ends s"),
            ("St. Louis. Detroit. Now", "st louis /detroit /now"),
            ("Detroit.Now", "detroit now"),
            ("a - b-c\u{2014}d \u{2014} e", "a /b c d /e"),
            ("a\nb\r\nc", "a /b /c"),
            ("José\u{AD}s ＣＮＡ 配達員…", "joses cna 配達員"),
            ("", ""),
        ] {
            let words: Vec<_> = words(text)
                .iter()
                .map(|word| format!("{}{}", if word.breaks { "/" } else { "" }, word.text))
                .collect();
            assert_eq!(words.join(" "), want, "{text:?}");
        }
    }

    #[test]
    fn capitals_are_those_of_the_original() {
        let marks = |text: &str| -> Vec<_> {
            let mark = |word: &Word| {
                [word.is_capitalised, word.is_acronym, word.is_plural_acronym]
                    .map(|is| if is { '1' } else { '0' })
                    .iter()
                    .collect::<String>()
            };
            words(text).iter().map(mark).collect()
        };
        assert_eq!(
            marks("Need RNs MI x A ＲＮｓ Élan RNS"),
            ["100", "101", "110", "000", "100", "101", "100", "110"]
        );
        assert_eq!(marks("NEED 2 RNS"), ["000", "000", "000"]);
    }

    #[test]
    fn counts_are_digits_with_or_without_x() {
        for (word, is_count) in [
            ("3", true),
            ("12x", true),
            ("x2", true),
            ("x", false),
            ("x2x", false),
            ("3a", false),
        ] {
            assert_eq!(words(word)[0].is_count(), is_count, "{word}");
        }
    }
}
