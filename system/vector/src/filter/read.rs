//! Parses filters, with the contract's errors.

use std::ops::Bound;

use lakehouse_base::ErrorCode;
use lakehouse_json::{Fields, Json, Object};

use super::{Bounds, Filter};
use crate::metadata::Scalar;

const MOST_VALUES: usize = 1000;
const MOST_FILTERS: usize = 64;

/// A malformed filter: the path and what is expected there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` must be {must_be}")]
pub struct FilterError {
    path: String,
    must_be: &'static str,
}

impl FilterError {
    /// Always [`ErrorCode::BadRequest`].
    pub fn code(&self) -> ErrorCode {
        ErrorCode::BadRequest
    }
}

impl Filter {
    /// Parses the filter in the field called `name`.
    ///
    /// # Errors
    /// The first error, outermost first, array elements in order.
    pub fn read(json: &Json<'_>, name: &str) -> Result<Self, FilterError> {
        let Some((kind, inner)) = only_member(json) else {
            return Err(FilterError {
                path: name.to_owned(),
                must_be: "an object with exactly one of `eq`, `in`, `range`, `and`, `or`, `not`",
            });
        };
        let path = format!("{name}.{kind}");
        match kind {
            "eq" => leaf(path, read_eq(inner), MUST_BE_EQ),
            "in" => leaf(path, read_in(inner), MUST_BE_IN),
            "range" => leaf(path, read_range(inner), MUST_BE_RANGE),
            "and" => Ok(Self::And(read_filters(inner, path)?)),
            "or" => Ok(Self::Or(read_filters(inner, path)?)),
            _ => Ok(Self::Not(Box::new(Self::read(inner, &path)?))),
        }
    }
}

const MUST_BE_EQ: &str = "an object of `field`, a string, and `value`, a string, a number, a \
                          boolean or null";
const MUST_BE_IN: &str = "an object of `field`, a string, and `values`, an array of 1 to 1000 \
                          strings, numbers, booleans or nulls";
const MUST_BE_RANGE: &str = "an object of `field`, a string, and at least one of `gt` or `gte`, \
                             `lt` or `lte`, all numbers or all strings";

/// The member of an object with exactly one member, if its name is a filter's.
fn only_member<'j, 'a>(json: &'j Json<'a>) -> Option<(&'j str, &'j Json<'a>)> {
    let object = json.as_object()?;
    let (kind, _) = object.members().next()?;
    let is_known = ["eq", "in", "range", "and", "or", "not"].contains(&kind);
    let is_only = Fields::new(object).first_unknown(&[kind]).is_none();
    (is_known && is_only).then_some(kind).zip(object.get(kind))
}

fn leaf(
    path: String,
    filter: Option<Filter>,
    must_be: &'static str,
) -> Result<Filter, FilterError> {
    filter.ok_or(FilterError { path, must_be })
}

fn read_filters(json: &Json<'_>, path: String) -> Result<Vec<Filter>, FilterError> {
    let elements = json.as_array().filter(|all| all.len() <= MOST_FILTERS);
    let Some(elements) = elements else {
        return Err(FilterError {
            path,
            must_be: "an array of at most 64 filters",
        });
    };
    let read = |(at, json)| Filter::read(json, &format!("{path}[{at}]"));
    elements.iter().enumerate().map(read).collect()
}

fn read_eq(json: &Json<'_>) -> Option<Filter> {
    let (field, object) = field_and(json, &["value"])?;
    let value = read_scalar(object.get("value")?)?;
    Some(Filter::Eq { field, value })
}

fn read_in(json: &Json<'_>) -> Option<Filter> {
    let (field, object) = field_and(json, &["values"])?;
    let values = object.get("values")?.as_array()?;
    if !(1..=MOST_VALUES).contains(&values.len()) {
        return None;
    }
    let values = values.iter().map(read_scalar).collect::<Option<_>>()?;
    Some(Filter::In { field, values })
}

fn read_range(json: &Json<'_>) -> Option<Filter> {
    let (field, object) = field_and(json, &["gt", "gte", "lt", "lte"])?;
    let lower = read_bound(object, "gt", "gte")?;
    let upper = read_bound(object, "lt", "lte")?;
    let bounds = match (lower, upper) {
        (Bound::Unbounded, Bound::Unbounded) => None,
        bounds => numbers(&bounds).or_else(|| texts(bounds)),
    };
    Some(Filter::Range {
        field,
        bounds: bounds?,
    })
}

/// The field's name and the object, if its only members are `field` and the `others`.
fn field_and<'j, 'a>(json: &'j Json<'a>, others: &[&str]) -> Option<(Box<str>, &'j Object<'a>)> {
    let object = json.as_object()?;
    let field = object.get("field")?.as_str()?;
    let known = [others, &["field"]].concat();
    match Fields::new(object).first_unknown(&known) {
        Some(_) => None,
        None => Some((Box::from(field), object)),
    }
}

/// The bound that one of the two members gives; `None` if both are present.
fn read_bound(object: &Object<'_>, excluded: &str, included: &str) -> Option<Bound<Scalar>> {
    match (object.get(excluded), object.get(included)) {
        (Some(json), None) => read_scalar(json).map(Bound::Excluded),
        (None, Some(json)) => read_scalar(json).map(Bound::Included),
        (None, None) => Some(Bound::Unbounded),
        (Some(_), Some(_)) => None,
    }
}

fn read_scalar(json: &Json<'_>) -> Option<Scalar> {
    // Numbers beyond the range of a double are not valid in a filter.
    Scalar::from_json(json).filter(|v| !matches!(v, Scalar::Number(n) if n.is_infinite()))
}

fn numbers((lower, upper): &(Bound<Scalar>, Bound<Scalar>)) -> Option<Bounds> {
    let number = |scalar: &Scalar| match scalar {
        Scalar::Number(number) => Some(*number),
        _ => None,
    };
    Some(Bounds::Numbers(
        transpose(lower.as_ref().map(number))?,
        transpose(upper.as_ref().map(number))?,
    ))
}

fn texts((lower, upper): (Bound<Scalar>, Bound<Scalar>)) -> Option<Bounds> {
    let text = |scalar| match scalar {
        Scalar::Text(text) => Some(text),
        _ => None,
    };
    Some(Bounds::Texts(
        transpose(lower.map(text))?,
        transpose(upper.map(text))?,
    ))
}

fn transpose<T>(bound: Bound<Option<T>>) -> Option<Bound<T>> {
    match bound {
        Bound::Included(value) => value.map(Bound::Included),
        Bound::Excluded(value) => value.map(Bound::Excluded),
        Bound::Unbounded => Some(Bound::Unbounded),
    }
}
