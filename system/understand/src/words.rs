//! The tokens of a text: words and numbers, with what stands between them.

use lakehouse_text::Folded;

/// A word or a number of a text.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// The folded word, or the number as written.
    pub(crate) text: String,
    /// What terms are compared by: the word in the singular, corrected if it was misspelled.
    pub(crate) key: String,
    pub(crate) is_number: bool,
    /// The word is in ASCII capitals in the original.
    pub(crate) is_capital: bool,
    /// The word begins with a capital in the original, as a name does.
    pub(crate) is_title: bool,
    pub(crate) is_corrected: bool,
    /// The folded text between the token before and this one.
    pub(crate) gap: String,
    /// No term or list continues across the gap.
    pub(crate) breaks: bool,
}

/// The tokens of a text.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let folded = Folded::new(text);
    let chars = folded.chars();
    let mut tokens: Vec<Token> = Vec::new();
    let mut gap_start = 0;
    let mut at = 0;
    while at < chars.len() {
        let end = if chars[at].is_ascii_digit() {
            number_end(chars, at)
        } else if is_letter(chars[at]) {
            word_end(chars, at)
        } else {
            at += 1;
            continue;
        };
        let gap: String = chars[gap_start..at].iter().collect();
        let is_number = chars[at].is_ascii_digit();
        let text_of: String = chars[at..end].iter().collect();
        let word = if is_number {
            text_of
        } else {
            without_apostrophes(&text_of)
        };
        let origin = &text[folded.origin(at..end)];
        tokens.push(Token {
            key: if is_number {
                word.clone()
            } else {
                singular(&word)
            },
            text: word,
            is_number,
            is_capital: !is_number && origin.chars().all(|c| c.is_ascii_uppercase()),
            is_title: !is_number && origin.starts_with(is_capital_letter),
            is_corrected: false,
            breaks: breaks(&gap, tokens.last()),
            gap,
        });
        gap_start = end;
        at = end;
    }
    tokens
}

/// The keys of tokens in one string, of which the key of each run of tokens is a part.
pub(crate) struct Keys {
    joined: String,
    /// Where each key begins, and the end.
    starts: Vec<usize>,
}

impl Keys {
    pub(crate) fn new<'k>(keys: impl Iterator<Item = &'k str>) -> Self {
        let mut joined = String::new();
        let mut starts = vec![0];
        for key in keys {
            joined.push_str(key);
            starts.push(joined.len());
        }
        Self { joined, starts }
    }

    pub(crate) fn of_tokens(tokens: &[Token]) -> Self {
        Self::new(tokens.iter().map(|token| token.key.as_str()))
    }

    /// The key of the tokens from `start` to before `end`.
    pub(crate) fn of(&self, start: usize, end: usize) -> &str {
        &self.joined[self.starts[start]..self.starts[end]]
    }
}

/// The key of a term: the keys of its words without spaces.
pub(crate) fn key_of(term: &str) -> String {
    tokens(term)
        .iter()
        .map(|token| token.key.as_str())
        .collect()
}

fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase() || c >= '\u{80}'
}

/// A capital of the languages that names here are written in.
fn is_capital_letter(c: char) -> bool {
    c.is_ascii_uppercase() || matches!(c, 'À'..='Þ' if c != '×')
}

fn word_end(chars: &[char], start: usize) -> usize {
    let mut end = start;
    loop {
        while chars.get(end).copied().is_some_and(is_letter) {
            end += 1;
        }
        let continues =
            chars.get(end) == Some(&'\'') && chars.get(end + 1).copied().is_some_and(is_letter);
        if !continues {
            return end;
        }
        end += 1;
    }
}

fn number_end(chars: &[char], start: usize) -> usize {
    let digits_from = |from: usize| {
        let digits = chars.get(from..).unwrap_or_default();
        digits.iter().take_while(|c| c.is_ascii_digit()).count()
    };
    let mut end = start + digits_from(start);
    while chars.get(end) == Some(&',') && digits_from(end + 1) == 3 {
        end += 4;
    }
    let decimals = digits_from(end + 1);
    if chars.get(end) == Some(&'.') && decimals > 0 {
        end += 1 + decimals;
    }
    end
}

fn without_apostrophes(word: &str) -> String {
    word.strip_suffix("'s").unwrap_or(word).replace('\'', "")
}

fn breaks(gap: &str, before: Option<&Token>) -> bool {
    let Some(before) = before else {
        return false;
    };
    let is_short = !before.is_number && before.text.chars().count() <= 3;
    gap.contains([',', ';', ':', '!', '?', '(', ')', '[', ']', '{', '}', '|'])
        || gap.contains(" - ")
        || (gap.contains('.') && !is_short)
}

/// The singular of a word, by its ending.
pub(crate) fn singular(word: &str) -> String {
    let length = word.chars().count();
    if length <= 3 {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("men") {
        return format!("{stem}man");
    }
    if let (true, Some(stem)) = (length > 4, word.strip_suffix("ies")) {
        return format!("{stem}y");
    }
    let drops_es = ["sses", "shes", "ches", "xes", "zes"];
    if drops_es.iter().any(|ending| word.ends_with(ending)) {
        return word[..word.len() - 2].to_owned();
    }
    let stays = ["ss", "us", "is"]
        .iter()
        .any(|ending| word.ends_with(ending));
    match word.strip_suffix('s') {
        Some(stem) if !stays => stem.to_owned(),
        _ => word.to_owned(),
    }
}
