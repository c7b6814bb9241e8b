//! The normalized forms of roles and cities.

use std::fmt;

use lakehouse_models::embed::words::words;

/// The normalized form of a role: its words joined by single spaces, the last one in the singular.
/// Never empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleKey(Box<str>);

impl RoleKey {
    /// The key of a role; `None` if it has no words.
    pub fn from_text(role: &str) -> Option<Self> {
        Self::from_words(&words(role))
    }

    /// The key of a role of these words.
    pub(crate) fn from_words(words: &[String]) -> Option<Self> {
        let (last, rest) = words.split_last()?;
        let mut key = String::new();
        for word in rest {
            key.push_str(word);
            key.push(' ');
        }
        push_singular(&mut key, last);
        Some(Self(key.into()))
    }

    /// The key as a string.
    pub fn as_str(&self) -> &str {
        &self.0
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

/// The normalized form of a city: its words joined by single spaces; `None` if it has no words.
pub fn city_key(city: &str) -> Option<Box<str>> {
    let words = words(city);
    (!words.is_empty()).then(|| words.join(" ").into())
}

/// Appends the singular of a word: `ies` becomes `y` if the word has more than four characters;
/// otherwise a final `s` after another letter is dropped if the word has more than three.
pub(super) fn push_singular(out: &mut String, word: &str) {
    let length = word.chars().count();
    match word.strip_suffix('s') {
        Some(stem) if length > 4 && stem.ends_with("ie") => {
            out.push_str(&stem[..stem.len() - 2]);
            out.push('y');
        }
        Some(stem) if length > 3 && !stem.ends_with('s') => out.push_str(stem),
        _ => out.push_str(word),
    }
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
            ("Ties", Some("tie")),
            ("Éies", Some("Éie")),
            ("éÉies", Some("éÉy")),
            ("Bus", Some("bus")),
            ("Boss", Some("boss")),
            ("Glasses", Some("glasse")),
            ("CNC", Some("cnc")),
            ("RNs", Some("rns")),
            ("LPNs", Some("lpn")),
            ("s", Some("s")),
            ("…", Some("…")),
            (" -- ", None),
            ("", None),
        ];
        for (role, want) in cases {
            let key = RoleKey::from_text(role);
            assert_eq!(key.as_ref().map(RoleKey::as_str), want, "{role:?}");
            if let Some(key) = key {
                assert_eq!(
                    RoleKey::from_text(key.as_str()),
                    Some(key),
                    "{role:?} again"
                );
            }
        }
    }

    #[test]
    fn cities_keep_their_ending() {
        assert_eq!(city_key("Grand  Rapids").as_deref(), Some("grand rapids"));
        assert_eq!(city_key("?"), None);
    }
}
