//! Translates conditions with three truth values to filters with two.
//!
//! A filter's `not` passes documents for which a condition's `NOT` is unknown, so `NOT` alone is never
//! translated to it. Instead, each condition has two filters: one passes if the condition is true, the
//! other if it is false, and neither passes if it is unknown.

use std::ops::Bound;

use lakehouse_vector::{Bounds, Filter, Kind, Scalar};

use super::parser::{Comparison, Condition};

/// The filter that passes if the condition is true.
pub(super) fn passes_if_true(condition: &Condition<'_>) -> Filter {
    passes_if(condition, true)
}

fn passes_if(condition: &Condition<'_>, is_true: bool) -> Filter {
    let all = |parts: &[Condition<'_>]| parts.iter().map(|p| passes_if(p, is_true)).collect();
    match condition {
        Condition::Not(negated) => passes_if(negated, !is_true),
        // By De Morgan's laws, which hold for three values, too.
        Condition::And(parts) if is_true => Filter::And(all(parts)),
        Condition::Or(parts) if !is_true => Filter::And(all(parts)),
        Condition::And(parts) | Condition::Or(parts) => Filter::Or(all(parts)),
        Condition::Compare(field, comparison, literal) => {
            let passes = compare(field, *comparison, literal);
            decided(field, [literal], passes, is_true)
        }
        Condition::In(field, values) => {
            let passes = Filter::In {
                field: (*field).into(),
                values: values.clone(),
            };
            decided(field, values, passes, is_true)
        }
        Condition::Between(field, low, high) => match between(low, high) {
            Some(bounds) => decided(field, [low], in_range(field, bounds), is_true),
            // No value is within bounds of two types.
            None => {
                let above = Condition::Compare(field, Comparison::GreaterOrEqual, low.clone());
                let below = Condition::Compare(field, Comparison::LessOrEqual, high.clone());
                passes_if(&Condition::And(vec![above, below]), is_true)
            }
        },
        Condition::Like(field, pattern) => {
            let passes = Filter::Like {
                field: (*field).into(),
                pattern: pattern.clone(),
            };
            decided_by(field, [Kind::Text], passes, is_true)
        }
        Condition::IsNull(field) => {
            let passes = Filter::IsNull {
                field: (*field).into(),
            };
            if is_true { passes } else { not(passes) }
        }
    }
}

/// `passes` is true for a value in the field; if it is true for none, it is false, provided that all
/// values have the types of the literals.
fn decided<'l>(
    field: &str,
    literals: impl IntoIterator<Item = &'l Scalar>,
    passes: Filter,
    is_true: bool,
) -> Filter {
    let mut kinds: Vec<Kind> = Vec::new();
    for kind in literals.into_iter().filter_map(Scalar::kind) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    decided_by(field, kinds, passes, is_true)
}

fn decided_by(
    field: &str,
    kinds: impl IntoIterator<Item = Kind>,
    passes: Filter,
    is_true: bool,
) -> Filter {
    if is_true {
        return passes;
    }
    let only_of = |kind| Filter::OnlyOf {
        field: field.into(),
        kind,
    };
    let known = kinds.into_iter().map(only_of);
    Filter::And(known.chain([not(passes)]).collect())
}

fn not(filter: Filter) -> Filter {
    Filter::Not(Box::new(filter))
}

fn in_range(field: &str, bounds: Bounds) -> Filter {
    Filter::Range {
        field: field.into(),
        bounds,
    }
}

/// Passes if the comparison is true for a value in the field.
fn compare(field: &str, comparison: Comparison, literal: &Scalar) -> Filter {
    if comparison == Comparison::Equal {
        return Filter::Eq {
            field: field.into(),
            value: literal.clone(),
        };
    }
    match literal {
        Scalar::Number(edge) => {
            let (lower, upper) = one_sided(comparison, *edge);
            in_range(field, Bounds::Numbers(lower, upper))
        }
        Scalar::Text(edge) => {
            let (lower, upper) = one_sided(comparison, edge.clone());
            in_range(field, Bounds::Texts(lower, upper))
        }
        // The parser rejects these; the filter passes nothing.
        Scalar::Bool(_) | Scalar::Null => Filter::Or(Vec::new()),
    }
}

/// Inclusive bounds, if they are of one type.
fn between(low: &Scalar, high: &Scalar) -> Option<Bounds> {
    match (low, high) {
        (Scalar::Number(low), Scalar::Number(high)) => Some(Bounds::Numbers(
            Bound::Included(*low),
            Bound::Included(*high),
        )),
        (Scalar::Text(low), Scalar::Text(high)) => Some(Bounds::Texts(
            Bound::Included(low.clone()),
            Bound::Included(high.clone()),
        )),
        _ => None,
    }
}

/// The bounds of a comparison by order.
fn one_sided<T>(comparison: Comparison, edge: T) -> (Bound<T>, Bound<T>) {
    match comparison {
        Comparison::Less => (Bound::Unbounded, Bound::Excluded(edge)),
        Comparison::Greater => (Bound::Excluded(edge), Bound::Unbounded),
        Comparison::GreaterOrEqual => (Bound::Included(edge), Bound::Unbounded),
        _ => (Bound::Unbounded, Bound::Included(edge)),
    }
}
