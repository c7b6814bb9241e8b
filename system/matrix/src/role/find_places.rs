//! Finds the places in a text (`playbook.md`, "Places").

use super::{
    key::city_word,
    known::{Occurrence, city_of_words},
    lists::{BEFORE_A_CITY, BEHIND_A_CITY, Kind},
    places::{City, FoundPlace, Place},
    states,
    text::Text,
    words::Word,
};

/// The maximum number of words of an unknown city.
const MAX_CITY_WORDS: usize = 4;
/// Words before a place.
const PREPOSITIONS: &[&str] = &["in", "near", "around", "outside", "en"];
/// Codes that are words of a sentence behind a city.
const WORDS_BEHIND_A_CITY: &[&str] = &["in", "or", "de", "la"];
/// Codes that are words of a sentence behind a preposition.
const WORDS_BEHIND_A_PREPOSITION: &[&str] = &["in", "or", "de", "me", "hi"];
/// Codes that are words, or abbreviations of other things.
const OTHER_MEANINGS: &[&str] = &[
    "in", "or", "de", "la", "me", "hi", "oh", "ok", "ma", "pa", "md", "ct", "pr", "co", "id", "al",
    "ar", "ms", "mt", "ne", "nd", "nc", "va", "sc",
];
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

/// Finds known cities, and states.
pub(super) fn known(text: &mut Text<'_>) {
    let mut at = 0;
    while at < text.words.len() {
        match known_city(text, at) {
            Some(found) => {
                at = found.end;
                add(text, found);
            }
            None => at += 1,
        }
    }
    find_states(text);
}

/// The known city at a word, with its state, or the other city that the words around it make of it.
fn known_city(text: &Text<'_>, at: usize) -> Option<FoundPlace> {
    let mut end = text.known.city_at(&text.words, at)?;
    let is_in_role = |role: &Occurrence| role.start <= at && end <= role.end;
    let is_out = text.is_out[at..end].iter().any(|is_out| *is_out);
    if is_out || text.roles.iter().any(is_in_role) {
        return None;
    }
    let mut start = at;
    let before = at.checked_sub(1).filter(|before| {
        !text.words[at].breaks && !text.is_out[*before] && !text.is_in_place[*before]
    });
    let is_one_of = |at: usize, list: &[&str]| list.contains(&city_word(&text.words[at]));
    if before.is_some_and(|before| is_one_of(before, BEFORE_A_CITY)) {
        start -= 1;
    }
    if text.follows(end) && !text.is_out[end] && is_one_of(end, BEHIND_A_CITY) {
        end += 1;
    }
    let key = city_of_words(&text.words[start..end]);
    let is_known = text.known.city_at(&text.words, at) == Some(end) && start == at;
    let city = if is_known {
        City::Known(key)
    } else {
        City::Unknown(key)
    };
    let state = state_of_city(text, end);
    Some(FoundPlace {
        start,
        end: state.map_or(end, |(_, end)| end),
        place: Place {
            city: Some(city),
            state: state.map(|(state, _)| state),
            is_unwanted: false,
        },
    })
}

/// The state directly behind a city, and the end of its words.
fn state_of_city(text: &Text<'_>, at: usize) -> Option<(&'static str, usize)> {
    let rest = text.words.get(at..)?;
    let is_free = |end: usize| !(at..end).any(|at| text.is_in_role[at] || text.is_out[at]);
    if let Some((state, count)) = states::name(rest) {
        return is_free(at + count).then_some((state, at + count));
    }
    let word = rest.first()?;
    let state = states::code(word)?;
    let next = rest.get(1);
    let is_last =
        next.is_none_or(|next| next.breaks || (state == "or" && next.begins_with_digit()));
    let counts = word.is_acronym || is_last || !WORDS_BEHIND_A_CITY.contains(&state);
    (counts && is_free(at + 1)).then_some((state, at + 1))
}

/// Finds states that are not those of a known city.
fn find_states(text: &mut Text<'_>) {
    let mut at = 0;
    while at < text.words.len() {
        let Some((state, end)) = state_at(text, at) else {
            at += 1;
            continue;
        };
        let place = Place {
            city: None,
            state: Some(state),
            is_unwanted: false,
        };
        add(
            text,
            FoundPlace {
                start: at,
                end,
                place,
            },
        );
        at = end;
    }
}

fn state_at(text: &Text<'_>, at: usize) -> Option<(&'static str, usize)> {
    let is_free = |end: usize| !(at..end).any(|at| text.is_taken(at));
    if let Some((state, count)) = states::name(&text.words[at..]) {
        let end = at + count;
        let is_part_of_a_city = text.follows(end) && {
            let next = &text.words[end];
            let other_state = states::code(next).is_some_and(|other| other != state);
            next.text == "city" || BEHIND_A_CITY.contains(&city_word(next)) || other_state
        };
        return (is_free(end) && !is_part_of_a_city).then_some((state, end));
    }
    let word = &text.words[at];
    let state = states::code(word).filter(|_| is_free(at + 1))?;
    let before = at.checked_sub(1).map(|before| &text.words[before]);
    let is_behind_preposition =
        !word.breaks && before.is_some_and(|before| before.is_in(PREPOSITIONS));
    let counts = if is_behind_preposition {
        state != "la" && (word.is_acronym || !WORDS_BEHIND_A_PREPOSITION.contains(&state))
    } else {
        let is_last = text
            .words
            .get(at + 1)
            .is_none_or(|next| next.breaks || next.begins_with_digit() || next.is(Kind::End));
        if OTHER_MEANINGS.contains(&state) {
            let is_behind_a_noun = before.is_some_and(|before| {
                !text.is_in_cue(at - 1)
                    && !before.is_count()
                    && !before.is(Kind::Skipped)
                    && !before.is(Kind::End)
                    && !before.is_in(&["or", "and", "of"])
            });
            word.is_acronym && is_last && is_behind_a_noun
        } else {
            word.is_acronym || is_last
        }
    };
    counts.then_some((state, at + 1))
}

/// Finds cities that no document has.
pub(super) fn unknown(text: &mut Text<'_>) {
    for at in 0..text.words.len() {
        if let Some((start, end)) = behind_a_preposition(text, at) {
            add_unknown(text, start, end);
        }
    }
    for at in 0..text.words.len() {
        let state = text.places.iter().find(|found| found.start == at);
        if state.is_some_and(|found| found.place.city.is_none()) {
            let start = before_a_state(text, at);
            add_unknown(text, start, at);
        }
    }
    let ends: Vec<_> = text.roles.iter().map(|role| role.end).collect();
    for start in ends {
        let end = behind_a_role(text, start);
        add_unknown(text, start, end);
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
            .any(|found| found.start == end && found.place.city.is_some());
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
    // Otherwise the writer does not capitalise names.
    let only_capitalised = text.words.iter().skip(1).any(|word| word.is_capitalised);
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

/// Adds an unknown city, if it has words, with the state directly behind it.
fn add_unknown(text: &mut Text<'_>, start: usize, end: usize) {
    if start == end {
        return;
    }
    let state = text
        .places
        .iter()
        .position(|found| found.start == end && found.place.city.is_none());
    let state = state.map(|at| text.places.remove(at));
    let place = Place {
        city: Some(City::Unknown(city_of_words(&text.words[start..end]))),
        state: state.as_ref().and_then(|state| state.place.state),
        is_unwanted: text.negated_at.contains(&start),
    };
    let end = state.map_or(end, |state| state.end);
    add(text, FoundPlace { start, end, place });
}

fn add(text: &mut Text<'_>, found: FoundPlace) {
    text.is_in_place[found.start..found.end].fill(true);
    text.places.push(found);
}
