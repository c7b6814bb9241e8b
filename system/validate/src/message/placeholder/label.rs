//! Labels in square brackets with the value behind them, as in `[Address] 4100 Jackson Rd`.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::field::{is_field_word, words};
use super::place::Place;

/// Words of labels, and how their values begin.
const VALUES: [(&str, &str); 5] = [
    (
        "address street building suite unit room dock zip zipcode direccion",
        "#?[0-9]",
    ),
    (
        "pay rate wage salary amount price bonus salario",
        r"\$?[0-9]",
    ),
    ("date day fecha", "[0-9]{1,4}[/.-][0-9]"),
    (
        "time hour hours start end finish shift schedule hora turno",
        r"[0-9]{1,2}(?::[0-9]{2}|[AaPp]| [AaPp]\.?[Mm])",
    ),
    (
        "phone telephone mobile cell fax number num telefono numero",
        "[(+]?[0-9][0-9 ().+-]{6}",
    ),
];

/// Whether a content, whose brackets are the place, is a label with its value.
pub(super) fn is_label(content: &str, brackets: &Place<'_>) -> bool {
    let fields = words(content);
    let kinds: Option<Vec<usize>> = fields
        .iter()
        .filter(|word| is_field_word(word))
        .map(|word| {
            let has_word = |(words, _): &(&str, &str)| words.split(' ').any(|own| own == word);
            VALUES.iter().position(has_word)
        })
        .collect();
    let (Some(kinds), Some(value)) = (kinds, value(brackets)) else {
        return false;
    };
    begins_entry(brackets) && kinds.into_iter().any(|kind| begins_value(kind, value))
}

fn begins_value(kind: usize, value: &[u8]) -> bool {
    static COMPILED: LazyLock<[Regex; 5]> = LazyLock::new(|| {
        VALUES.map(|(_, value)| {
            Regex::new(&format!("(?-u)^(?:{value})")).expect("the expressions are constants")
        })
    });
    COMPILED[kind].is_match(value)
}

/// What stands behind the brackets, an optional colon, and one or more spaces.
fn value<'t>(brackets: &'t Place<'_>) -> Option<&'t [u8]> {
    let rest = brackets.rest();
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    let spaces = rest.iter().take_while(|b| **b == b' ').count();
    (spaces > 0).then(|| &rest[spaces..])
}

/// Whether a line, a cell or an item of a list begins with the brackets.
fn begins_entry(brackets: &Place<'_>) -> bool {
    let mut before = brackets.text.chars[..brackets.range.start]
        .iter()
        .rev()
        .skip_while(|c| **c == ' ');
    match before.next() {
        None | Some('\n' | '|' | ';' | '>') => true,
        Some('-' | '*' | '\u{2022}') => {
            matches!(before.find(|c| **c != ' '), None | Some('\n'))
        }
        _ => false,
    }
}
