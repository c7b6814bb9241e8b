//! The contract's terms for text: white space, blank, the same text.

/// Whether a character is white space (`validate.md`, "Terms"): Unicode's `White_Space`.
pub fn is_white_space(c: char) -> bool {
    matches!(c,
        '\u{9}'..='\u{D}' | ' ' | '\u{85}' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}'
        | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// Whether a text is empty or consists of white space.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_white_space)
}

/// Whether two texts are equal, ignoring the case of ASCII letters.
pub fn same_text(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_the_unicode_property() {
        for c in char::MIN..=char::MAX {
            assert_eq!(is_white_space(c), c.is_whitespace(), "{c:?}");
        }
    }
}
