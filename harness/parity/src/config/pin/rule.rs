//! Rules: entries for a systematic difference, with patterns for cases and types for values.
//!
//! A rule is as precise about the place as an exact entry. It may say `any string` in place of a
//! value, but only at a named place, so that it cannot accept a whole answer.

use lakehouse_rig::error::{Error, quoted};
use lakehouse_rig::source::Source;

use super::pattern::Pattern;
use super::{Count, Written};
use crate::difference::{DifferenceKind, type_name};

/// What stands before the name of a type in `shapes`.
const ANY: &str = "any ";

/// The types that `shapes` may name.
const TYPES: [&str; 6] = ["array", "boolean", "bytes", "number", "object", "string"];

/// The characters of a pattern in `cases`.
const WILDCARDS: [char; 3] = ['*', '?', '['];

/// Whether an entry is a rule.
pub(super) fn is_rule(written: &Written) -> bool {
    let mut cases = written.cases.iter();
    cases.any(|case| is_pattern(case.get_ref())) || has_type(written)
}

/// Whether a text is a pattern of case names.
pub(super) fn is_pattern(case: &str) -> bool {
    case.contains(WILDCARDS)
}

fn has_type(written: &Written) -> bool {
    let mut shapes = written.shapes.get_ref().iter();
    shapes.any(|shape| shape.starts_with(ANY))
}

/// Whether a shape is the one of an entry, or of the type that a rule names.
pub(super) fn accepts(pattern: &str, shape: &str) -> bool {
    match pattern.strip_prefix(ANY) {
        Some(name) => type_name(shape) == name,
        None => pattern == shape,
    }
}

/// Checks that a rule can only accept what it names.
pub(super) fn check(source: &Source, written: &Written, path: &Pattern) -> Result<(), Error> {
    let wrong_path = |message: &str, help: &str| {
        let span = written.path.span();
        Err(source.error(span, message, "this path", Some(help.to_owned())))
    };
    if path.descends() {
        return wrong_path(
            "a rule cannot match at any depth",
            "write the path of the value without `..`, and one rule for each place",
        );
    }
    if written.places.is_some() {
        return wrong_path(
            "a rule cannot have `places`",
            "remove `places`; a rule accepts its difference wherever its path matches",
        );
    }
    if !has_type(written) {
        return Ok(());
    }
    for shape in written.shapes.get_ref() {
        if let Some(name) = shape.strip_prefix(ANY)
            && !TYPES.contains(&name)
        {
            return Err(source.error(
                written.shapes.span(),
                format!("`{shape}` names no type"),
                "these shapes",
                Some(format!("the types are {}", quoted(&TYPES))),
            ));
        }
    }
    if !path.names_a_place() {
        return wrong_path(
            "a rule for any value of a type needs the path of a member or of a header",
            "it would accept whole answers; write a path such as `body:$.args.*`, or exact shapes",
        );
    }
    if !has_values(written.kind) {
        return Err(source.error(
            written.shapes.span(),
            format!(
                "a rule for the kind `{}` needs both shapes exactly",
                written.kind
            ),
            "these shapes",
            None,
        ));
    }
    Ok(())
}

/// The count of an entry; only a rule may have a range or none.
pub(super) fn count(source: &Source, written: &Written, is_rule: bool) -> Result<Count, Error> {
    let count = written.count.as_ref();
    let span = count.map_or_else(|| written.path.span(), |count| count.span());
    let wrong = |message: &str, help: Option<String>| {
        Err(source.error(span.clone(), message, "this entry", help))
    };
    let count = count.map_or(Count::Any, |count| *count.get_ref());
    if !is_rule && !matches!(count, Count::Exactly(_)) {
        return wrong(
            "a pin needs a `count`, which is a number",
            Some(
                "only a rule, with a pattern in `cases` or a type in `shapes`, may leave it out or have a range"
                    .to_owned(),
            ),
        );
    }
    if !count.is_possible() || written.cases.is_empty() {
        return wrong(
            "a pin needs a count of at least 1 and at least one case",
            None,
        );
    }
    Ok(count)
}

/// Whether the shapes of differences of a kind are those of values.
fn has_values(kind: DifferenceKind) -> bool {
    matches!(
        kind,
        DifferenceKind::Value
            | DifferenceKind::Type
            | DifferenceKind::Missing
            | DifferenceKind::Extra
            | DifferenceKind::NumberLexeme
            | DifferenceKind::Escape
            | DifferenceKind::Length
            | DifferenceKind::Header
            | DifferenceKind::Bytes
    )
}
