//! Nearly valid inputs: one small change to a value or to its text.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::builtin;
use super::draft::Draft;

/// Depths around the limits of JSON readers.
const LEVELS: [usize; 8] = [1, 2, 126, 127, 128, 129, 130, 131];

/// Changes the value or one value in it.
pub(super) fn value(draft: &mut Draft, rng: &mut ChaCha8Rng) {
    let mut index = rng.random_range(0..count(draft));
    if let Some(found) = nth(draft, &mut index) {
        change(found, rng);
    }
}

/// The number of values, including the value itself.
fn count(draft: &Draft) -> usize {
    1 + match draft {
        Draft::Raw(_) | Draft::Text(_) => 0,
        Draft::Array(elements) => elements.iter().map(count).sum(),
        Draft::Object(members) => members.iter().map(|(_, value)| count(value)).sum(),
    }
}

/// The value at `index` in depth-first order.
fn nth<'a>(draft: &'a mut Draft, index: &mut usize) -> Option<&'a mut Draft> {
    if *index == 0 {
        return Some(draft);
    }
    *index -= 1;
    match draft {
        Draft::Raw(_) | Draft::Text(_) => None,
        Draft::Array(elements) => elements.iter_mut().find_map(|element| nth(element, index)),
        Draft::Object(members) => members.iter_mut().find_map(|(_, value)| nth(value, index)),
    }
}

fn change(draft: &mut Draft, rng: &mut ChaCha8Rng) {
    match rng.random_range(0..10) {
        0 => *draft = builtin::any(rng, 1),
        1 => {
            let at = rng.random_range(0..LEVELS.len());
            // Deep nesting hides every other fault of an input, so it is rare.
            let levels = if rng.random_ratio(2, 3) {
                1
            } else {
                LEVELS[at]
            };
            nest(draft, levels, rng);
        }
        _ => match draft {
            Draft::Raw(raw) => *raw = builtin::number(rng),
            Draft::Text(content) => text(content, rng),
            Draft::Array(elements) => array(elements, rng),
            Draft::Object(members) => object(members, rng),
        },
    }
}

fn nest(draft: &mut Draft, levels: usize, rng: &mut ChaCha8Rng) {
    let in_object = rng.random_ratio(1, 2);
    let mut inner = std::mem::replace(draft, Draft::Raw("null".to_owned()));
    for _ in 0..levels {
        inner = if in_object {
            Draft::Object(vec![("a".to_owned(), inner)])
        } else {
            Draft::Array(vec![inner])
        };
    }
    *draft = inner;
}

fn object(members: &mut Vec<(String, Draft)>, rng: &mut ChaCha8Rng) {
    let added = (builtin::chaos(rng), builtin::scalar(rng));
    if members.is_empty() {
        members.push(added);
        return;
    }
    let at = rng.random_range(0..members.len());
    match rng.random_range(0..7) {
        0 | 1 => drop(members.remove(at)),
        2 => {
            let name = &mut members[at].0;
            *name = match rng.random_range(0..3) {
                0 => name.to_uppercase(),
                1 => format!("{name} "),
                _ => added.0,
            };
        }
        3 => {
            let copy = members[at].clone();
            members.push(copy);
        }
        4 => {
            let name = members[at].0.clone();
            let to = rng.random_range(0..=members.len());
            members.insert(to, (name, added.1));
        }
        5 => {
            let other = rng.random_range(0..members.len());
            members.swap(at, other);
        }
        _ => members.insert(at, added),
    }
}

fn array(elements: &mut Vec<Draft>, rng: &mut ChaCha8Rng) {
    let added = builtin::scalar(rng);
    if elements.is_empty() {
        elements.push(added);
        return;
    }
    let at = rng.random_range(0..elements.len());
    match rng.random_range(0..4) {
        0 => drop(elements.remove(at)),
        1 => {
            let copy = elements[at].clone();
            elements.push(copy);
        }
        2 => elements[at] = added,
        _ => elements.insert(at, added),
    }
}

/// Cuts a text, inserts a piece, or changes a letter's case.
fn text(content: &mut String, rng: &mut ChaCha8Rng) {
    let mut characters: Vec<char> = content.chars().collect();
    let at = rng.random_range(0..=characters.len());
    match rng.random_range(0..6) {
        0 => characters.truncate(at),
        1 if at < characters.len() => drop(characters.remove(at)),
        2 if at < characters.len() => {
            let letter = characters[at];
            let other = if letter.is_ascii_lowercase() {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            };
            characters[at] = other;
        }
        3 if at < characters.len() => {
            let letter = characters[at];
            characters.insert(at, letter);
        }
        _ => {
            let piece: Vec<char> = builtin::hostile(rng).chars().collect();
            characters.splice(at..at, piece);
        }
    }
    *content = characters.into_iter().collect();
}

/// Changes the text of an input, which is usually no longer JSON afterwards.
pub(super) fn bytes(input: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let at = rng.random_range(0..=input.len());
    let inserted: &[u8] = match rng.random_range(0..14) {
        0 => b",",
        1 => b"\xef\xbb\xbf",
        2 => b"\xff",
        3 => b" ",
        4 => b"\t",
        5 => b"\"",
        6 => b"}",
        7 => b"//",
        8 => b"\x0c",
        9 => b"\\",
        10 => b"\x00",
        11 => {
            input.truncate(at);
            return;
        }
        _ => {
            if at < input.len() {
                input.remove(at);
            }
            return;
        }
    };
    let at = match rng.random_range(0..3) {
        0 => 0,
        1 => input.len(),
        _ => at,
    };
    input.splice(at..at, inserted.iter().copied());
}
