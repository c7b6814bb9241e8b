//! What a generator has at hand without being told: characters, numbers and values that are
//! known to be read differently by different programs.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use rand::RngExt as _;

use super::made::{LONE_HIGH, LONE_LOW, Made};

/// Pieces of text.
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

/// Numbers, as they are written.
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

/// What only looks like a number.
const NO_NUMBERS: &[&str] = &[
    "01", "+1", "1.", ".5", "-", "1e", "NaN", "Infinity", "0x10", "1_000", "--1", "1e+", "-01",
];

/// One hostile piece of text, now and then any character at all.
pub(super) fn hostile(runner: &mut TestRunner) -> String {
    match runner.rng().random_range(0..20) {
        0 => LONE_HIGH.to_string(),
        1 => LONE_LOW.to_string(),
        2 => {
            let any = proptest::char::any().new_tree(runner);
            any.map_or_else(|_| String::new(), |tree| tree.current().to_string())
        }
        _ => {
            let at = runner.rng().random_range(0..HOSTILE.len());
            HOSTILE[at].to_owned()
        }
    }
}

/// A text of some hostile pieces, and plain ones between them.
pub(super) fn chaos(runner: &mut TestRunner) -> String {
    let mut text = String::new();
    for _ in 0..runner.rng().random_range(0..7) {
        if runner.rng().random_ratio(1, 3) {
            let letter = b'a' + runner.rng().random_range(0..26_u8);
            text.push(char::from(letter));
        } else {
            text.push_str(&hostile(runner));
        }
    }
    text
}

/// A number, seldom one that is none.
pub(super) fn number(runner: &mut TestRunner) -> String {
    let rng = runner.rng();
    let from = if rng.random_ratio(1, 25) {
        NO_NUMBERS
    } else {
        NUMBERS
    };
    from[rng.random_range(0..from.len())].to_owned()
}

/// A value that is neither an array nor an object.
pub(super) fn scalar(runner: &mut TestRunner) -> Made {
    match runner.rng().random_range(0..8) {
        0 => Made::Raw("null".to_owned()),
        1 => Made::Raw("true".to_owned()),
        2 => Made::Raw("false".to_owned()),
        3 => Made::Text(String::new()),
        4 | 5 => Made::Text(chaos(runner)),
        _ => Made::Raw(number(runner)),
    }
}

/// Any value, at most `depth` levels of it.
pub(super) fn any(runner: &mut TestRunner, depth: usize) -> Made {
    let kind = runner.rng().random_range(0..6);
    if depth == 0 || kind > 1 {
        return scalar(runner);
    }
    let length = runner.rng().random_range(0..4);
    if kind == 0 {
        return Made::Array((0..length).map(|_| any(runner, depth - 1)).collect());
    }
    let mut members = Vec::new();
    for _ in 0..length {
        let name = match runner.rng().random_range(0..4) {
            0 => chaos(runner),
            1 => "__proto__".to_owned(),
            2 => "a".to_owned(),
            _ => runner.rng().random_range(0..12).to_string(),
        };
        members.push((name, any(runner, depth - 1)));
    }
    Made::Object(members)
}
