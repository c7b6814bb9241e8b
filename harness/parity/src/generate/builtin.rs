//! Built-in shapes: characters, numbers and values that programs are known to read differently.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::draft::{Draft, LONE_HIGH, LONE_LOW};

const HOSTILE: &[&str] = &[
    "\u{2028}",
    "\u{2029}",
    "\u{7f}",
    "\u{feff}",
    "\u{202e}",
    "é",
    "e\u{301}",
    "😀",
    "𝟗",
    "\u{1}",
    "\0",
    "\u{1f}",
    "\u{8}",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u{b}",
    "\u{c}",
    "`",
    "``",
    "```",
    "```json",
    "```JSON\n",
    "{",
    "}",
    "[",
    "]",
    "{}",
    "<",
    ">",
    "&",
    "\"",
    "\\",
    "\\\"",
    "'",
    "{{",
    "}}",
    "/",
    "\u{85}",
    "\u{a0}",
    "\u{3000}",
    "\u{200b}",
    "\u{ad}",
    "ﬁ",
    "İ",
    "ſ",
    "\u{212a}",
    "ß",
    "１",
    "٣",
    "€",
    "^",
    "~",
    "|",
    "\u{fffd}",
    "\u{ffff}",
    "\u{e000}",
    ",",
    ":",
    "$",
    "#",
    "%",
    " ",
    "  ",
    "-",
    ".",
    "_",
    "0",
    "1",
];

/// JSON numbers.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "10",
    "-0",
    "0.0",
    "-0.0",
    "1.0",
    "2.0",
    "1e0",
    "2E0",
    "20e-1",
    "1E+2",
    "0.5",
    "1.5",
    "-0.5",
    "0.9",
    "1e-7",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "-9007199254740991",
    "-9007199254740992",
    "9007199254740991.0",
    "9.007199254740991e15",
    "90071992547409910e-1",
    "18446744073709551615",
    "18446744073709551616",
    "1e400",
    "-1e400",
    "1e-400",
    "1.00000000000000000001",
    "0.99999999999999999999",
    "1.0000000000000000000",
    "123456789012345678901234567890",
    "0e999",
    "0E-999",
    "1e999999999999",
    "4.9e-324",
    "1.7976931348623157e308",
];

/// Texts that look like numbers and are not JSON.
const INVALID_NUMBERS: &[&str] = &[
    "01", "+1", "1.", ".5", "-", "1e", "NaN", "Infinity", "0x10", "1_000", "--1", "1e+", "-01",
];

/// One hostile piece of text, sometimes a lone surrogate or a random character.
pub(super) fn hostile(rng: &mut ChaCha8Rng) -> String {
    match rng.random_range(0..20) {
        0 => LONE_HIGH.to_string(),
        1 => LONE_LOW.to_string(),
        2 => rng.random::<char>().to_string(),
        _ => pick(HOSTILE, rng),
    }
}

/// Up to six hostile pieces and letters.
pub(super) fn chaos(rng: &mut ChaCha8Rng) -> String {
    let mut text = String::new();
    for _ in 0..rng.random_range(0..7) {
        if rng.random_ratio(1, 3) {
            let letter = b'a' + rng.random_range(0..26_u8);
            text.push(char::from(letter));
        } else {
            text.push_str(&hostile(rng));
        }
    }
    text
}

/// A number, in one case of 25 an invalid one.
pub(super) fn number(rng: &mut ChaCha8Rng) -> String {
    let numbers = if rng.random_ratio(1, 25) {
        INVALID_NUMBERS
    } else {
        NUMBERS
    };
    pick(numbers, rng)
}

fn pick(texts: &[&str], rng: &mut ChaCha8Rng) -> String {
    texts[rng.random_range(0..texts.len())].to_owned()
}

/// A value that is neither an array nor an object.
pub(super) fn scalar(rng: &mut ChaCha8Rng) -> Draft {
    match rng.random_range(0..8) {
        0 => Draft::Raw("null".to_owned()),
        1 => Draft::Raw("true".to_owned()),
        2 => Draft::Raw("false".to_owned()),
        3 => Draft::Text(String::new()),
        4 | 5 => Draft::Text(chaos(rng)),
        _ => Draft::Raw(number(rng)),
    }
}

/// Any value, nested at most `depth` levels.
pub(super) fn any(rng: &mut ChaCha8Rng, depth: usize) -> Draft {
    let kind = rng.random_range(0..6);
    if depth == 0 || kind > 1 {
        return scalar(rng);
    }
    let length = rng.random_range(0..4);
    if kind == 0 {
        return Draft::Array((0..length).map(|_| any(rng, depth - 1)).collect());
    }
    let mut members = Vec::new();
    for _ in 0..length {
        let name = match rng.random_range(0..4) {
            0 => chaos(rng),
            1 => "__proto__".to_owned(),
            2 => "a".to_owned(),
            _ => rng.random_range(0..12).to_string(),
        };
        members.push((name, any(rng, depth - 1)));
    }
    Draft::Object(members)
}
