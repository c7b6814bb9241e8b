//! Finds the cities in a text that no document has (`playbook.md`, "Places", rule 4).

use super::{
    find_places::PREPOSITIONS,
    known::{MAX_WORDS, city_of_words},
    lists::Kind,
    places::{City, FoundPlace, Place},
    text::Text,
    words::Word,
};

/// The maximum number of words of an unknown city.
const MAX_CITY_WORDS: usize = 4;
/// Words between a preposition and a city.
const BEFORE_AN_UNKNOWN_CITY: &[&str] = &["downtown", "greater", "metro", "central"];
/// Words behind a preposition that begin no city.
const NO_CITY: &[&str] = &[
    "general", "person", "house", "advance", "charge", "case", "order", "demand", "total", "place",
    "line", "it",
];
/// Words between a role and what follows it.
const BEHIND_A_ROLE: &[&str] = &[
    "or", "nor", "and", "but", "if", "is", "are", "was", "were", "will", "can", "could",
];
const SPANISH_ARTICLES: &[&str] = &["la", "el", "los", "las"];
/// Words before a client, or before the rest of a list, whose first place counts.
const BEFORE_NO_CITY: &[&str] = &[
    "at", "for", "from", "with", "by", "para", "con", "de", "or", "nor", "and",
];

/// Finds cities that no document has.
pub(super) fn find_unknown_cities(text: &mut Text<'_>) {
    for at in 0..text.words.len() {
        if let Some((start, end)) = behind_a_preposition(text, at) {
            add_unknown(text, start, end);
        }
    }
    for at in 0..text.words.len() {
        let mut places = text.places.iter();
        if places.any(|found| found.start == at && found.is_state) {
            let start = before_a_state(text, at);
            add_unknown(text, start, at);
        }
    }
    let ends: Vec<_> = text.roles.iter().map(|role| role.end).collect();
    for start in ends {
        let end = behind_a_role(text, start);
        add_unknown(text, start, end);
    }
    for at in 0..text.words.len() {
        if let Some(end) = city_of_lexicon(text, at) {
            add_unknown(text, at, end);
        }
    }
    text.places.sort_by_key(|found| found.start);
}

/// Whether a word may be part of an unknown city.
fn may_be_city(text: &Text<'_>, at: usize) -> bool {
    let word = &text.words[at];
    let begins_something = text.cue_at(at).is_some() || text.negation_at(at).is_some();
    let is_listed = word.is(Kind::End) || word.is(Kind::Skipped) || word.is(Kind::Time);
    !text.is_taken(at) && !begins_something && !is_listed
}

fn behind_a_preposition(text: &Text<'_>, at: usize) -> Option<(usize, usize)> {
    let preposition = &text.words[at];
    if text.is_taken(at) {
        return None;
    }
    let mut start = if preposition.is_in(PREPOSITIONS) {
        at + 1
    } else if preposition.text == "cerca" && text.follows(at + 1) && text.words[at + 1].text == "de"
    {
        at + 2
    } else {
        return None;
    };
    let is_capitalised = |at: usize| {
        text.words
            .get(at)
            .is_some_and(|word: &Word| word.is_capitalised)
    };
    while text.follows(start)
        && (text.words[start].is_in(BEFORE_AN_UNKNOWN_CITY)
            || text.words[start].text == "the" && is_capitalised(start + 1))
    {
        start += 1;
    }
    let continues = |at: &usize| {
        text.follows(*at) && may_be_city(text, *at) && !text.words[*at].begins_with_digit()
    };
    let count = (start..).take_while(continues).take(MAX_CITY_WORDS).count();
    let end = start + count;
    if count == 0 {
        return None;
    }
    let first = &text.words[start];
    let is_none = first.is_in(NO_CITY) || preposition.text == "en" && first.is_in(SPANISH_ARTICLES);
    let is_before_a_city = text.follows(end)
        && text
            .places
            .iter()
            .any(|found| found.start == end && !found.is_state);
    (!is_none && !is_before_a_city).then_some((start, end))
}

/// The start of the unknown city before a state.
fn before_a_state(text: &Text<'_>, state: usize) -> usize {
    let only_capitalised = text.words[state].is_capitalised;
    let mut start = state;
    while state - start < MAX_CITY_WORDS && start > 0 {
        let word = &text.words[start - 1];
        let is_joined = start == state || !text.words[start].breaks;
        let counts = may_be_city(text, start - 1)
            && !text.is_in_cue(start - 1)
            && !word.begins_with_digit()
            && !word.is(Kind::Filler)
            && (word.is_capitalised || !only_capitalised);
        if !is_joined || !counts {
            break;
        }
        start -= 1;
    }
    start
}

/// The end of the unknown city behind a role.
fn behind_a_role(text: &Text<'_>, start: usize) -> usize {
    let only_capitalised = capitalises_names(text);
    let continues = |at: &usize| {
        text.follows(*at) && may_be_city(text, *at) && {
            let word = &text.words[*at];
            let is_other = word.begins_with_digit()
                || word.is_count()
                || word.is(Kind::Filler)
                || word.is_in(BEHIND_A_ROLE);
            !is_other && (!only_capitalised || word.is_capitalised && !word.is_acronym)
        }
    };
    let count = (start..).take_while(continues).take(MAX_CITY_WORDS).count();
    start + count
}

/// Whether the writer capitalises names.
fn capitalises_names(text: &Text<'_>) -> bool {
    text.words.iter().skip(1).any(|word| word.is_capitalised)
}

/// The end of the city of the lexicon at a word, if it stands alone, before a role, or at the end of the
/// text: elsewhere its words may be the name of a client, or any words.
fn city_of_lexicon(text: &Text<'_>, at: usize) -> Option<usize> {
    let is_free = |next: &usize| !text.is_taken(*next) && (*next == at || text.follows(*next));
    let free = (at..text.words.len())
        .take_while(is_free)
        .take(MAX_WORDS)
        .count();
    let end = at + text.known.city_of_lexicon(&text.words[at..at + free])?;
    let subject = text.subject();
    let is_in_subject = subject.start < end && at < subject.end;
    let begins = at == 0 || text.words[at].breaks;
    if is_in_subject || (!begins && text.words[at - 1].is_in(BEFORE_NO_CITY)) {
        return None;
    }
    if begins && !text.follows(end) {
        return Some(end);
    }
    let is_capitalised = text.words[at..end].iter().all(|word| word.is_capitalised);
    if capitalises_names(text) && !is_capitalised {
        return None;
    }
    let is_count = |next: &usize| text.follows(*next) && text.words[*next].is_count();
    let role = end + (end..).take_while(is_count).count();
    let is_before_role = text.follows(role) && text.roles.iter().any(|found| found.start == role);
    let ends_text = at > 0 && end == text.words.len();
    (begins && is_before_role || ends_text).then_some(end)
}

/// Adds an unknown city, if it has words, with the state directly behind it.
fn add_unknown(text: &mut Text<'_>, start: usize, end: usize) {
    if start == end {
        return;
    }
    let state = text
        .places
        .iter()
        .position(|found| found.start == end && found.is_state);
    let state = state.map(|at| text.places.remove(at));
    let found = FoundPlace {
        start,
        end: state.as_ref().map_or(end, |state| state.end),
        places: vec![Place {
            city: Some(City::Unknown(city_of_words(&text.words[start..end]))),
            state: state.and_then(|state| state.places.into_iter().next()?.state),
            is_unwanted: text.negated_at.contains(&start),
        }],
        is_state: false,
    };
    text.add_place(found);
}
