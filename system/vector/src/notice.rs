//! Conditions that match no item (`vector_search.md`, "Notices").

use std::fmt;

use crate::filter::{Bounds, Filter};
use crate::metadata::{Kind, Scalar};
use crate::pattern::lower_case;

/// The largest number of notices.
pub const MAX_NOTICES: usize = 20;
/// The largest number of fields among which similar names are looked for.
pub(crate) const MAX_FIELDS: usize = 1000;
/// The largest number of characters of names that are compared.
const MAX_NAME: usize = 64;
/// The largest number of similar names or strings.
pub(crate) const MAX_SIMILAR: usize = 3;
/// The largest number of bytes of strings that are compared without regard to case.
pub(crate) const MAX_TEXT: usize = 32;
/// The largest number of strings of an `in` that are.
const MAX_TEXTS: usize = 20;

/// Why a condition matches no item. Displayed as a predicate of "no item …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// No item has the field.
    UnknownField {
        /// The field's name.
        field: Box<str>,
        /// The most similar names of fields.
        similar: Vec<Box<str>>,
    },
    /// No item has a value of the type in the field.
    OtherType {
        /// The field's name.
        field: Box<str>,
        /// The type that the filter compares.
        kind: Kind,
        /// The other types of values that items have there, in the contract's order.
        kinds: Vec<Kind>,
        /// Whether items have objects there.
        has_objects: bool,
    },
    /// No item has the string in the field, but some have it in another case.
    OtherCase {
        /// The field's name.
        field: Box<str>,
        /// The filter's string.
        text: Box<str>,
        /// The first of the strings that items have there, by bytes.
        similar: Vec<Box<str>>,
    },
}

/// What a filter compares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Comparison<'f> {
    pub(crate) field: &'f str,
    /// The type; `None` for a comparison with `null` only.
    pub(crate) kind: Option<Kind>,
    /// A string that values must equal.
    pub(crate) text: Option<&'f str>,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownField { field, similar } => {
                write!(f, "has a field `{field}`")?;
                if similar.is_empty() {
                    return Ok(());
                }
                write_question(f, similar)
            }
            Self::OtherCase {
                field,
                text,
                similar,
            } => {
                write!(f, "has `{text}` in `{field}`")?;
                write_question(f, similar)
            }
            Self::OtherType {
                field,
                kind,
                kinds,
                has_objects,
            } => {
                let one = kind.noun();
                let mut has: Vec<_> = kinds
                    .iter()
                    .map(|kind| format!("{}s", kind.noun()))
                    .collect();
                has.extend(has_objects.then(|| "objects".to_owned()));
                let has = joined(&has, "and");
                write!(f, "has a {one} in `{field}`; its values are {has}")
            }
        }
    }
}

fn write_question(f: &mut fmt::Formatter<'_>, similar: &[Box<str>]) -> fmt::Result {
    let names: Vec<_> = similar.iter().map(|name| format!("`{name}`")).collect();
    write!(f, "; did you mean {}?", joined(&names, "or"))
}

fn joined(words: &[String], last_joint: &str) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => {
            format!("{} {last_joint} {last}", first.join(", "))
        }
        words => words.concat(),
    }
}

/// Calls `visit` with each comparison of a filter, in order, until it returns false.
pub(crate) fn visit_comparisons<'f>(
    filter: &'f Filter,
    visit: &mut dyn FnMut(Comparison<'f>) -> bool,
) -> bool {
    let of = |field, kind, text| Comparison { field, kind, text };
    match filter {
        Filter::Eq { field, value } => visit(of(field, value.kind(), text_of(value))),
        Filter::Contains { field, value } => visit(of(field, value.kind(), None)),
        Filter::In { field, values } => {
            let mut kinds: Vec<Kind> = Vec::new();
            for kind in values.iter().filter_map(Scalar::kind) {
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
            if kinds.is_empty() {
                return visit(of(field, None, None));
            }
            let mut texts = values.iter().filter_map(text_of).take(MAX_TEXTS);
            let kind_of = Some(Kind::Text);
            kinds
                .into_iter()
                .all(|kind| visit(of(field, Some(kind), None)))
                && texts.all(|text| visit(of(field, kind_of, Some(text))))
        }
        Filter::Range { field, bounds } => {
            let kind = match bounds {
                Bounds::Numbers(..) => Kind::Number,
                Bounds::Texts(..) => Kind::Text,
            };
            visit(of(field, Some(kind), None))
        }
        Filter::Like { field, .. } => visit(of(field, Some(Kind::Text), None)),
        Filter::OnlyOf { field, kind } => visit(of(field, Some(*kind), None)),
        Filter::IsNull { field } => visit(of(field, None, None)),
        Filter::And(filters) | Filter::Or(filters) => filters
            .iter()
            .all(|filter| visit_comparisons(filter, visit)),
        Filter::Not(filter) => visit_comparisons(filter, visit),
    }
}

fn text_of(value: &Scalar) -> Option<&str> {
    match value {
        Scalar::Text(text) => Some(text),
        _ => None,
    }
}

/// Whether two strings differ in upper and lower case at most.
pub(crate) fn is_same_but_for_case(a: &str, b: &str) -> bool {
    a.chars().map(lower_case).eq(b.chars().map(lower_case))
}

/// The most similar of the names.
pub(crate) fn similar<'n>(field: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<Box<str>> {
    let length = field.chars().count();
    if length > MAX_NAME {
        return Vec::new();
    }
    let changes = (length / 3).max(1);
    let field = field.to_ascii_lowercase();
    let distance = |name: &'n str| {
        let length = name.chars().count();
        let is_comparable = length <= MAX_NAME;
        let distance =
            is_comparable.then(|| strsim::osa_distance(&field, &name.to_ascii_lowercase()));
        distance
            .filter(|distance| *distance <= changes)
            .map(|distance| (distance, name))
    };
    let mut near: Vec<_> = names.into_iter().filter_map(distance).collect();
    near.sort_unstable();
    near.into_iter()
        .take(MAX_SIMILAR)
        .map(|(_, name)| name.into())
        .collect()
}
