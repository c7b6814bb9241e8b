//! What the contract's terms say about text: white space, blank, the same text.

/// Whether a character is white space (`validate.md`, "Terms"). It is Unicode's `White_Space`.
pub fn is_white_space(c: char) -> bool {
    matches!(c,
        '\u{9}'..='\u{D}' | ' ' | '\u{85}' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}'
        | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// Whether a text has nothing but white space, or nothing at all.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_white_space)
}

/// Whether two texts are the same text: equal when ASCII letters are lowered.
pub fn same_text(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_what_unicode_says_it_is() {
        for c in char::MIN..=char::MAX {
            assert_eq!(is_white_space(c), c.is_whitespace(), "{c:?}");
        }
    }
}
