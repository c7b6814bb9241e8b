//! The length of a transmitted text message: septets of GSM 03.38 (3GPP TS 23.038) when its
//! alphabet has every character, else UTF-16 code units.

use std::fmt;

const MAX_SEPTETS: usize = 160;
const MAX_UNITS: usize = 70;

/// The length of a text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SmsLength {
    /// In septets of the GSM alphabet.
    Septets(usize),
    /// In UTF-16 code units, which the messages call UCS-2 units.
    Units {
        units: usize,
        /// The first character that is not in the GSM alphabet.
        because_of: char,
    },
}

impl SmsLength {
    pub(super) fn of(text: &str) -> Self {
        match text.chars().find(|c| septets(*c).is_none()) {
            None => Self::Septets(text.chars().filter_map(septets).sum()),
            Some(because_of) => Self::Units {
                units: text.encode_utf16().count(),
                because_of,
            },
        }
    }

    /// Whether the text fits into one message.
    pub(super) fn fits(self) -> bool {
        match self {
            Self::Septets(septets) => septets <= MAX_SEPTETS,
            Self::Units { units, .. } => units <= MAX_UNITS,
        }
    }

    /// `161 GSM-7 septets, at most 160 fit`
    pub(super) fn excess(self) -> String {
        match self {
            Self::Septets(n) => format!("{n} GSM-7 septets, at most {MAX_SEPTETS} fit"),
            Self::Units { units, because_of } => format!(
                "{units} UCS-2 units because of {}, at most {MAX_UNITS} fit",
                named(because_of)
            ),
        }
    }
}

/// `31 of 160 GSM-7 septets`
impl fmt::Display for SmsLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Septets(n) => write!(f, "{n} of {MAX_SEPTETS} GSM-7 septets"),
            Self::Units { units, because_of } => write!(
                f,
                "{units} of {MAX_UNITS} UCS-2 units because of {}",
                named(*because_of)
            ),
        }
    }
}

/// `` `’` (U+2019) ``
fn named(c: char) -> String {
    format!("`{c}` (U+{:04X})", u32::from(c))
}

/// The septets of a character; none when it is not in the alphabet.
fn septets(c: char) -> Option<usize> {
    match c {
        '\n' | '\r' | ' '..='?' | '@' | 'A'..='Z' | '_' | 'a'..='z' => Some(1),
        '\u{C}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => Some(2),
        '£' | '¥' | 'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å' | 'Δ' | 'Φ' | 'Γ'
        | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' | 'Æ' | 'æ' | 'ß' | 'É' | '¤' | '¡' | 'Ä'
        | 'Ö' | 'Ñ' | 'Ü' | '§' | '¿' | 'ä' | 'ö' | 'ñ' | 'ü' | 'à' => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_matches_the_contract() {
        let basic = "\n\r @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡\
                     ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
        let extension = "\u{C}^{}\\[~]|€";
        for c in char::MIN..=char::MAX {
            let want = match (basic.contains(c), extension.contains(c)) {
                (true, _) => Some(1),
                (_, true) => Some(2),
                _ => None,
            };
            assert_eq!(septets(c), want, "{c:?}");
        }
        assert_eq!(basic.chars().count() + extension.chars().count(), 127 + 10);
    }

    #[test]
    fn one_character_outside_the_alphabet_changes_the_unit() {
        assert_eq!(SmsLength::of(""), SmsLength::Septets(0));
        assert_eq!(SmsLength::of("a€"), SmsLength::Septets(3));
        for (text, units, because_of) in [("a€`´", 4, '`'), ("😀", 2, '😀')] {
            assert_eq!(SmsLength::of(text), SmsLength::Units { units, because_of });
        }
        assert_eq!(
            SmsLength::of("’").to_string(),
            "1 of 70 UCS-2 units because of `’` (U+2019)"
        );
        assert_eq!(
            SmsLength::of(&"😀".repeat(36)).excess(),
            "72 UCS-2 units because of `😀` (U+1F600), at most 70 fit"
        );
        assert!(SmsLength::of(&"[".repeat(80)).fits());
        assert!(!SmsLength::of(&"[".repeat(81)).fits());
    }
}
