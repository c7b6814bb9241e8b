//! Finds known cities, nicknames and states in a text (`playbook.md`, "Places").

use super::{
    key::city_word,
    known::{Occurrence, city_of_words},
    lexicon_words::{Nickname, NicknamePlace},
    lists::{BEFORE_A_CITY, BEHIND_A_CITY, Kind},
    places::{City, FoundPlace, Place},
    text::Text,
};

/// Words before a place.
pub(super) const PREPOSITIONS: &[&str] = &["in", "near", "around", "outside", "en"];
/// Codes that are words of a sentence behind a city.
const WORDS_BEHIND_A_CITY: &[&str] = &["in", "or", "de", "la"];
/// Codes that are words of a sentence behind a preposition.
const WORDS_BEHIND_A_PREPOSITION: &[&str] = &["in", "or", "de", "me", "hi"];
/// Codes that are words, or abbreviations of other things.
const OTHER_MEANINGS: &[&str] = &[
    "in", "or", "de", "la", "me", "hi", "oh", "ok", "ma", "pa", "md", "ct", "pr", "co", "id", "al",
    "ar", "ms", "mt", "ne", "nd", "nc", "va", "sc",
];

/// Finds known cities, nicknames, and states.
pub(super) fn find_known_places(text: &mut Text<'_>) {
    let mut at = 0;
    while at < text.words.len() {
        match known_place(text, at) {
            Some(found) => {
                at = found.end;
                text.add_place(found);
            }
            None => at += 1,
        }
    }
    find_states(text);
}

/// The longest known city or nickname at a word, with its state.
fn known_place(text: &Text<'_>, at: usize) -> Option<FoundPlace> {
    let words = &text.words[at..];
    let nickname = text.known.nickname(words);
    let nickname = nickname.filter(|(count, nickname)| counts(text, at, at + count, nickname));
    let city = text.known.city(words);
    let (count, nickname) = match (city, nickname) {
        (Some(city), Some((count, nickname))) if count > city => (count, Some(nickname)),
        (Some(city), _) => (city, None),
        (None, nickname) => nickname.map(|(count, nickname)| (count, Some(nickname)))?,
    };
    let end = at + count;
    let is_in_role = |role: &Occurrence| role.start <= at && end <= role.end;
    let is_out = text.is_out[at..end].iter().any(|is_out| *is_out);
    if is_out || text.roles.iter().any(is_in_role) {
        return None;
    }
    Some(match nickname {
        Some(nickname) => nicknamed(text, at, end, nickname),
        None => known_city(text, at, end),
    })
}

/// Whether a nickname is not part of the client's name or a word.
fn counts(text: &Text<'_>, at: usize, end: usize, nickname: &Nickname) -> bool {
    let subject = text.subject();
    if subject.start < end && at < subject.end {
        return false;
    }
    let first = &text.words[at];
    let is_behind_preposition = at > 0 && text.follows(at) && {
        let preposition = &text.words[at - 1];
        let is_article = preposition.text == "en" && first.text == "la" && !first.is_acronym;
        preposition.is_in(PREPOSITIONS) && !is_article
    };
    let is_acronym = || text.words[at..end].iter().all(|word| word.is_acronym);
    let begins = || at == 0 || text.roles.iter().any(|role| role.end == at);
    !nickname.is_also_a_word || is_behind_preposition || (is_acronym() && begins())
}

/// The places of a nickname, or those in the state behind it. If none is there, the nickname is the name of
/// another city.
fn nicknamed(text: &Text<'_>, start: usize, end: usize, nickname: &Nickname) -> FoundPlace {
    let has_cities = nickname.places.iter().any(|place| place.city.is_some());
    let state = state_behind(text, end).filter(|_| has_cities);
    let wanted = state.as_ref().map(|(state, _)| &**state);
    let places = nickname.places.iter();
    let places = places.filter(|place| wanted.is_none_or(|wanted| *place.state == *wanted));
    let place = |place: &NicknamePlace| Place {
        city: place.city.clone().map(|city| {
            if text.known.has_city(&city) {
                City::Known(city)
            } else {
                City::Unknown(city)
            }
        }),
        state: Some(place.state.clone()),
        is_unwanted: false,
    };
    let mut places: Vec<_> = places.map(place).collect();
    if places.is_empty() {
        places.push(Place {
            city: Some(City::Unknown(city_of_words(&text.words[start..end]))),
            state: wanted.map(Box::from),
            is_unwanted: false,
        });
    }
    FoundPlace {
        start,
        end: state.map_or(end, |(_, end)| end),
        places,
        is_state: false,
    }
}

/// A known city with its state, or the other city that the words around it make of it.
fn known_city(text: &Text<'_>, at: usize, end: usize) -> FoundPlace {
    let (mut start, mut end) = (at, end);
    let before = at.checked_sub(1).filter(|before| {
        !text.words[at].breaks && !text.is_out[*before] && !text.is_in_place[*before]
    });
    let is_one_of = |at: usize, list: &[&str]| list.contains(&city_word(&text.words[at]));
    let mut is_known = true;
    if before.is_some_and(|before| is_one_of(before, BEFORE_A_CITY)) {
        start -= 1;
        is_known = false;
    }
    if text.follows(end) && !text.is_out[end] && is_one_of(end, BEHIND_A_CITY) {
        end += 1;
        is_known = false;
    }
    let key = city_of_words(&text.words[start..end]);
    let city = if is_known {
        City::Known(key)
    } else {
        City::Unknown(key)
    };
    let state = state_behind(text, end);
    FoundPlace {
        start,
        is_state: false,
        end: state.as_ref().map_or(end, |(_, end)| *end),
        places: vec![Place {
            city: Some(city),
            state: state.map(|(state, _)| state),
            is_unwanted: false,
        }],
    }
}

/// The state directly behind a city, and the end of its words.
fn state_behind(text: &Text<'_>, at: usize) -> Option<(Box<str>, usize)> {
    let rest = text.words.get(at..)?;
    let is_free = |end: usize| !(at..end).any(|at| text.is_in_role[at] || text.is_out[at]);
    let lexicon = text.known.lexicon();
    if let Some((state, count)) = lexicon.state_name(rest) {
        return is_free(at + count).then(|| (state.code.clone(), at + count));
    }
    let word = rest.first().filter(|word| lexicon.is_code(word))?;
    let next = rest.get(1);
    let is_last =
        next.is_none_or(|next| next.breaks || (word.text == "or" && next.begins_with_digit()));
    let counts = word.is_acronym || is_last || !word.is_in(WORDS_BEHIND_A_CITY);
    (counts && is_free(at + 1)).then(|| (word.text.as_str().into(), at + 1))
}

/// Finds states that are not those of a known city.
fn find_states(text: &mut Text<'_>) {
    let mut at = 0;
    while at < text.words.len() {
        let Some((state, end)) = state_at(text, at) else {
            at += 1;
            continue;
        };
        let found = FoundPlace {
            start: at,
            end,
            places: vec![Place {
                city: None,
                state: Some(state),
                is_unwanted: false,
            }],
            is_state: true,
        };
        text.add_place(found);
        at = end;
    }
}

fn state_at(text: &Text<'_>, at: usize) -> Option<(Box<str>, usize)> {
    let is_free = |end: usize| !(at..end).any(|at| text.is_taken(at));
    let lexicon = text.known.lexicon();
    let word = &text.words[at];
    let before = at.checked_sub(1).map(|before| &text.words[before]);
    let is_behind_preposition =
        !word.breaks && before.is_some_and(|before| before.is_in(PREPOSITIONS));
    if let Some((state, count)) = lexicon.state_name(&text.words[at..]) {
        let end = at + count;
        let is_part_of_a_city = text.follows(end) && {
            let next = &text.words[end];
            let is_other_state = lexicon.is_code(next) && *next.text != *state.code;
            next.text == "city" || BEHIND_A_CITY.contains(&city_word(next)) || is_other_state
        };
        let counts = !state.is_short_form || is_behind_preposition;
        return (counts && is_free(end) && !is_part_of_a_city).then(|| (state.code.clone(), end));
    }
    if !lexicon.is_code(word) || !is_free(at + 1) {
        return None;
    }
    let counts = if is_behind_preposition {
        word.text != "la" && (word.is_acronym || !word.is_in(WORDS_BEHIND_A_PREPOSITION))
    } else {
        let is_last = text
            .words
            .get(at + 1)
            .is_none_or(|next| next.breaks || next.begins_with_digit() || next.is(Kind::End));
        if word.is_in(OTHER_MEANINGS) {
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
    counts.then(|| (word.text.as_str().into(), at + 1))
}
