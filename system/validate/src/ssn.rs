//! Likely social security numbers (`drafts.md`, "Social security numbers").

mod cue;
mod grouped;
mod named;
mod spelled;
mod taken;

use std::borrow::Cow;
use std::ops::Range;

use lakehouse_text::{Folded, fold};

use crate::draft::{Reading, Readings};
use cue::Cues;
use spelled::is_stand_in;
use taken::taken;

/// Numbers that are published as examples: on a sample card, in advertisements, in forms.
const EXAMPLES: [&[u8; 9]; 4] = [b"078051120", b"219099999", b"457555462", b"123456789"];

/// Whether a text contains what looks like a social security number.
pub(crate) fn is_likely_in(text: &str) -> bool {
    Readings::new(text)
        .all()
        .any(|reading| !find(&Digits::new(&reading.folded())).is_empty())
}

/// The text with `*` for each digit of its numbers, and each letter of spelled ones, as far as they
/// stand in it as it is written.
pub fn mask_social_security_numbers(text: &str) -> Cow<'_, str> {
    let places = places(text);
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let is_hidden = |c: char| {
        fold(c.encode_utf8(&mut [0; 4]))
            .contains(|folded: char| folded.is_ascii_alphanumeric() || is_stand_in(folded))
    };
    let mut rest = places.into_iter().peekable();
    let mask = |(at, c): (usize, char)| {
        while rest.next_if(|place| place.end <= at).is_some() {}
        let is_inside = rest.peek().is_some_and(|place| place.start <= at);
        if is_inside && is_hidden(c) { '*' } else { c }
    };
    Cow::Owned(text.char_indices().map(mask).collect())
}

/// The byte ranges of the numbers in a text as it is written, in ascending order.
fn places(text: &str) -> Vec<Range<usize>> {
    let folded = Reading::as_written(text).folded();
    let mut places: Vec<_> = find(&Digits::new(&folded))
        .into_iter()
        .map(|range| folded.origin(range))
        .collect();
    places.sort_unstable_by_key(|place| (place.start, place.end));
    places.dedup();
    places
}

/// The numbers that the rules find, as ranges of folded characters.
fn find(text: &Digits) -> Vec<Range<usize>> {
    let mut found = grouped::find(text);
    found.extend(text.runs.iter().filter(|run| text.is_example(run)).cloned());
    // Most texts have no cue; what else their numbers are does not matter.
    let cues = Cues::new(text);
    if !cues.is_empty() {
        let taken = taken(text);
        found.extend(named::find(text, &cues, &taken));
        found.extend(spelled::find(text, &cues, &taken));
    }
    found
}

/// A folded text and its runs of digits.
struct Digits {
    chars: Vec<char>,
    /// The text with one byte per character, for expressions: a character outside ASCII is
    /// [`OTHER`], but for the signs of money.
    bytes: Vec<u8>,
    /// The longest runs of digits.
    runs: Vec<Range<usize>>,
}

/// The byte of a character outside ASCII.
const OTHER: u8 = 0xFF;
/// The bytes of `€` and `£`.
const MONEY: [u8; 2] = [0x80, 0xA3];

impl Digits {
    fn new(folded: &Folded) -> Self {
        let chars = folded.chars().to_vec();
        let byte = |c: &char| match c {
            '€' => MONEY[0],
            '£' => MONEY[1],
            c if c.is_ascii() => *c as u8,
            _ => OTHER,
        };
        let bytes: Vec<u8> = chars.iter().map(byte).collect();
        let mut runs = Vec::new();
        let mut at = 0;
        while let Some(start) = (at..bytes.len()).find(|at| bytes[*at].is_ascii_digit()) {
            let end = (start..bytes.len()).find(|at| !bytes[*at].is_ascii_digit());
            at = end.unwrap_or(bytes.len());
            runs.push(start..at);
        }
        Self { chars, bytes, runs }
    }

    fn is_digit(&self, at: usize) -> bool {
        self.bytes.get(at).is_some_and(u8::is_ascii_digit)
    }

    fn byte_before(&self, at: usize) -> Option<u8> {
        self.bytes[..at].last().copied()
    }

    fn char_before(&self, at: usize) -> Option<char> {
        self.chars[..at].last().copied()
    }

    fn is_example(&self, run: &Range<usize>) -> bool {
        EXAMPLES
            .iter()
            .any(|example| example[..] == self.bytes[run.clone()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likely_numbers_are_found() {
        for text in [
            "123-45-6789",
            "id 123.45.6789.",
            "(123 45 6789)",
            "a123-45-6789b",
            "１２３－４５－６７８９",
            "1\u{200B}23\u{2013}45\u{2212}67\u{AD}89",
            "123\u{A0}45\u{3000}6789",
            "𝟏𝟐𝟑-𝟺𝟻-𝟼𝟽𝟾𝟿",
            "①②③-④⑤-⑥⑦⑧⑨",
            "12 - 123-45-6789",
            "12 123 45 6789",
            "123-45-6789-1",
            "219 09 9998 219 09 9997",
            "123-45-6788123-45-6788",
            "219 - 09 -\n 9998",
            "219--09--9998",
            "219 09-9998",
            "219·09•9998",
            "219号09号9998",
            "219:09:9998",
            "219/09/9998",
            "+1 219-09-9998",
            "(219) 09-9998",
            "Ref 1-219-09-9998",
            "219&#45;09&#45;9998",
            "<b>219</b>-<b>09</b>-9998",
            "https://x/?id=219%2D09%2D9998",
            "ssn 900112233",
            "900112233 (ss#)",
            "Social Securitys 900112233",
            "taxpayer idx 900112233",
            "_ssn_900112233",
            "ssns 900112233",
            "ss  no 900112233",
            "s. s. n. 900112233",
            "ssn219099998219099997",
            "SSN 2190 99998",
            "SSN 2 1 9 0 9 9 9 9 8",
            "SSN 21-9099998",
            "SSN (219) 09-9998",
            "SSN 219-0999-98",
            "SSN 219099998 5",
            "SSN 219 099 998 12",
            "su seguro social es 219099998",
            "Tax ID 219-09-9998",
            "078051120",
            "+123456789",
            "x457555462",
            "219099999",
            "219%252D09%252D9998",
            "219%26%2345%3B09%26%2345%3B9998",
            "My SSN is two one nine, zero nine, nine nine nine eight.",
            "SSN: two nineteen, oh nine, ninety-nine ninety-eight",
            "ssn two-one-nine dash zero-nine dash 9998",
            "SSN double two one zero nine triple nine eight",
            "one hundred and twenty three, 45, 6789 is her social",
            "su seguro social: dos uno nueve, cero nueve, nueve nueve nueve ocho",
            "NSS ciento veintitres, cuarenta y cinco, sesenta y siete, ochenta y nueve",
            "SSN l23-4S-6789",
            "ssn 2l9-O9-9998",
            "ssn 2l9-09-1998",
            "ssn 219-OO-9998",
            "2I9O9999B (SSN)",
            "ssn 2\u{43E}9-09-9998",
        ] {
            assert!(is_likely_in(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not_found() {
        for text in [
            "",
            "123-456-7890",
            "1123-45-6789",
            "123-45-67890",
            "123-45/6789",
            "123:45-6789",
            "219, 09, 9998",
            "900112233",
            "ssn +900112233",
            "passn 900112233",
            "ssn 90011223",
            "ssn 9001122334",
            "0780511200",
            "1078051120",
            "078 051120",
            "+353 219 09 9998",
            "00353 219 09 9998",
            "social media 900112233",
            "Tax ID 38-1234567",
            "SSN card, order no. 900112233",
            "ssn, call 555-0101, 06",
            "ssn, call 313-555-0101 12 345",
            "ssn office 1 31 35 55 01 02",
            "ssn office 3 135 550 102",
            "ssn office 1-313 55 50 102",
            "ssn by 2026-05-04 06:00",
            "ssn by 05/04/2026, 6",
            "social, $1,234,567.89",
            "Social Security, Gary, IN 46402-1234",
            "social tax, Detroit MI 48226-1234",
            "two one nine, zero nine, nine nine nine eight",
            "l23-4S-6789",
            "SSN card and one of two forms, at six, dock twelve",
            "social security: rooms 100 and 200 and 300",
            "ssn two one nine zero nine nine nine nine",
            "SSN card, order no. B12345678",
            "ssn +2l9099998",
            "SSN is 1234567",
            "bring your SSN card and the I9 by 05/04/2026, 6 am",
            "ssn SOS-BO-9998",
            "ssn oilz-is-bi",
        ] {
            assert!(!is_likely_in(text), "{text}");
        }
    }

    #[test]
    fn a_cue_counts_within_its_reach() {
        let cases = [
            (format!("ssn{}900112233", "-".repeat(37)), true),
            (format!("ssn{}900112233", "-".repeat(38)), false),
            (format!("900112233{}ssn", "-".repeat(19)), true),
            (format!("900112233{}ssn", "-".repeat(20)), false),
            (format!("900112233{}ssn", "é".repeat(19)), false),
            (format!("900112233{}ssn", "·".repeat(19)), true),
        ];
        for (text, want) in cases {
            assert_eq!(is_likely_in(&text), want, "{text}");
        }
    }

    #[test]
    fn long_texts_are_read_quickly() {
        for text in [
            "219-09-9998",
            "219 ",
            "ssn 2 1 9 0 9 9 9 9 8 ",
            "+1 219 09 9998 ",
            "1 ",
            "ssn two and ",
            "+1",
        ] {
            let text = "ssn ".to_owned() + &text.repeat(100_000);
            assert!(mask_social_security_numbers(&text).len() == text.len());
        }
    }

    #[test]
    fn the_digits_of_numbers_are_masked() {
        for (text, want) in [
            (
                "é SSN ２１９-09-9998, or 536 22 8145 and 40 pallets",
                "é SSN ***-**-****, or *** ** **** and 40 pallets",
            ),
            ("my ssn is 219099998.", "my ssn is *********."),
            ("123-45-6788123-45-6788", "***-**-*******-**-****"),
            ("call 313-555-0101", "call 313-555-0101"),
            (
                "SSN Two one nine, oh nine, ninety-nine ninety-eight. One pallet",
                "SSN *** *** ****, ** ****, ******-**** ******-*****. One pallet",
            ),
            (
                "seguro dos uno nueve cero nueve 99 noventa y ocho",
                "seguro *** *** ***** **** ***** ** ******* * ****",
            ),
            ("2l9-\u{41E}9-9998 ssn", "***-**-**** ssn"),
        ] {
            assert_eq!(mask_social_security_numbers(text), want);
        }
    }
}
