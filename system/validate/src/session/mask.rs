//! What a record keeps of texts with social security numbers (`session_log.md`).

use std::borrow::Cow;
use std::ops::Range;

use lakehouse_json::string;

use crate::ssn::mask_social_security_numbers;

/// A text with its social security numbers masked. JSON escapes in it are read as the characters
/// that they stand for, since a model's text has line breaks as escapes.
pub fn masked_text(text: &str) -> Cow<'_, str> {
    masked_after("", text)
}

/// A carried-over object with the numbers in its names and values masked. A member's name counts
/// as text before its value: `{"ssn":"219099998"}`.
pub fn masked_object(object: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(object.len());
    // The name of the member around the current place, for each open array and object.
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(&byte) = object.as_bytes().get(at) {
        let end = match byte {
            b'"' => string_end(object, at),
            b'-' | b'0'..=b'9' => number_end(object, at),
            _ => at + 1,
        };
        let token = &object[at..end];
        match byte {
            b'{' | b'[' => names.push(names.last().copied().unwrap_or("")),
            b'}' | b']' => drop(names.pop()),
            _ => {}
        }
        let name = names.last().copied().unwrap_or("");
        match byte {
            b'"' if object[end..].starts_with(':') => {
                let own_name = &token[1..token.len() - 1];
                if let Some(last) = names.last_mut() {
                    *last = own_name;
                }
                push_quoted(&mut out, &masked_text(own_name));
            }
            b'"' => push_quoted(&mut out, &masked_after(name, &token[1..token.len() - 1])),
            b'-' | b'0'..=b'9' => match masked_after(name, token) {
                Cow::Owned(masked) => out.push_str(&string(&masked)),
                Cow::Borrowed(number) => out.push_str(number),
            },
            _ => out.push_str(token),
        }
        at = end;
    }
    if out == object {
        Cow::Borrowed(object)
    } else {
        Cow::Owned(out)
    }
}

/// The text masked as it stands after a name.
fn masked_after<'t>(name: &str, text: &'t str) -> Cow<'t, str> {
    let read = read_escapes(text);
    let mut whole: String = read_escapes(name).into_iter().map(|(c, _)| c).collect();
    if !name.is_empty() {
        whole.push_str(": ");
    }
    let before = whole.chars().count();
    whole.extend(read.iter().map(|(c, _)| c));
    let Cow::Owned(masked) = mask_social_security_numbers(&whole) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    let mut is_masked = false;
    for ((c, place), kept) in read.iter().zip(masked.chars().skip(before)) {
        if kept == *c {
            out.push_str(&text[place.clone()]);
        } else {
            out.push(kept);
            is_masked = true;
        }
    }
    if is_masked {
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    }
}

/// The characters of a text and their places, with JSON escapes as one character each.
fn read_escapes(text: &str) -> Vec<(char, Range<usize>)> {
    let mut read = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let (c, length) = escape(&text[at..]).unwrap_or((c, c.len_utf8()));
        read.push((c, at..at + length));
        at += length;
    }
    read
}

/// The character of the escape that a text begins with, and the escape's length.
fn escape(text: &str) -> Option<(char, usize)> {
    let kind = text.strip_prefix('\\')?.chars().next()?;
    let c = match kind {
        '"' | '\\' | '/' => kind,
        'b' => '\u{8}',
        'f' => '\u{C}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode_escape(text),
        _ => return None,
    };
    Some((c, 2))
}

fn unicode_escape(text: &str) -> Option<(char, usize)> {
    let first = code_unit(text)?;
    let second = code_unit(&text[6..]);
    let pair = second.and_then(|second| char::decode_utf16([first, second]).next()?.ok());
    match pair {
        Some(c) if c.len_utf16() == 2 => Some((c, 12)),
        _ => Some((char::from_u32(first.into()).unwrap_or('\u{FFFD}'), 6)),
    }
}

/// The code unit of the escape `\uXXXX` that a text begins with.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex
        .then(|| u16::from_str_radix(digits, 16).ok())
        .flatten()
}

fn push_quoted(out: &mut String, escaped: &str) {
    out.push('"');
    out.push_str(escaped);
    out.push('"');
}

/// The end of the string at `start` of a valid JSON text.
fn string_end(json: &str, start: usize) -> usize {
    let mut bytes = json.bytes().enumerate().skip(start + 1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    json.len()
}

/// The end of the number at `start` of a valid JSON text.
fn number_end(json: &str, start: usize) -> usize {
    let is_end = |c| matches!(c, ',' | ']' | '}');
    json[start..]
        .find(is_end)
        .map_or(json.len(), |length| start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_texts_are_masked() {
        let cases = [
            (
                "Need RN for patient SSN 219-09-9998",
                "Need RN for patient SSN ***-**-****",
            ),
            ("219-09-9998 and 219-09-9997", "***-**-**** and ***-**-****"),
            ("é 219 09 9998 é", "é *** ** **** é"),
            ("２１９-09-9998", "***-**-****"),
            ("078-05-\n1121", "***-**-\n****"),
            (r"078-05-\n1121", r"***-**-\n****"),
            (
                r#"{\"a\":\"219\u002d09\u002d9998\"}"#,
                r#"{\"a\":\"***\u002d**\u002d****\"}"#,
            ),
            (r"\u0032\u0031\u0039-09-9998", "***-**-****"),
            (r"\ud835\udfd019-09-9998", "***-**-****"),
            (r"\ud835 219-09-9998 \x \", r"\ud835 ***-**-**** \x \"),
            (r#"{"ssn":"219099998"}"#, r#"{"ssn":"*********"}"#),
            ("call 313-555-0101", "call 313-555-0101"),
            ("", ""),
        ];
        for (text, want) in cases {
            assert_eq!(masked_text(text), want, "{text}");
            assert_eq!(masked_text(want), want, "masked again: {want}");
        }
    }

    #[test]
    fn numbers_in_objects_are_masked() {
        let cases = [
            (
                r#"{"body":"SSN 219-09-9998","n":1.0}"#,
                r#"{"body":"SSN ***-**-****","n":1.0}"#,
            ),
            (r#"{"ssn":"219099998"}"#, r#"{"ssn":"*********"}"#),
            (
                r#"{"ssn":219099998,"x":[1]}"#,
                r#"{"ssn":"*********","x":[1]}"#,
            ),
            (
                r#"{"ssn":["219099998",{"n":"219099998"}]}"#,
                r#"{"ssn":["*********",{"n":"219099998"}]}"#,
            ),
            (
                r#"{"a":{"ssn":1},"n":219099998}"#,
                r#"{"a":{"ssn":1},"n":219099998}"#,
            ),
            (r#"{"219-09-9998":{}}"#, r#"{"***-**-****":{}}"#),
            (
                r#"{"a":"219\u002d09-9998","b":"\\\"219-09-9998"}"#,
                r#"{"a":"***\u002d**-****","b":"\\\"***-**-****"}"#,
            ),
            (
                r#"{"a":[219,9,9998],"b":"219","c":"-09-9998"}"#,
                r#"{"a":[219,9,9998],"b":"219","c":"-09-9998"}"#,
            ),
            (r#"{"order":219099998}"#, r#"{"order":219099998}"#),
            ("{}", "{}"),
        ];
        for (object, want) in cases {
            assert_eq!(masked_object(object), want, "{object}");
            assert_eq!(masked_object(want), want, "masked again: {want}");
        }
    }
}
