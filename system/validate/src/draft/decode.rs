//! The decoded reading: character references and percent-escapes replaced.

use super::ReadChar;
use super::references::named;

pub(super) fn decoded(text: &str) -> Vec<ReadChar> {
    let mut chars = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let replaced = match c {
            '&' => reference(rest),
            '%' => escapes(rest),
            _ => None,
        };
        let (becomes, length) = replaced.unwrap_or_else(|| (c.to_string(), c.len_utf8()));
        let origin = at..at + length;
        chars.extend(becomes.chars().map(|c| (c, origin.clone())));
        at = origin.end;
    }
    chars
}

/// What the character reference at the start of a text becomes, and its length in bytes.
fn reference(text: &str) -> Option<(String, usize)> {
    let inside = &text[1..];
    if let Some(number) = inside.strip_prefix('#') {
        return numeric(number).map(|(c, length)| (c.to_string(), 2 + length));
    }
    let (name, _) = inside.split_once(';')?;
    named(name).map(|becomes| (becomes.into_owned(), name.len() + 2))
}

/// The character of the number behind `&#`, and the length behind it, with a `;`.
fn numeric(text: &str) -> Option<(char, usize)> {
    let (digits, prefix, radix, max) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 1, 16, 6),
        None => (text, 0, 10, 7),
    };
    let is_digit = |b: &u8| char::from(*b).is_digit(radix);
    let length = digits.bytes().take_while(is_digit).count();
    if length == 0 || length > max {
        return None;
    }
    let code = u32::from_str_radix(&digits[..length], radix).ok()?;
    let c = char::from_u32(code).filter(|c| *c != '\0')?;
    let end = usize::from(digits[length..].starts_with(';'));
    Some((c, prefix + length + end))
}

/// The text of the run of percent-escapes at the start of a text, and its length.
fn escapes(text: &str) -> Option<(String, usize)> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [b'%', high, low, after @ ..] = rest {
        let digit = |b: &u8| char::from(*b).to_digit(16);
        let (Some(high), Some(low)) = (digit(high), digit(low)) else {
            break;
        };
        bytes.push((high * 16 + low) as u8);
        rest = after;
    }
    let length = bytes.len() * 3;
    let decoded = String::from_utf8(bytes).ok()?;
    (length > 0).then_some((decoded, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &str) {
        let decoded: String = decoded(text).into_iter().map(|(c, _)| c).collect();
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
            (
                "&#0; &#xD800; &#12345678; &#x110000; &# &x; &amp",
                "&#0; &#xD800; &#12345678; &#x110000; &# &x; &amp",
            ),
            ("&é;&", "&é;&"),
        ] {
            check(text, want);
        }
    }
}
