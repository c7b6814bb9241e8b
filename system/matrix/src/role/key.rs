//! The one spelling in which roles, and cities, are compared.

use std::fmt;

use lakehouse_models::embed::words::words;

/// A role as it is compared: its words joined by one space, the last made singular. Never empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleKey(Box<str>);

impl RoleKey {
    /// The key of a role, `None` when it has no word.
    pub fn of(role: &str) -> Option<Self> {
        Self::of_words(&words(role))
    }

    /// The key of a role of these words.
    pub(crate) fn of_words(words: &[String]) -> Option<Self> {
        let (last, rest) = words.split_last()?;
        let mut key = String::new();
        for word in rest {
            key.push_str(word);
            key.push(' ');
        }
        push_singular(&mut key, last);
        Some(Self(key.into()))
    }

    /// The key itself.
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

/// A city as it is compared: its words joined by one space; `None` when it has no word.
pub fn city_key(city: &str) -> Option<Box<str>> {
    let words = words(city);
    (!words.is_empty()).then(|| words.join(" ").into())
}

/// Appends the singular of a word: `ies` becomes `y` in a word of more than four characters, else
/// one `s` that follows no other `s` is dropped from one of more than three.
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
    fn keys_are_of_the_contracts_form() {
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
            let key = RoleKey::of(role);
            assert_eq!(key.as_ref().map(RoleKey::as_str), want, "{role:?}");
            if let Some(key) = key {
                assert_eq!(RoleKey::of(key.as_str()), Some(key), "{role:?} again");
            }
        }
    }

    #[test]
    fn cities_keep_their_ending() {
        assert_eq!(city_key("Grand  Rapids").as_deref(), Some("grand rapids"));
        assert_eq!(city_key("?"), None);
    }
}
