//! The states and their codes.

use super::{
    lists::Kind,
    words::{Word, words},
};

/// Codes and names.
const STATES: [(&str, &str); 52] = [
    ("al", "alabama"),
    ("ak", "alaska"),
    ("az", "arizona"),
    ("ar", "arkansas"),
    ("ca", "california"),
    ("co", "colorado"),
    ("ct", "connecticut"),
    ("de", "delaware"),
    ("dc", "district of columbia"),
    ("fl", "florida"),
    ("ga", "georgia"),
    ("hi", "hawaii"),
    ("id", "idaho"),
    ("il", "illinois"),
    ("in", "indiana"),
    ("ia", "iowa"),
    ("ks", "kansas"),
    ("ky", "kentucky"),
    ("la", "louisiana"),
    ("me", "maine"),
    ("md", "maryland"),
    ("ma", "massachusetts"),
    ("mi", "michigan"),
    ("mn", "minnesota"),
    ("ms", "mississippi"),
    ("mo", "missouri"),
    ("mt", "montana"),
    ("ne", "nebraska"),
    ("nv", "nevada"),
    ("nh", "new hampshire"),
    ("nj", "new jersey"),
    ("nm", "new mexico"),
    ("ny", "new york"),
    ("nc", "north carolina"),
    ("nd", "north dakota"),
    ("oh", "ohio"),
    ("ok", "oklahoma"),
    ("or", "oregon"),
    ("pa", "pennsylvania"),
    ("pr", "puerto rico"),
    ("ri", "rhode island"),
    ("sc", "south carolina"),
    ("sd", "south dakota"),
    ("tn", "tennessee"),
    ("tx", "texas"),
    ("ut", "utah"),
    ("vt", "vermont"),
    ("va", "virginia"),
    ("wa", "washington"),
    ("wv", "west virginia"),
    ("wi", "wisconsin"),
    ("wy", "wyoming"),
];

/// The key of a state: its code, or the words of what is no state of the table; `None` if it has no
/// words.
pub(crate) fn state_key(state: &str) -> Option<Box<str>> {
    let words = words(state);
    if words.is_empty() {
        return None;
    }
    let joined: Vec<_> = words.iter().map(|word| &*word.text).collect();
    let joined = joined.join(" ");
    let known = STATES
        .iter()
        .find(|(code, name)| *code == joined || *name == joined);
    Some(known.map_or(&*joined, |(code, _)| code).into())
}

/// All codes.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    STATES.iter().map(|(code, _)| *code)
}

/// The first words of all names.
pub(super) fn first_words() -> impl Iterator<Item = &'static str> {
    let first = |name: &'static str| name.split(' ').next();
    STATES.iter().filter_map(move |(_, name)| first(name))
}

/// The code that a word is.
pub(super) fn code(word: &Word) -> Option<&'static str> {
    if !word.is(Kind::Code) {
        return None;
    }
    let state = STATES.iter().find(|(code, _)| *code == word.text);
    state.map(|(code, _)| *code)
}

/// The state with the longest name that begins these words, and the number of its words.
pub(super) fn name(words: &[Word]) -> Option<(&'static str, usize)> {
    if !words.first()?.is(Kind::StateName) {
        return None;
    }
    let count = |name: &str| {
        let parts = name.split(' ');
        let count = parts.clone().count();
        let begins = words.len() >= count
            && words
                .iter()
                .zip(parts)
                .all(|(word, part)| word.text == part);
        begins.then_some(count)
    };
    let begun = STATES
        .iter()
        .filter_map(|(code, name)| Some((*code, count(name)?)));
    begun.max_by_key(|(_, count)| *count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_have_one_key() {
        for (state, want) in [
            ("MI", Some("mi")),
            ("michigan", Some("mi")),
            (" West  Virginia", Some("wv")),
            ("Ontario", Some("ontario")),
            ("?", None),
        ] {
            assert_eq!(state_key(state).as_deref(), want, "{state}");
        }
    }

    #[test]
    fn the_longest_name_counts() {
        assert_eq!(name(&words("west virginia")), Some(("wv", 2)));
        assert_eq!(name(&words("virginia beach")), Some(("va", 1)));
        assert_eq!(name(&words("new jerseys")), None);
    }
}
