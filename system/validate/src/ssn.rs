//! Likely social security numbers (`validate.md`, "Social security numbers").

/// Numbers that are published as examples: on a sample card, in advertisements, in forms.
const EXAMPLES: [&str; 4] = ["078051120", "219099999", "457555462", "123456789"];

/// Words that mark nine bare digits as a number, and whether a letter may follow directly.
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

/// The maximum distance in characters from the start of a word to the digits after it.
const REACH_BEFORE: usize = 40;
/// The maximum distance in characters from the digits to the start of a word after them.
const REACH_AFTER: usize = 20;

/// Whether a text contains what looks like a social security number.
pub(crate) fn is_likely_in(text: &str) -> bool {
    let text = Folded::new(text);
    text.digit_runs().any(|(at, length)| match length {
        3 => text.is_grouped_number(at),
        9 => text.is_example(at) || text.is_named_number(at),
        _ => false,
    })
}

/// The characters of a text after folding look-alikes.
struct Folded(Vec<char>);

impl Folded {
    fn new(text: &str) -> Self {
        Self(text.chars().filter_map(fold).collect())
    }

    /// The longest runs of digits, each with its start and its length.
    fn digit_runs(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut next = 0;
        std::iter::from_fn(move || {
            let at = (next..self.0.len()).find(|at| self.is_digit(*at))?;
            next = (at..).find(|at| !self.is_digit(*at))?;
            Some((at, next - at))
        })
    }

    /// Whether there are three digits, a separator, two digits, the same separator and four digits
    /// that are not part of a longer number with the same grouping. The run at `at` has three
    /// digits.
    fn is_grouped_number(&self, at: usize) -> bool {
        let Some(separator @ ('-' | '.' | ' ')) = self.get(at + 3) else {
            return false;
        };
        let is_separator = |at| self.get(at) == Some(separator);
        let digits = |from: usize, count| (from..from + count).all(|at| self.is_digit(at));
        let end = at + 11;
        let continues_before = at >= 2 && is_separator(at - 1) && self.is_digit(at - 2);
        let continues_after = self.is_digit(end) || (is_separator(end) && self.is_digit(end + 1));
        digits(at + 4, 2)
            && is_separator(at + 6)
            && digits(at + 7, 4)
            && !continues_before
            && !continues_after
    }

    /// Whether nine digits without a `+` before them are near one of [`WORDS`].
    fn is_named_number(&self, at: usize) -> bool {
        if at > 0 && self.get(at - 1) == Some('+') {
            return false;
        }
        let after = at + 9;
        let mut starts = (at.saturating_sub(REACH_BEFORE)..at).chain(after..after + REACH_AFTER);
        starts.any(|start| self.is_word(start))
    }

    fn is_example(&self, at: usize) -> bool {
        EXAMPLES
            .iter()
            .any(|example| self.0[at..at + 9].iter().copied().eq(example.chars()))
    }

    /// Whether one of [`WORDS`] starts at `at`.
    fn is_word(&self, at: usize) -> bool {
        let is_letter = |at| self.get(at).is_some_and(|c| c.is_ascii_alphabetic());
        if at > 0 && is_letter(at - 1) {
            return false;
        }
        WORDS.iter().any(|(word, may_continue)| {
            let mut characters = word.chars().zip(at..);
            characters.all(|(c, at)| self.get(at).is_some_and(|own| own.eq_ignore_ascii_case(&c)))
                && (*may_continue || !is_letter(at + word.len()))
        })
    }

    fn is_digit(&self, at: usize) -> bool {
        self.get(at).is_some_and(|c| c.is_ascii_digit())
    }

    fn get(&self, at: usize) -> Option<char> {
        self.0.get(at).copied()
    }
}

/// The plain character for a look-alike; none for an invisible character.
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
            assert!(is_likely_in(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not_found() {
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
            assert!(!is_likely_in(text), "{text}");
        }
    }

    #[test]
    fn a_word_counts_within_its_reach() {
        let cases = [
            (format!("ssn{}900112233", "-".repeat(37)), true),
            (format!("ssn{}900112233", "-".repeat(38)), false),
            (format!("900112233{}ssn", "-".repeat(19)), true),
            (format!("900112233{}ssn", "-".repeat(20)), false),
            (format!("900112233{}ssn", "é".repeat(19)), true),
        ];
        for (text, want) in cases {
            assert_eq!(is_likely_in(&text), want, "{text}");
        }
    }
}
