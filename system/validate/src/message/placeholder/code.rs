//! Codes to enter and keys to press, which stand in brackets and are meant as they are.

use super::field::{is_beside_word, is_field_word};
use super::place::Place;

const KEYS: [&str; 20] = [
    "enter",
    "return",
    "esc",
    "escape",
    "tab",
    "space",
    "spacebar",
    "backspace",
    "delete",
    "ctrl",
    "control",
    "alt",
    "cmd",
    "command",
    "home",
    "pgup",
    "pgdn",
    "page up",
    "page down",
    "caps lock",
];
/// Keys that are also fields.
const KEYS_AND_FIELDS: [&str; 3] = ["shift", "end", "insert"];
const MODIFIERS: [&str; 6] = ["ctrl", "control", "alt", "cmd", "command", "shift"];
/// Words in front of a key.
const PRESS: [&str; 12] = [
    "press", "hit", "push", "tap", "hold", "key", "presione", "presiona", "pulse", "pulsa",
    "oprima", "tecla",
];

/// Whether a content is letters and a number of at least two digits, as codes of discounts are.
/// Templates number their fields from one.
pub(super) fn is_code_to_enter(content: &str) -> bool {
    let digits = content.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = &content[..content.len() - digits.len()];
    let word = letters.to_ascii_lowercase();
    (2..=20).contains(&letters.len())
        && (2..=4).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !is_field_word(&word)
        && !is_beside_word(&word)
}

/// Whether a content, whose brackets are the place, is a key.
pub(super) fn is_key(content: &str, brackets: &Place<'_>) -> bool {
    let content = content.to_ascii_lowercase();
    if KEYS_AND_FIELDS.contains(&&*content) {
        return brackets.before() == Some(b'+') || brackets.follows_word(&PRESS);
    }
    let is_combination = content.split_once('-').is_some_and(|(modifier, key)| {
        let is_character = key.len() == 1 && key.as_bytes()[0].is_ascii_alphanumeric();
        MODIFIERS.contains(&modifier) && (is_character || is_named(key))
    });
    is_named(&content) || is_combination
}

fn is_named(key: &str) -> bool {
    let number = key.strip_prefix('f').filter(|n| !n.starts_with('0'));
    let is_function = number
        .filter(|n| n.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|n| n.parse().ok())
        .is_some_and(|n: u8| (1..=12).contains(&n));
    KEYS.contains(&key) || is_function
}
