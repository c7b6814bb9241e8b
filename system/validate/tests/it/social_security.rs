//! Which numbers look like social security numbers.

use lakehouse_validate::ValidationFailure;
use proptest::prelude::*;

use crate::support::check_email;

fn is_reported(body: &str) -> bool {
    let failure = ValidationFailure::Policy {
        reason: "body has what looks like a social security number".to_owned(),
    };
    check_email(body).failures.contains(&failure)
}

/// A number in the digits of a script that is folded.
fn in_script(digits: &str, zero: char) -> String {
    let shift = |c: char| c.to_digit(10).and_then(|d| char::from_u32(zero as u32 + d));
    digits.chars().map(|c| shift(c).unwrap_or(c)).collect()
}

fn scripts() -> impl Strategy<Value = char> {
    let runs = [
        '0',
        '\u{FF10}',
        '\u{660}',
        '\u{6F0}',
        '\u{966}',
        '\u{1D7CE}',
        '\u{1D7D8}',
        '\u{1D7E2}',
        '\u{1D7EC}',
        '\u{1D7F6}',
    ];
    prop::sample::select(runs.to_vec())
}

/// Two spellings of the same separator.
fn separators() -> impl Strategy<Value = (char, char)> {
    let spellings = [
        "-\u{2010}\u{2013}\u{2212}\u{FE58}\u{FE63}\u{FF0D}",
        ".\u{2024}\u{FF0E}",
        " \t\u{A0}\u{2003}\u{202F}\u{3000}",
    ];
    prop::sample::select(spellings.to_vec()).prop_flat_map(|spelling| {
        let one = || prop::sample::select(spelling.chars().collect::<Vec<_>>());
        (one(), one())
    })
}

proptest! {
    #[test]
    fn a_number_grouped_three_two_four_is_reported(
        digits in "[0-9]{9}", zero in scripts(), (first, second) in separators(),
        dropped in prop::sample::select(vec!["", "\u{AD}", "\u{200B}", "\u{2060}\u{FEFF}"]),
        (before, after) in ("([a-z(:,] ?)?", "[a-z).,;]?"),
    ) {
        let number = format!("{}{first}{dropped}{}{second}{}{dropped}", &digits[..3], &digits[3..5], &digits[5..]);
        let body = format!("It is {before}{}{after}", in_script(&number, zero));
        prop_assert!(is_reported(&body), "{}", body);
    }

    #[test]
    fn a_phone_number_in_any_usual_style_is_not_reported(
        (area, exchange, line) in ("[2-9][0-9]{2}", "[2-9][0-9]{2}", "[0-9]{4}"),
        style in 0_usize..14,
        word in prop::sample::select(vec!["call", "ssn", "social security office:", "tax id"]),
        after in prop::sample::select(vec!["", ".", ", today", " 06:00", " ext. 12"]),
    ) {
        let pairs = format!("{area}{exchange}{line}");
        let number = match style {
            0 => format!("{area}-{exchange}-{line}"),
            1 => format!("({area}) {exchange}-{line}"),
            2 => format!("{area}.{exchange}.{line}"),
            3 => format!("{area} {exchange} {line}"),
            4 => format!("{area}{exchange}{line}"),
            5 => format!("+1 {area} {exchange} {line}"),
            6 => format!("+1{area}{exchange}{line}"),
            7 => format!("1-{area}-{exchange}-{line}"),
            8 => format!("1 ({area}) {exchange}-{line}"),
            9 => format!("({area}){exchange}-{line}"),
            10 => format!("+1-{area}-{exchange}-{line}"),
            11 => format!("+49 {} {} {line}", &area[..2], exchange),
            12 => format!("{} {} {} {} {}", &pairs[..2], &pairs[2..4], &pairs[4..6], &pairs[6..8], &pairs[8..]),
            _ => format!("{exchange}-{line}"),
        };
        let body = format!("Please {word} {number}{after}");
        prop_assert!(!is_reported(&body), "{}", body);
    }

    #[test]
    fn nine_bare_digits_are_reported_near_a_word(digits in "9[0-9]{8}", zero in scripts(), gap in "[ :#]{0,20}") {
        let number = in_script(&digits, zero);
        let order = format!("Order {gap}{number}");
        let named = format!("SSN {gap}{number}");
        let abroad = format!("SSN {gap}+{number}");
        prop_assert!(!is_reported(&order), "{}", order);
        prop_assert!(is_reported(&named), "{}", named);
        prop_assert!(!is_reported(&abroad), "{}", abroad);
    }
}
