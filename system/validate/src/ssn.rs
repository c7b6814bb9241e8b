//! What looks like a social security number (`validate.md`, "Social security numbers").

/// Numbers that are printed as examples: on a sample card, in advertisements, in forms.
const EXAMPLES: [&str; 4] = ["078051120", "219099999", "457555462", "123456789"];

/// Words that say what nine bare digits are, and whether a letter may stand right behind.
const WORDS: [(&str, bool); 8] = [
    ("ssn", false),
    ("ss#", true),
    ("ss no", false),
    ("social security", true),
    ("social sec", true),
    ("soc sec", true),
    ("tax id", true),
    ("taxpayer id", true),
];

/// How many places before the digits a word may begin.
const PLACES_BEFORE: usize = 40;
/// How many places behind the digits a word may begin.
const PLACES_BEHIND: usize = 20;

/// Whether a text has what looks like a social security number.
pub(crate) fn looks_like_one_is_in(text: &str) -> bool {
    let text = Folded::new(text);
    text.digit_runs().any(|(at, length)| match length {
        3 => text.is_grouped_number(at),
        9 => text.is_example(at) || text.is_named_number(at),
        _ => false,
    })
}

/// A text of which look-alike characters have been folded, character by character.
struct Folded(Vec<char>);

impl Folded {
    fn new(text: &str) -> Self {
        Self(text.chars().filter_map(fold).collect())
    }

    /// The longest runs of digits: where each begins, and how long it is.
    fn digit_runs(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut next = 0;
        std::iter::from_fn(move || {
            let at = (next..self.0.len()).find(|at| self.is_digit(*at))?;
            next = (at..).find(|at| !self.is_digit(*at))?;
            Some((at, next - at))
        })
    }

    /// Three digits, a separator, two digits, the same separator, four digits, and not a part of
    /// a longer number that is grouped in the same way. The run of digits at `at` is three long.
    fn is_grouped_number(&self, at: usize) -> bool {
        let Some(separator @ ('-' | '.' | ' ')) = self.get(at + 3) else {
            return false;
        };
        let is_separator = |at| self.get(at) == Some(separator);
        let digits = |from: usize, count| (from..from + count).all(|at| self.is_digit(at));
        let end = at + 11;
        let goes_on_before = at >= 2 && is_separator(at - 1) && self.is_digit(at - 2);
        let goes_on_behind = self.is_digit(end) || (is_separator(end) && self.is_digit(end + 1));
        digits(at + 4, 2)
            && is_separator(at + 6)
            && digits(at + 7, 4)
            && !goes_on_before
            && !goes_on_behind
    }

    /// Nine digits, without a `+` before them, near a word that says what they are.
    fn is_named_number(&self, at: usize) -> bool {
        if at > 0 && self.get(at - 1) == Some('+') {
            return false;
        }
        let behind = at + 9;
        let mut places =
            (at.saturating_sub(PLACES_BEFORE)..at).chain(behind..behind + PLACES_BEHIND);
        places.any(|place| self.is_word(place))
    }

    fn is_example(&self, at: usize) -> bool {
        EXAMPLES
            .iter()
            .any(|example| self.0[at..at + 9].iter().copied().eq(example.chars()))
    }

    /// Whether one of [`WORDS`] begins at a place.
    fn is_word(&self, at: usize) -> bool {
        let is_letter = |at| self.get(at).is_some_and(|c| c.is_ascii_alphabetic());
        if at > 0 && is_letter(at - 1) {
            return false;
        }
        WORDS.iter().any(|(word, may_go_on)| {
            let mut characters = word.chars().zip(at..);
            characters.all(|(c, at)| self.get(at).is_some_and(|own| own.eq_ignore_ascii_case(&c)))
                && (*may_go_on || !is_letter(at + word.len()))
        })
    }

    fn is_digit(&self, at: usize) -> bool {
        self.get(at).is_some_and(|c| c.is_ascii_digit())
    }

    fn get(&self, at: usize) -> Option<char> {
        self.0.get(at).copied()
    }
}

/// The plain character that stands for a look-alike; none for one that is not seen.
fn fold(c: char) -> Option<char> {
    let digit_of_run = |zero: char| char::from_digit((c as u32 - zero as u32) % 10, 10);
    match c {
        '\u{FF10}'..='\u{FF19}' => digit_of_run('\u{FF10}'),
        '\u{660}'..='\u{669}' => digit_of_run('\u{660}'),
        '\u{6F0}'..='\u{6F9}' => digit_of_run('\u{6F0}'),
        '\u{966}'..='\u{96F}' => digit_of_run('\u{966}'),
        '\u{1D7CE}'..='\u{1D7FF}' => digit_of_run('\u{1D7CE}'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => Some('-'),
        '\u{2024}' | '\u{FF0E}' => Some('.'),
        '\u{9}'
        | '\u{A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{3000}' => Some(' '),
        '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => None,
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_one() {
        for text in [
            "123-45-6789",
            "id 123.45.6789.",
            "(123 45 6789)",
            "a123-45-6789b",
            "１２３－４５－６７８９",
            "1\u{200B}23\u{2013}45\u{2212}67\u{AD}89",
            "123\u{A0}45\u{3000}6789",
            "𝟏𝟐𝟑-𝟺𝟻-𝟼𝟽𝟾𝟿",
            "12 - 123-45-6789",
            "9.123-45-6789",
            "123-45-6789-x",
            "x 123-45-6789.5",
            "ssn 900112233",
            "SSN: 900112233",
            "900112233 (ss#)",
            "ss#900112233",
            "Social Securitys 900112233",
            "soc sec 900112233",
            "taxpayer idx 900112233",
            "_ssn_900112233",
            "SS NO 900112233",
            "078051120",
            "+123456789",
            "x457555462",
            "219099999",
        ] {
            assert!(looks_like_one_is_in(text), "{text}");
        }
    }

    #[test]
    fn what_does_not() {
        for text in [
            "",
            "123-45.6789",
            "123-456-7890",
            "1123-45-6789",
            "123-45-67890",
            "12-123-45-6789",
            "123-45-6789-1",
            "123  45 6789",
            "123_45_6789",
            "123\n45\n6789",
            "12 123 45 6789",
            "900112233",
            "ssn +900112233",
            "passn 900112233",
            "ssns 900112233",
            "ssn 90011223",
            "ssn 9001122334",
            "0780511200",
            "1078051120",
            "078 051120",
            "ss  no 900112233",
        ] {
            assert!(!looks_like_one_is_in(text), "{text}");
        }
    }

    #[test]
    fn a_word_counts_within_its_places() {
        let cases = [
            (format!("ssn{}900112233", "-".repeat(37)), true),
            (format!("ssn{}900112233", "-".repeat(38)), false),
            (format!("900112233{}ssn", "-".repeat(19)), true),
            (format!("900112233{}ssn", "-".repeat(20)), false),
            (format!("900112233{}ssn", "é".repeat(19)), true),
        ];
        for (text, want) in cases {
            assert_eq!(looks_like_one_is_in(&text), want, "{text}");
        }
    }
}
