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
    Units(usize),
}

impl SmsLength {
    pub(super) fn of(text: &str) -> Self {
        match text.chars().map(septets).sum() {
            Some(septets) => Self::Septets(septets),
            None => Self::Units(text.encode_utf16().count()),
        }
    }

    /// Whether the text fits into one message.
    pub(super) fn fits(self) -> bool {
        match self {
            Self::Septets(septets) => septets <= MAX_SEPTETS,
            Self::Units(units) => units <= MAX_UNITS,
        }
    }

    /// `161 GSM-7 septets, at most 160 fit`
    pub(super) fn excess(self) -> String {
        match self {
            Self::Septets(n) => format!("{n} GSM-7 septets, at most {MAX_SEPTETS} fit"),
            Self::Units(n) => format!("{n} UCS-2 units, at most {MAX_UNITS} fit"),
        }
    }
}

/// `31 of 160 GSM-7 septets`
impl fmt::Display for SmsLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Septets(n) => write!(f, "{n} of {MAX_SEPTETS} GSM-7 septets"),
            Self::Units(n) => write!(f, "{n} of {MAX_UNITS} UCS-2 units"),
        }
    }
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
        assert_eq!(SmsLength::of("a€`"), SmsLength::Units(3));
        assert_eq!(SmsLength::of("😀"), SmsLength::Units(2));
        assert!(SmsLength::of(&"[".repeat(80)).fits());
        assert!(!SmsLength::of(&"[".repeat(81)).fits());
    }
}
