//! One pass of decoding: character references and percent-escapes replaced.

use super::ReadChar;
use super::references::{MAX_NAME, named};

pub(super) fn decoded(chars: &[ReadChar]) -> Vec<ReadChar> {
    let mut out = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let (length, becomes) = match rest[0].0 {
            '&' => reference(rest),
            '%' => escapes(rest),
            _ => (1, None),
        };
        let from = &rest[..length];
        match becomes {
            Some(becomes) => {
                let origin = from[0].1.start..from[length - 1].1.end;
                out.extend(becomes.chars().map(|c| (c, origin.clone())));
            }
            None => out.extend_from_slice(from),
        }
        at += length;
    }
    out
}

/// The length of the character reference at the start of these characters, and what it becomes;
/// none where there is no reference.
fn reference(chars: &[ReadChar]) -> (usize, Option<String>) {
    let inside = &chars[1..];
    let found = match inside.first() {
        Some(('#', _)) => numeric(&inside[1..]).map(|(length, c)| (length + 2, c.to_string())),
        _ => by_name(inside).map(|(length, becomes)| (length + 1, becomes)),
    };
    found.map_or((1, None), |(length, becomes)| (length, Some(becomes)))
}

/// The length of the name behind `&`, with its `;`, and what it becomes.
fn by_name(chars: &[ReadChar]) -> Option<(usize, String)> {
    let is_end = |(c, _): &ReadChar| *c == ';';
    let length = chars.iter().take(MAX_NAME + 1).position(is_end)?;
    let name: String = chars[..length].iter().map(|(c, _)| *c).collect();
    named(&name).map(|becomes| (length + 1, becomes.into_owned()))
}

/// The length of the number behind `&#`, with its `;`, and its character.
fn numeric(chars: &[ReadChar]) -> Option<(usize, char)> {
    let (prefix, radix) = match chars.first()?.0 {
        'x' | 'X' => (1, 16),
        _ => (0, 10),
    };
    let mut code: u32 = 0;
    let mut length = prefix;
    while let Some(digit) = chars.get(length).and_then(|(c, _)| c.to_digit(radix)) {
        code = code.saturating_mul(radix).saturating_add(digit);
        length += 1;
    }
    // Without digits, the code is zero.
    let c = char::from_u32(code).filter(|c| *c != '\0')?;
    let has_end = chars.get(length).is_some_and(|(c, _)| *c == ';');
    Some((length + usize::from(has_end), c))
}

/// The length of the run of percent-escapes at the start of these characters, and the text of its
/// bytes, when they are one.
fn escapes(chars: &[ReadChar]) -> (usize, Option<String>) {
    let mut bytes = Vec::new();
    let mut rest = chars;
    while let [('%', _), (high, _), (low, _), after @ ..] = rest {
        let (Some(high), Some(low)) = (high.to_digit(16), low.to_digit(16)) else {
            break;
        };
        bytes.push((high * 16 + low) as u8);
        rest = after;
    }
    if bytes.is_empty() {
        return (1, None);
    }
    (bytes.len() * 3, String::from_utf8(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &str) {
        let chars: Vec<ReadChar> = text.char_indices().map(|(at, c)| (c, at..at)).collect();
        let decoded: String = decoded(&chars).into_iter().map(|(c, _)| c).collect();
        assert_eq!(decoded, want, "{text}");
    }

    #[test]
    fn references_and_escapes_become_characters() {
        for (text, want) in [
            ("219&#45;09&#x2d;9998", "219-09-9998"),
            ("&#X2D;&#45x&#8209;", "--x\u{2011}"),
            ("&amp;#45; &lt;p&gt;", "&#45; <p>"),
            ("Jos&eacute; N&uacute;&ntilde;ez &szlig;", "Jose Nunez ss"),
            ("&commat;&nbsp;&hellip;", "@ ..."),
            ("caf%C3%A9%20x", "café x"),
            ("%41%zz%4", "A%zz%4"),
            ("%E9x %DATE% 100%", "%E9x %DATE% 100%"),
            ("%E9%20%41x%20", "%E9%20%41x "),
            (
                "&#0; &#xD800; &#12345678; &#x110000; &# &x; &amp",
                "&#0; &#xD800; &#12345678; &#x110000; &# &x; &amp",
            ),
            ("&#000000065;&#x0000000042", "AB"),
            ("&é;&", "&é;&"),
        ] {
            check(text, want);
        }
    }
}
