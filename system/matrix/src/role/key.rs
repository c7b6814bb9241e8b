//! The normalized forms of roles and cities.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use super::{
    lists::CITY_ABBREVIATIONS,
    words::{Word, words},
};

/// The normalized form of a role: its words joined by single spaces, the last one in the singular.
/// Never empty. Keys are equal if they are without the spaces: `fork lift operator` is
/// `forklift operator`.
#[derive(Clone)]
pub struct RoleKey(Box<str>);

impl RoleKey {
    /// The key of a role; `None` if it has no words.
    pub fn from_text(role: &str) -> Option<Self> {
        Self::from_words(&words(role))
    }

    /// The key of a role of these words.
    pub(super) fn from_words(words: &[Word]) -> Option<Self> {
        let (last, rest) = words.split_last()?;
        let mut key = String::new();
        for word in rest {
            key.push_str(&word.text);
            key.push(' ');
        }
        key.push_str(&singular(last));
        Some(Self(key.into()))
    }

    /// The key as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key without spaces; equal for equal keys.
    pub(super) fn compact(&self) -> Box<str> {
        compact(&self.0)
    }

    fn letters(&self) -> impl Iterator<Item = char> {
        self.0.chars().filter(|c| *c != ' ')
    }
}

impl PartialEq for RoleKey {
    fn eq(&self, other: &Self) -> bool {
        self.letters().eq(other.letters())
    }
}

impl Eq for RoleKey {}

impl Hash for RoleKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.compact().hash(state);
    }
}

impl fmt::Display for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// The normalized form of a city without spaces; `None` if it has no words.
pub fn city_key(city: &str) -> Option<Box<str>> {
    let key: String = words(city).iter().map(city_word).collect();
    (!key.is_empty()).then(|| key.into())
}

/// A word as a part of a city's key: `st` is `saint`.
pub(super) fn city_word(word: &Word) -> &str {
    let abbreviation = CITY_ABBREVIATIONS
        .iter()
        .find(|(short, _)| *short == word.text);
    abbreviation.map_or(&word.text, |(_, long)| long)
}

pub(super) fn compact(key: &str) -> Box<str> {
    key.replace(' ', "").into()
}

/// The singular of a word.
pub(super) fn singular(word: &Word) -> String {
    let mut text = word.text.clone();
    if word.is_plural_acronym {
        text.pop();
    }
    while let Some(shorter) = less_plural(&text) {
        text = shorter;
    }
    text
}

/// The word after the first rule that applies, if one does.
fn less_plural(word: &str) -> Option<String> {
    let length = word.chars().count();
    let ends = |ending: &str, min_length: usize| {
        let stem = word.strip_suffix(ending)?;
        (length >= min_length).then_some(stem)
    };
    for ending in ["sses", "ches", "shes", "xes"] {
        if ends(ending, 5).is_some() {
            return Some(word[..word.len() - 2].to_owned());
        }
    }
    for (ending, min_length, singular) in [
        ("ies", 5, "y"),
        ("wives", 5, "wife"),
        ("men", 4, "man"),
        ("people", 7, "person"),
    ] {
        if let Some(stem) = ends(ending, min_length) {
            return Some(format!("{stem}{singular}"));
        }
    }
    let stem = word.strip_suffix('s').filter(|stem| !stem.ends_with('s'))?;
    let is_plural = match length {
        4.. => !stem.ends_with(['u', 'i']),
        // An abbreviation, such as `rns`.
        3 => !stem.contains(['a', 'e', 'i', 'o', 'u', 'y']),
        _ => false,
    };
    is_plural.then(|| stem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_follow_the_contract() {
        let cases = [
            ("Picker", Some("picker")),
            ("  Forklift-Operators! ", Some("forklift operator")),
            ("Operators Forklift", Some("operators forklift")),
            ("Parties", Some("party")),
            ("secretaries", Some("secretary")),
            ("Ties", Some("tie")),
            ("Éies", Some("eie")),
            ("Bus", Some("bus")),
            ("Gas", Some("gas")),
            ("campus", Some("campus")),
            ("Boss", Some("boss")),
            ("Bosses", Some("boss")),
            ("Waitresses", Some("waitress")),
            ("Coaches", Some("coach")),
            ("boxes", Some("box")),
            ("Nurses", Some("nurse")),
            ("Foremen", Some("foreman")),
            ("salespeople", Some("salesperson")),
            ("people", Some("people")),
            ("Midwives", Some("midwife")),
            ("CNC", Some("cnc")),
            ("RNs", Some("rn")),
            ("rns", Some("rn")),
            ("PTs", Some("pt")),
            ("PAs", Some("pa")),
            ("pas", Some("pas")),
            ("CNAs", Some("cna")),
            ("CNA's", Some("cna")),
            ("LPNs", Some("lpn")),
            ("xmens", Some("xman")),
            ("LMSs", Some("lm")),
            ("s", Some("s")),
            ("…", None),
            (" -- ", None),
            ("", None),
        ];
        for (role, want) in cases {
            let key = RoleKey::from_text(role);
            assert_eq!(key.as_ref().map(RoleKey::as_str), want, "{role:?}");
            if let Some(key) = key {
                let again = RoleKey::from_text(key.as_str()).unwrap();
                assert_eq!(again.as_str(), key.as_str(), "{role:?} again");
            }
        }
    }

    #[test]
    fn hyphens_and_spaces_do_not_distinguish_roles() {
        let key = |role| RoleKey::from_text(role).unwrap();
        assert_eq!(key("Fork-lift operators"), key("Forklift Operator"));
        assert_eq!(key("fork lift operator").as_str(), "fork lift operator");
        assert_ne!(key("Forklift Operator"), key("Forklift Operator 2"));
    }

    #[test]
    fn abbreviated_cities_have_one_key() {
        for (a, b) in [
            ("St. Louis", "Saint Louis"),
            ("ST LOUIS", "saint  louis"),
            ("Sault Ste. Marie", "Sault Sainte Marie"),
            ("Ft. Wayne", "Fort Wayne"),
            ("Mt Pleasant", "Mount Pleasant"),
            ("N. Charleston", "North Charleston"),
            ("La Porte", "LaPorte"),
            ("Winston-Salem", "winston salem"),
            ("Cañon City", "Canon City"),
        ] {
            assert_eq!(city_key(a), city_key(b), "{a}");
        }
        assert_eq!(city_key("Grand  Rapids").as_deref(), Some("grandrapids"));
        assert_ne!(city_key("Detroits"), city_key("Detroit"));
        assert_eq!(city_key("?"), None);
    }
}
