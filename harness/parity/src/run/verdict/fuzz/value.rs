//! JSON values of which it is known which are equal, without parsing or comparing them.

use rand::RngExt as _;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand_chacha::ChaCha8Rng;

/// A spelling of a number or of a piece of a text, and its value: equal for equal values.
type Spelling = (&'static str, u8);

const PIECES: &[Spelling] = &[
    ("a", 0),
    ("\\u0061", 0),
    ("é", 1),
    ("\\u00e9", 1),
    ("e\u{301}", 2),
    ("\\ud800", 3),
    ("\\ud801", 4),
    ("\\ufffd", 5),
    ("\u{fffd}", 5),
    ("/", 6),
    ("\\/", 6),
    ("😀", 7),
    ("\\ud83d\\ude00", 7),
    ("\\n", 8),
    ("\\u0000", 9),
    (" ", 10),
    ("1", 11),
    ("A", 12),
    ("null", 13),
    ("\\\\", 14),
    ("\\\"", 15),
];
/// The last ones are within a tolerance of another one.
const NUMBERS: &[Spelling] = &[
    ("1", 0),
    ("1.0", 0),
    ("10e-1", 0),
    ("2", 1),
    ("-1", 2),
    ("0", 3),
    ("-0", 3),
    ("0e5", 3),
    ("1e400", 4),
    ("10e399", 4),
    ("2e400", 5),
    ("1e-400", 6),
    ("2e-400", 7),
    ("0.1", 8),
    ("1E-1", 8),
    ("1e2", 9),
    ("100", 9),
    ("123456789012345678901234567890", 10),
    ("9007199254740993", 11),
    ("9007199254740992", 12),
    ("1.0000000000000000000001", 13),
    ("1e99999999999999999999", 14),
    ("1e99999999999999999998", 15),
];
/// The number of spellings that are far from each other.
const FAR: usize = 18;

/// What makes two values differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policy {
    pub(super) key_order: bool,
    pub(super) numbers_by_value: bool,
    pub(super) escapes: bool,
    pub(super) max_depth: usize,
    /// Whether numbers have a tolerance.
    pub(super) tolerant: bool,
}

pub(super) type Text = Vec<Spelling>;

#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(Spelling),
    Text(Text),
    Array(Vec<Value>),
    Object(Vec<(Text, Value)>),
    /// An array of numbers that is compared by its direction and length.
    Vector(Vec<i32>),
    /// A hit of a ranking: its id, its score, and another member.
    Hit(String, i32, Box<Value>),
}

fn text(random: &mut ChaCha8Rng) -> Text {
    let length = random.random_range(0..4);
    (0..length)
        .filter_map(|_| PIECES.choose(random).copied())
        .collect()
}

fn number(policy: Policy, random: &mut ChaCha8Rng) -> Spelling {
    let known = if policy.tolerant { FAR } else { NUMBERS.len() };
    NUMBERS[random.random_range(0..known)]
}

/// Another spelling that has, or has not, the same value.
fn other(
    all: &[Spelling],
    old: Spelling,
    is_same: bool,
    random: &mut ChaCha8Rng,
) -> Option<Spelling> {
    let fitting = all
        .iter()
        .filter(|new| **new != old && (new.1 == old.1) == is_same);
    fitting.collect::<Vec<_>>().choose(random).map(|new| **new)
}

fn values(text: &Text) -> Vec<u8> {
    text.iter().map(|piece| piece.1).collect()
}

impl Value {
    pub(super) fn random(levels: usize, policy: Policy, random: &mut ChaCha8Rng) -> Value {
        let kinds = if levels == 0 { 4 } else { 7 };
        match random.random_range(0..kinds) {
            0 => Value::Null,
            1 => Value::Bool(random.random()),
            2 => Value::Number(number(policy, random)),
            3 => Value::Text(text(random)),
            4 => {
                let count = random.random_range(0..4);
                let element = |_| Value::random(levels - 1, policy, random);
                Value::Array((0..count).map(element).collect())
            }
            _ => {
                let count = random.random_range(0..4);
                let member = |_| (text(random), Value::random(levels - 1, policy, random));
                Value::Object((0..count).map(member).collect())
            }
        }
    }

    pub(super) fn depth(&self) -> usize {
        match self {
            Value::Array(elements) => 1 + elements.iter().map(Value::depth).max().unwrap_or(0),
            Value::Object(members) => {
                1 + members
                    .iter()
                    .map(|(_, value)| value.depth())
                    .max()
                    .unwrap_or(0)
            }
            Value::Vector(_) => 1,
            Value::Hit(_, _, more) => 1 + more.depth(),
            _ => 0,
        }
    }

    /// Whether the loosest policy finds the values equal.
    fn is_same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a.1 == b.1,
            (Value::Text(a), Value::Text(b)) => values(a) == values(b),
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b))
            }
            (Value::Object(a), Value::Object(b)) => {
                let sorted = |members: &Vec<(Text, Value)>| {
                    let mut members = members.clone();
                    members.sort_by_key(|(key, _)| values(key));
                    members
                };
                let (a, b) = (sorted(a), sorted(b));
                let is_same = |((a_key, a), (b_key, b)): (&(Text, Value), &(Text, Value))| {
                    values(a_key) == values(b_key) && a.is_same(b)
                };
                a.len() == b.len() && a.iter().zip(&b).all(is_same)
            }
            (Value::Vector(a), Value::Vector(b)) => a == b,
            (Value::Hit(a, a_score, a_more), Value::Hit(b, b_score, b_more)) => {
                a == b && a_score == b_score && a_more.is_same(b_more)
            }
            _ => false,
        }
    }

    pub(super) fn write(&self, out: &mut String) {
        let quoted = |out: &mut String, text: &Text| {
            out.push('"');
            out.extend(text.iter().map(|piece| piece.0));
            out.push('"');
        };
        let comma = |out: &mut String, index: usize| {
            if index > 0 {
                out.push(',');
            }
        };
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => out.push_str(number.0),
            Value::Text(text) => quoted(out, text),
            Value::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    comma(out, index);
                    element.write(out);
                }
                out.push(']');
            }
            Value::Object(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    comma(out, index);
                    quoted(out, key);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
            Value::Vector(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
                out.push_str(&format!("[{}]", numbers.join(",")));
            }
            Value::Hit(id, score, more) => {
                out.push_str(&format!("{{\"id\":\"{id}\",\"score\":{score},\"more\":"));
                more.write(out);
                out.push('}');
            }
        }
    }

    /// Changes one place, so that the policy finds another value. Returns the kind of change.
    pub(super) fn change(
        &mut self,
        policy: Policy,
        random: &mut ChaCha8Rng,
    ) -> Option<&'static str> {
        let mut index = random.random_range(0..self.count());
        let node = self.node(&mut index)?;
        if random.random_ratio(1, 5) {
            *node = match node {
                Value::Text(_) | Value::Hit(..) => Value::Array(vec![node.clone()]),
                Value::Array(elements) if elements.is_empty() => Value::Object(Vec::new()),
                Value::Null => Value::Text(vec![("null", 13)]),
                _ => Value::Text(Vec::new()),
            };
            return Some("another type");
        }
        match node {
            Value::Null => {
                *node = Value::Bool(false);
                Some("null filled")
            }
            Value::Bool(value) => {
                *value = !*value;
                Some("boolean")
            }
            Value::Number(number) => change_number(number, policy, random),
            Value::Text(text) => change_text(text, policy, random),
            Value::Array(elements) => change_array(elements, random),
            Value::Object(members) => change_object(members, policy, random),
            Value::Vector(numbers) => Some(change_vector(numbers, random)),
            Value::Hit(id, score, more) => match random.random_range(0..3) {
                0 => {
                    id.push('x');
                    Some("id")
                }
                1 => {
                    *score += 5;
                    Some("score")
                }
                _ => more.change(policy, random),
            },
        }
    }

    /// Spells the value in another way, which the policy does not distinguish.
    pub(super) fn respell(&mut self, policy: Policy, random: &mut ChaCha8Rng) {
        let respell = |all: &[Spelling], spelling: &mut Spelling, random: &mut ChaCha8Rng| {
            if let Some(new) = other(all, *spelling, true, random) {
                *spelling = new;
            }
        };
        match self {
            Value::Number(number) if policy.numbers_by_value => respell(NUMBERS, number, random),
            Value::Text(text) if !policy.escapes => {
                text.iter_mut()
                    .for_each(|piece| respell(PIECES, piece, random));
            }
            Value::Array(elements) => {
                elements
                    .iter_mut()
                    .for_each(|element| element.respell(policy, random));
            }
            Value::Object(members) => {
                for (_, value) in members.iter_mut() {
                    value.respell(policy, random);
                }
                let mut keys: Vec<Vec<u8>> = members.iter().map(|(key, _)| values(key)).collect();
                keys.sort();
                keys.dedup();
                if !policy.key_order && keys.len() == members.len() {
                    members.shuffle(random);
                }
            }
            Value::Hit(_, _, more) => more.respell(policy, random),
            _ => {}
        }
    }

    fn count(&self) -> usize {
        1 + match self {
            Value::Array(elements) => elements.iter().map(Value::count).sum(),
            Value::Object(members) => members.iter().map(|(_, value)| value.count()).sum(),
            _ => 0,
        }
    }

    /// The value at an index in document order.
    fn node(&mut self, index: &mut usize) -> Option<&mut Value> {
        if *index == 0 {
            return Some(self);
        }
        *index -= 1;
        match self {
            Value::Array(elements) => elements.iter_mut().find_map(|value| value.node(index)),
            Value::Object(members) => members.iter_mut().find_map(|(_, value)| value.node(index)),
            _ => None,
        }
    }
}

fn change_number(
    number: &mut Spelling,
    policy: Policy,
    random: &mut ChaCha8Rng,
) -> Option<&'static str> {
    let is_spelling = !policy.numbers_by_value && random.random();
    let known = if policy.tolerant { FAR } else { NUMBERS.len() };
    *number = other(&NUMBERS[..known], *number, is_spelling, random)?;
    Some(if is_spelling {
        "number spelling"
    } else {
        "number"
    })
}

fn change_text(text: &mut Text, policy: Policy, random: &mut ChaCha8Rng) -> Option<&'static str> {
    let Some(at) = (0..text.len()).collect::<Vec<_>>().choose(random).copied() else {
        text.push(*PIECES.choose(random)?);
        return Some("text filled");
    };
    match random.random_range(0..4) {
        0 if policy.escapes => {
            text[at] = other(PIECES, text[at], true, random)?;
            Some("text spelling")
        }
        1 => {
            text.remove(at);
            Some("character removed")
        }
        2 => {
            text.insert(at, *PIECES.choose(random)?);
            Some("character added")
        }
        _ => {
            text[at] = other(PIECES, text[at], false, random)?;
            Some("character")
        }
    }
}

fn change_array(elements: &mut Vec<Value>, random: &mut ChaCha8Rng) -> Option<&'static str> {
    if elements.is_empty() {
        elements.push(Value::Null);
        return Some("array filled");
    }
    let at = random.random_range(0..elements.len());
    match random.random_range(0..3) {
        0 => {
            elements.remove(at);
            Some("element removed")
        }
        1 => {
            let again = elements[at].clone();
            elements.insert(at, again);
            Some("element doubled")
        }
        _ => {
            let next = elements.get(at + 1)?;
            if elements[at].is_same(next) {
                return None;
            }
            elements.swap(at, at + 1);
            Some("elements swapped")
        }
    }
}

fn change_object(
    members: &mut Vec<(Text, Value)>,
    policy: Policy,
    random: &mut ChaCha8Rng,
) -> Option<&'static str> {
    let is_new = |key: &Text| {
        !members
            .iter()
            .any(|(known, _)| values(known) == values(key))
    };
    let new_key = Some(text(random)).filter(is_new);
    if members.is_empty() || random.random_ratio(1, 6) {
        members.push((new_key?, Value::Null));
        return Some("key added");
    }
    let at = random.random_range(0..members.len());
    match random.random_range(0..5) {
        0 => {
            members.remove(at);
            Some("key removed")
        }
        1 => {
            members[at].0 = new_key?;
            Some("key renamed")
        }
        2 => {
            let again = members[at].clone();
            members.push(again);
            Some("key doubled")
        }
        3 if policy.escapes => {
            let key = &mut members[at].0;
            let piece = key.first_mut()?;
            *piece = other(PIECES, *piece, true, random)?;
            Some("key spelling")
        }
        _ => {
            let (one, next) = (&members[at], members.get(at + 1)?);
            let has_same_key = values(&one.0) == values(&next.0);
            let counts = if has_same_key {
                !one.1.is_same(&next.1)
            } else {
                policy.key_order
            };
            if !counts {
                return None;
            }
            members.swap(at, at + 1);
            Some("keys swapped")
        }
    }
}

fn change_vector(numbers: &mut Vec<i32>, random: &mut ChaCha8Rng) -> &'static str {
    if numbers.is_empty() {
        numbers.push(1);
        return "vector lengthened";
    }
    match random.random_range(0..4) {
        0 => {
            if let Some(largest) = numbers.iter_mut().max_by_key(|number| number.abs()) {
                *largest = -*largest;
            }
            "vector turned"
        }
        1 => {
            numbers.iter_mut().for_each(|number| *number *= 2);
            "vector scaled"
        }
        2 => {
            numbers.push(0);
            "vector lengthened"
        }
        _ => {
            numbers.pop();
            "vector shortened"
        }
    }
}
