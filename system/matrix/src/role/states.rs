//! States in texts: by name and by code.

use super::{
    lists::Kind,
    state_names::STATES,
    words::{Word, words},
};

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
