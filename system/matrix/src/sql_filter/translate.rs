//! Translates conditions with three truth values to filters with two.
//!
//! A filter's `not` passes documents for which a condition's `NOT` is unknown, so `NOT` is never
//! translated to it. Instead, each condition has two filters: one passes if the condition is true, the
//! other if it is false, and neither passes if it is unknown.

use std::ops::Bound;

use lakehouse_vector::{Bounds, Filter, Scalar};

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
            let comparison = if is_true {
                *comparison
            } else {
                comparison.opposite()
            };
            compare(field, comparison, literal)
        }
        Condition::In(field, values) if is_true => Filter::In {
            field: (*field).into(),
            values: values.clone(),
        },
        Condition::In(field, values) => {
            let differs = |value| compare(field, Comparison::NotEqual, value);
            Filter::And(values.iter().map(differs).collect())
        }
        Condition::Between(field, low, high) if is_true => Filter::And(vec![
            compare(field, Comparison::GreaterOrEqual, low),
            compare(field, Comparison::LessOrEqual, high),
        ]),
        Condition::Between(field, low, high) => Filter::Or(vec![
            compare(field, Comparison::Less, low),
            compare(field, Comparison::Greater, high),
        ]),
    }
}

/// Passes if the member exists, has the literal's type, and the comparison is true.
fn compare(field: &str, comparison: Comparison, literal: &Scalar) -> Filter {
    match (comparison, literal) {
        (Comparison::Equal, _) => Filter::Eq {
            field: field.into(),
            value: literal.clone(),
        },
        (Comparison::NotEqual, Scalar::Bool(value)) => Filter::Eq {
            field: field.into(),
            value: Scalar::Bool(!value),
        },
        (Comparison::NotEqual, _) => Filter::Or(vec![
            compare(field, Comparison::Less, literal),
            compare(field, Comparison::Greater, literal),
        ]),
        _ => Filter::Range {
            field: field.into(),
            bounds: match literal {
                Scalar::Number(edge) => {
                    let (lower, upper) = one_sided(comparison, *edge);
                    Bounds::Numbers(lower, upper)
                }
                Scalar::Text(edge) => {
                    let (lower, upper) = one_sided(comparison, edge.clone());
                    Bounds::Texts(lower, upper)
                }
                // The parser rejects these; the filter passes nothing.
                Scalar::Bool(_) | Scalar::Null => return Filter::Or(Vec::new()),
            },
        },
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
