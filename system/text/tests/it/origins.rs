//! Where folded characters came from.

use lakehouse_text::{Folded, fold};
use proptest::prelude::*;

/// The part of the original in which `found` was found in the folded text.
fn original<'t>(text: &'t str, found: &str) -> &'t str {
    let folded = Folded::new(text);
    let found: Vec<char> = found.chars().collect();
    let mut starts = folded.chars().windows(found.len());
    let at = starts.position(|window| window == found).unwrap();
    &text[folded.origin(at..at + found.len())]
}

#[test]
fn what_was_found_is_cut_out_of_the_original() {
    for (text, found, want) in [
        ("Ask JOSÉ NÚÑEZ.", "jose nunez", "JOSÉ NÚÑEZ"),
        ("é1\u{200B}2é", "12", "1\u{200B}2"),
        ("no 1\u{200B}", "1", "1"),
        ("Straße", "s", "S"),
        ("aß", "s", "ß"),
        ("½", "1/", "½"),
    ] {
        assert_eq!(original(text, found), want, "{text}");
    }
}

proptest! {
    #[test]
    fn the_characters_are_those_of_the_folded_text(text in any::<String>()) {
        let folded = Folded::new(&text);
        prop_assert_eq!(folded.chars().iter().collect::<String>(), fold(&text));
        if !folded.chars().is_empty() {
            let origin = folded.origin(0..folded.chars().len());
            prop_assert_eq!(fold(&text[origin]), fold(&text));
        }
    }
}
