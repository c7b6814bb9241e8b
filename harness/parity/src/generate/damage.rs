//! The nearly valid: one small thing done to a value, or to its text.

use proptest::test_runner::TestRunner;
use rand::RngExt as _;

use super::atoms;
use super::made::Made;

/// Nesting around the limits that readers have.
const LEVELS: [usize; 8] = [1, 2, 126, 127, 128, 129, 130, 131];

/// Does one small thing to one place of a value.
pub(super) fn value(made: &mut Made, runner: &mut TestRunner) {
    let count = places(made);
    let place = runner.rng().random_range(0..count);
    if let Some(found) = nth(made, &mut place.clone()) {
        one(found, runner);
    }
}

/// How many values there are, the value itself included.
fn places(made: &Made) -> usize {
    1 + match made {
        Made::Raw(_) | Made::Text(_) => 0,
        Made::Array(elements) => elements.iter().map(places).sum(),
        Made::Object(members) => members.iter().map(|(_, value)| places(value)).sum(),
    }
}

fn nth<'a>(made: &'a mut Made, left: &mut usize) -> Option<&'a mut Made> {
    if *left == 0 {
        return Some(made);
    }
    *left -= 1;
    match made {
        Made::Raw(_) | Made::Text(_) => None,
        Made::Array(elements) => elements.iter_mut().find_map(|element| nth(element, left)),
        Made::Object(members) => members.iter_mut().find_map(|(_, value)| nth(value, left)),
    }
}

fn one(made: &mut Made, runner: &mut TestRunner) {
    match runner.rng().random_range(0..10) {
        0 => *made = atoms::any(runner, 1),
        1 => {
            let at = runner.rng().random_range(0..LEVELS.len());
            // Deep nesting is seldom wanted: it makes everything else unreachable.
            let levels = if runner.rng().random_ratio(2, 3) {
                1
            } else {
                LEVELS[at]
            };
            nest(made, levels, runner);
        }
        _ => match made {
            Made::Raw(raw) => *raw = atoms::number(runner),
            Made::Text(text) => text_place(text, runner),
            Made::Array(elements) => list(elements, runner),
            Made::Object(members) => object(members, runner),
        },
    }
}

fn nest(made: &mut Made, levels: usize, runner: &mut TestRunner) {
    let in_object = runner.rng().random_ratio(1, 2);
    let mut inner = std::mem::replace(made, Made::Raw("null".to_owned()));
    for _ in 0..levels {
        inner = if in_object {
            Made::Object(vec![("a".to_owned(), inner)])
        } else {
            Made::Array(vec![inner])
        };
    }
    *made = inner;
}

fn object(members: &mut Vec<(String, Made)>, runner: &mut TestRunner) {
    let added = (atoms::chaos(runner), atoms::scalar(runner));
    if members.is_empty() {
        members.push(added);
        return;
    }
    let at = runner.rng().random_range(0..members.len());
    match runner.rng().random_range(0..7) {
        0 | 1 => drop(members.remove(at)),
        2 => {
            let name = &mut members[at].0;
            *name = match runner.rng().random_range(0..3) {
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
            let to = runner.rng().random_range(0..=members.len());
            members.insert(to, (name, added.1));
        }
        5 => {
            let other = runner.rng().random_range(0..members.len());
            members.swap(at, other);
        }
        _ => members.insert(at, added),
    }
}

fn list(elements: &mut Vec<Made>, runner: &mut TestRunner) {
    let added = atoms::scalar(runner);
    if elements.is_empty() {
        elements.push(added);
        return;
    }
    let at = runner.rng().random_range(0..elements.len());
    match runner.rng().random_range(0..4) {
        0 => drop(elements.remove(at)),
        1 => {
            let copy = elements[at].clone();
            elements.push(copy);
        }
        2 => elements[at] = added,
        _ => elements.insert(at, added),
    }
}

/// Cuts a text, puts something into it, or changes a letter's case.
fn text_place(text: &mut String, runner: &mut TestRunner) {
    let mut characters: Vec<char> = text.chars().collect();
    let at = runner.rng().random_range(0..=characters.len());
    match runner.rng().random_range(0..6) {
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
            let piece: Vec<char> = atoms::hostile(runner).chars().collect();
            characters.splice(at..at, piece);
        }
    }
    *text = characters.into_iter().collect();
}

/// Does one small thing to the text of an input, valid JSON no longer as a rule.
pub(super) fn bytes(input: &mut Vec<u8>, runner: &mut TestRunner) {
    let at = runner.rng().random_range(0..=input.len());
    let put: &[u8] = match runner.rng().random_range(0..14) {
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
    let at = match runner.rng().random_range(0..3) {
        0 => 0,
        1 => input.len(),
        _ => at,
    };
    input.splice(at..at, put.iter().copied());
}
