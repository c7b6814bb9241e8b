//! JSON as a tree of its source text, from which parts can be removed.

use crate::json::{Document, NodeId, Value, parse};

/// The deepest tree, so that recursion fits on the stack. Deeper inputs are shrunk as text.
const MAX_DEPTH: usize = 64;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    /// `null`, `true`, `false` or a number.
    Plain(String),
    /// A string: its characters and escapes.
    Text(Vec<String>),
    Array(Vec<Tree>),
    Object(Vec<(Vec<String>, Tree)>),
}

impl Tree {
    /// Reads JSON of at most [`MAX_DEPTH`] levels.
    pub(super) fn read(input: &[u8]) -> Option<Tree> {
        let document = parse(input).ok()?;
        Tree::from_node(&document, Document::ROOT, 0)
    }

    fn from_node(document: &Document, id: NodeId, depth: usize) -> Option<Tree> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match document.value(id) {
            Value::Null => Tree::Plain("null".to_owned()),
            Value::Bool(value) => Tree::Plain(value.to_string()),
            Value::Number(lexeme) => Tree::Plain(lexeme.clone()),
            Value::String(text) => Tree::Text(units(&text.raw)),
            Value::Array(elements) => Tree::Array(
                elements
                    .iter()
                    .map(|id| Tree::from_node(document, *id, depth + 1))
                    .collect::<Option<_>>()?,
            ),
            Value::Object(members) => Tree::Object(
                members
                    .iter()
                    .map(|(name, id)| {
                        Some((units(&name.raw), Tree::from_node(document, *id, depth + 1)?))
                    })
                    .collect::<Option<_>>()?,
            ),
        })
    }

    /// The JSON, without white space between tokens.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = String::new();
        self.write_to(&mut out);
        out.into_bytes()
    }

    fn write_to(&self, out: &mut String) {
        match self {
            Tree::Plain(text) => out.push_str(text),
            Tree::Text(units) => string(out, units),
            Tree::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write_to(out);
                }
                out.push(']');
            }
            Tree::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    string(out, name);
                    out.push(':');
                    value.write_to(out);
                }
                out.push('}');
            }
        }
    }

    /// The tree without unnecessary escapes.
    pub(super) fn unescaped(&self) -> Tree {
        let plain = |units: &[String]| units.iter().map(|unit| unescaped(unit)).collect();
        match self {
            Tree::Plain(text) => Tree::Plain(text.clone()),
            Tree::Text(units) => Tree::Text(plain(units)),
            Tree::Array(elements) => Tree::Array(elements.iter().map(Tree::unescaped).collect()),
            Tree::Object(members) => Tree::Object(
                members
                    .iter()
                    .map(|(name, value)| (plain(name), value.unescaped()))
                    .collect(),
            ),
        }
    }

    /// All trees with one part removed or simplified, the largest changes first.
    pub(super) fn smaller(&self) -> Vec<Tree> {
        let mut all = Vec::new();
        match self {
            Tree::Plain(text) => {
                for simple in ["0", "1"] {
                    let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
                    if is_number && simple != text {
                        all.push(Tree::Plain(simple.to_owned()));
                    }
                }
                for without in without_chunks(&text.chars().collect::<Vec<_>>()) {
                    all.push(Tree::Plain(without.into_iter().collect()));
                }
            }
            Tree::Text(units) => {
                for units in without_chunks(units) {
                    all.push(Tree::Text(units));
                }
                for units in plainer(units) {
                    all.push(Tree::Text(units));
                }
            }
            Tree::Array(elements) => {
                for elements in without_chunks(elements) {
                    all.push(Tree::Array(elements));
                }
                all.extend(elements.iter().cloned());
                for (index, element) in elements.iter().enumerate() {
                    for smaller in element.smaller() {
                        let mut elements = elements.clone();
                        elements[index] = smaller;
                        all.push(Tree::Array(elements));
                    }
                }
            }
            Tree::Object(members) => {
                for members in without_chunks(members) {
                    all.push(Tree::Object(members));
                }
                all.extend(members.iter().map(|(_, value)| value.clone()));
                for (index, (name, value)) in members.iter().enumerate() {
                    let mut changed = |name: Vec<String>, value: Tree| {
                        let mut members = members.clone();
                        members[index] = (name, value);
                        all.push(Tree::Object(members));
                    };
                    for name in without_chunks(name) {
                        changed(name, value.clone());
                    }
                    for smaller in value.smaller() {
                        changed(name.clone(), smaller);
                    }
                    if matches!(value, Tree::Array(_) | Tree::Object(_) | Tree::Text(_)) {
                        changed(name.clone(), Tree::Plain("0".to_owned()));
                    }
                }
            }
        }
        all
    }
}

fn string(out: &mut String, units: &[String]) {
    out.push('"');
    units.iter().for_each(|unit| out.push_str(unit));
    out.push('"');
}

/// The characters and escapes between the quotes.
pub(super) fn units(raw: &str) -> Vec<String> {
    let mut units = Vec::new();
    let mut rest = raw.chars();
    while let Some(character) = rest.next() {
        let mut unit = String::from(character);
        if character == '\\'
            && let Some(kind) = rest.next()
        {
            unit.push(kind);
            if kind == 'u' {
                unit.extend(rest.by_ref().take(4));
            }
        }
        units.push(unit);
    }
    units
}

/// The printable ASCII character of a `\u` escape; any other unit unchanged.
fn unescaped(unit: &str) -> String {
    let code = unit
        .strip_prefix("\\u")
        .and_then(|digits| u8::from_str_radix(digits, 16).ok());
    match code {
        Some(code) if matches!(code, b' '..=b'~') && !matches!(code, b'"' | b'\\') => {
            char::from(code).to_string()
        }
        _ => unit.to_owned(),
    }
}

/// The text with one unit that is not alphanumeric replaced by `a`.
fn plainer(units: &[String]) -> impl Iterator<Item = Vec<String>> + '_ {
    let plain = |unit: &str| unit.len() == 1 && unit.chars().all(|c| c.is_ascii_alphanumeric());
    (0..units.len())
        .filter(move |index| !plain(&units[*index]))
        .map(|index| {
            let mut changed = units.to_vec();
            changed[index] = "a".to_owned();
            changed
        })
}

/// The list without all elements, without each half, each quarter, … each element.
pub(super) fn without_chunks<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    let mut all = Vec::new();
    let mut size = list.len();
    while size > 0 {
        let mut at = 0;
        while at < list.len() {
            let end = (at + size).min(list.len());
            all.push([&list[..at], &list[end..]].concat());
            at = end;
        }
        size /= 2;
    }
    all
}
