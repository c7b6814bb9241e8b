//! Placeholders that a draft should have replaced.

/// The maximum number of characters between double braces, and in a name.
const MAX_LENGTH: usize = 40;

/// The first placeholder in a text.
pub(super) fn first(text: &str) -> Option<&str> {
    let may_start = |c| matches!(c, '{' | '[' | '<' | 'T' | 'F');
    text.match_indices(may_start).find_map(|(at, _)| {
        let length = bracketed(&text[at..]).or_else(|| marker(text, at))?;
        Some(&text[at..at + length])
    })
}

/// The length in bytes of the bracketed placeholder at the start of a text.
fn bracketed(text: &str) -> Option<usize> {
    match text.as_bytes()[0] {
        b'{' => double_braces(text).or_else(|| name_up_to(text, b'}')),
        b'[' => name_up_to(text, b']'),
        b'<' => name_up_to(text, b'>'),
        _ => None,
    }
}

/// `{{`, 1 to 40 characters that are neither braces nor line ends, `}}`.
fn double_braces(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("{{")?;
    let (end, _) = inside
        .char_indices()
        .take(MAX_LENGTH + 1)
        .find(|(_, c)| matches!(c, '{' | '}' | '\n' | '\r'))?;
    (end > 0 && inside[end..].starts_with("}}")).then_some("{{".len() + end + "}}".len())
}

/// A bracket, a name, the closing bracket. A name is an ASCII letter or `_`, then up to 39 ASCII
/// letters, digits, `_` or spaces.
fn name_up_to(text: &str, close: u8) -> Option<usize> {
    let inside = &text.as_bytes()[1..];
    let is_first = |b: &u8| b.is_ascii_alphabetic() || *b == b'_';
    inside.first().filter(|b| is_first(b))?;
    let in_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b' ');
    let length = inside.iter().take_while(in_name).count();
    (length <= MAX_LENGTH && inside.get(length) == Some(&close)).then_some(length + 2)
}

/// `TODO`, `TBD` or `FIXME` at a byte offset, with no ASCII letter or digit on either side.
fn marker(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let marker = ["TODO", "TBD", "FIXME"]
        .into_iter()
        .find(|m| rest.starts_with(m))?;
    let is_part = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    let is_word = !is_part(bytes[..at].last()) && !is_part(bytes.get(at + marker.len()));
    is_word.then_some(marker.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_placeholder_counts() {
        let forty = "é".repeat(40);
        let double_forty = format!("{{{{{forty}}}}}");
        let double_forty_one = format!("{{{{{forty}x}}}}");
        let name_forty = format!("[{}]", "n".repeat(40));
        let name_forty_one = format!("[{}]", "n".repeat(41));
        let cases = [
            ("Hi {{ first name! }}, [x]", Some("{{ first name! }}")),
            ("Hi {{{name}}}", Some("{{name}}")),
            ("{{}} {a}", Some("{a}")),
            ("{{a\nb}} <b c>", Some("<b c>")),
            ("{{name}", Some("{name}")),
            ("{{name} }", Some("{name}")),
            ("{name}}", Some("{name}")),
            ("{{a}b}}", Some("{a}")),
            ("[_1 ]", Some("[_1 ]")),
            ("[1] [é] < b> {a-b} {}", None),
            ("TODO", Some("TODO")),
            ("xTODO TODOs TODO1 todo TBD.", Some("TBD")),
            ("_TODO_", Some("TODO")),
            ("éFIXMEé", Some("FIXME")),
            ("TOTBD TBDO", None),
            (&double_forty, Some(&double_forty)),
            (&double_forty_one, None),
            (&name_forty, Some(&name_forty)),
            (&name_forty_one, None),
            ("", None),
        ];
        for (text, want) in cases {
            assert_eq!(first(text), want, "{text}");
        }
    }
}
