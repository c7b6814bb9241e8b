//! Conditions that match no item (`vector_search.md`, "Notices").

use std::fmt;

use crate::filter::{Bounds, Filter};
use crate::metadata::{Kind, Scalar};

/// The largest number of notices.
pub const MAX_NOTICES: usize = 20;
/// The largest number of fields among which similar names are looked for.
pub(crate) const MAX_FIELDS: usize = 1000;
/// The largest number of characters of names that are compared.
const MAX_NAME: usize = 64;
/// The largest number of similar names.
const MAX_SIMILAR: usize = 3;

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
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownField { field, similar } => {
                write!(f, "has a field `{field}`")?;
                if similar.is_empty() {
                    return Ok(());
                }
                let names: Vec<_> = similar.iter().map(|name| format!("`{name}`")).collect();
                write!(f, "; did you mean {}?", joined(&names, "or"))
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

fn joined(words: &[String], last_joint: &str) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => {
            format!("{} {last_joint} {last}", first.join(", "))
        }
        words => words.concat(),
    }
}

/// Calls `visit` with the field of each condition and the type that it compares (`None` if it compares
/// with `null` only), in order, until it returns false.
pub(crate) fn visit_conditions<'f>(
    filter: &'f Filter,
    visit: &mut dyn FnMut(&'f str, Option<Kind>) -> bool,
) -> bool {
    match filter {
        Filter::Eq { field, value } | Filter::Contains { field, value } => {
            visit(field, value.kind())
        }
        Filter::In { field, values } => {
            let mut kinds: Vec<Kind> = Vec::new();
            for kind in values.iter().filter_map(Scalar::kind) {
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
            if kinds.is_empty() {
                return visit(field, None);
            }
            kinds.into_iter().all(|kind| visit(field, Some(kind)))
        }
        Filter::Range { field, bounds } => visit(
            field,
            Some(match bounds {
                Bounds::Numbers(..) => Kind::Number,
                Bounds::Texts(..) => Kind::Text,
            }),
        ),
        Filter::Like { field, .. } => visit(field, Some(Kind::Text)),
        Filter::OnlyOf { field, kind } => visit(field, Some(*kind)),
        Filter::IsNull { field } => visit(field, None),
        Filter::And(filters) | Filter::Or(filters) => {
            filters.iter().all(|filter| visit_conditions(filter, visit))
        }
        Filter::Not(filter) => visit_conditions(filter, visit),
    }
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
