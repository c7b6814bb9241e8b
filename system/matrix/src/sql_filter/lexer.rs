//! The tokens of a condition.

use std::borrow::Cow;

use super::SqlFilterError;

/// A token and its position.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    /// The token's text; empty for the end.
    pub(super) text: &'a str,
    /// The offset of its first byte.
    pub(super) at: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind<'a> {
    Keyword(Keyword),
    Name(&'a str),
    Text(Cow<'a, str>),
    /// Without a sign.
    Number(f64),
    /// A comparison, a parenthesis, a comma or a minus.
    Symbol(&'static str),
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    And,
    Or,
    Not,
    In,
    Between,
    Like,
    Ilike,
    Escape,
    Is,
    Null,
    True,
    False,
}

/// The symbols, longer ones first.
const SYMBOLS: [&str; 11] = ["<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "-"];

const KEYWORDS: [(&str, Keyword); 12] = [
    ("and", Keyword::And),
    ("or", Keyword::Or),
    ("not", Keyword::Not),
    ("in", Keyword::In),
    ("between", Keyword::Between),
    ("like", Keyword::Like),
    ("ilike", Keyword::Ilike),
    ("escape", Keyword::Escape),
    ("is", Keyword::Is),
    ("null", Keyword::Null),
    ("true", Keyword::True),
    ("false", Keyword::False),
];

/// Splits a text into tokens; the last is [`Kind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, SqlFilterError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at += length_of(&text[at..], |b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
        let (kind, length) = token(text, at)?;
        let is_end = kind == Kind::End;
        let text = &text[at..at + length];
        tokens.push(Token { kind, text, at });
        if is_end {
            return Ok(tokens);
        }
        at += length;
    }
}

/// The token at an offset without white space, and its length.
fn token(text: &str, at: usize) -> Result<(Kind<'_>, usize), SqlFilterError> {
    let rest = &text[at..];
    let second = rest.as_bytes().get(1);
    match rest.bytes().next() {
        None => Ok((Kind::End, 0)),
        Some(b'\'') => string(rest, at),
        Some(b'"') => {
            let end = rest[1..].find('"').ok_or_else(|| unclosed("name", at))?;
            Ok((Kind::Name(&rest[1..=end]), end + 2))
        }
        Some(b) if b.is_ascii_digit() => number(rest, at),
        Some(b'.') if second.is_some_and(u8::is_ascii_digit) => number(rest, at),
        Some(b) if b.is_ascii_alphabetic() || b == b'_' => {
            let word = &rest[..length_of(rest, is_name_byte)];
            let keyword = KEYWORDS
                .iter()
                .find(|(keyword, _)| word.eq_ignore_ascii_case(keyword));
            let kind = keyword.map_or(Kind::Name(word), |(_, keyword)| Kind::Keyword(*keyword));
            Ok((kind, word.len()))
        }
        Some(_) => match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            Some(symbol) => Ok((Kind::Symbol(symbol), symbol.len())),
            None => {
                let found = rest.chars().next().unwrap_or_default();
                Err(SqlFilterError(format!("unexpected `{found}` at byte {at}")))
            }
        },
    }
}

fn string(rest: &str, at: usize) -> Result<(Kind<'_>, usize), SqlFilterError> {
    let mut end = 1;
    loop {
        end += rest[end..]
            .find('\'')
            .ok_or_else(|| unclosed("string", at))?;
        if !rest[end + 1..].starts_with('\'') {
            break;
        }
        end += 2;
    }
    let inside = &rest[1..end];
    let value = if inside.contains('\'') {
        Cow::Owned(inside.replace("''", "'"))
    } else {
        Cow::Borrowed(inside)
    };
    Ok((Kind::Text(value), end + 1))
}

/// `3`, `3.`, `3.5` or `.5`, with or without an exponent: `e`, an optional sign, and digits.
fn number(rest: &str, at: usize) -> Result<(Kind<'_>, usize), SqlFilterError> {
    let digits = |from: usize| length_of(&rest[from..], |b| b.is_ascii_digit());
    let mut length = digits(0);
    if rest[length..].starts_with('.') {
        length += 1;
        length += digits(length);
    }
    if rest[length..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[length + 1..].starts_with(['+', '-']));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    let whole = length + length_of(&rest[length..], |b| is_name_byte(b) || b == b'.');
    let error = |why: &str| SqlFilterError(format!("`{}` at byte {at} {why}", &rest[..whole]));
    if whole > length {
        return Err(error("is no number"));
    }
    match rest[..length].parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((Kind::Number(value), length)),
        _ => Err(error("is beyond the range of a double")),
    }
}

fn length_of(text: &str, belongs: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|b| belongs(*b)).count()
}

fn is_name_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

fn unclosed(what: &str, at: usize) -> SqlFilterError {
    SqlFilterError(format!("the {what} that begins at byte {at} does not end"))
}
