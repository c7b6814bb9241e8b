//! Characters that no text of a message may have (`drafts.md`, "Characters").

/// The first forbidden character of a text. A subject has no line breaks.
pub(super) fn first(text: &str, is_subject: bool) -> Option<char> {
    text.chars().find(|c| match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => is_subject,
        _ => c.is_control() || is_hidden_control(*c),
    })
}

/// Embeddings, overrides and isolates, which reorder what a person reads, and characters that
/// hide text.
fn is_hidden_control(c: char) -> bool {
    matches!(
        c,
        '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{206F}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_forbidden_and_marks_of_scripts_are_not() {
        for (text, in_subject, in_body) in [
            ("Shift\r\nBcc: x", Some('\r'), None),
            ("a\tb", Some('\t'), None),
            ("a\u{2028}b", Some('\u{2028}'), None),
            ("a\u{0}b\u{1b}", Some('\u{0}'), Some('\u{0}')),
            ("\u{202e}00.52$\u{202c}", Some('\u{202e}'), Some('\u{202e}')),
            ("\u{85}", Some('\u{85}'), Some('\u{85}')),
            ("\u{2067}", Some('\u{2067}'), Some('\u{2067}')),
            ("\u{E0041}", Some('\u{E0041}'), Some('\u{E0041}')),
            (
                "👩\u{200D}👧 \u{200E}\u{200F}\u{61C}\u{AD}\u{FE0F}",
                None,
                None,
            ),
        ] {
            assert_eq!(first(text, true), in_subject, "{text:?}");
            assert_eq!(first(text, false), in_body, "{text:?}");
        }
    }
}
