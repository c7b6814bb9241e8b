//! `XXX` as the numeral 30 or a size.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::place::Place;

/// Words in front of numerals and sizes.
const BEFORE: [&str; 12] = [
    "size",
    "sizes",
    "talla",
    "tallas",
    "bowl",
    "chapter",
    "chapters",
    "capitulo",
    "capitulos",
    "volume",
    "tomo",
    "siglo",
];
/// Other numerals and sizes.
const OTHER: &str = "(?:XS|S|M|L|XL|XXL|XXXL|[2-6]XL?|X{2,3}(?:I{1,3}|I?V|VI{1,3}|IX))";
/// What stands between two of them.
const BETWEEN: &str = "(?: {0,8}[,/-] {0,8}| {1,8}(?:and|or|to|y|o|a) {1,8})";
/// The number of characters before a match that are read: more than the two together have.
const REACH: usize = 40;

/// Whether a match of `X`s is a numeral or a size.
pub(super) fn is_numeral(place: &Place<'_>) -> bool {
    static AROUND: LazyLock<[Regex; 2]> = LazyLock::new(|| {
        [
            format!("(?:^|[^A-Za-z0-9]){OTHER}{BETWEEN}$"),
            format!("^{BETWEEN}{OTHER}(?:[^A-Za-z0-9]|$)"),
        ]
        .map(|expression| {
            Regex::new(&format!("(?-u){expression}")).expect("the expressions are constants")
        })
    });
    if place.found() != b"XXX" {
        return false;
    }
    let [before, after] = &*AROUND;
    let text_before = &place.text.bytes[..place.range.start];
    place.follows_word(&BEFORE)
        || before.is_match(&text_before[text_before.len().saturating_sub(REACH)..])
        || after.is_match(place.rest())
}
