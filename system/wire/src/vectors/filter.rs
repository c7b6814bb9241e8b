//! Filters: conditions on metadata (`vector_search.md`, "Filters").

use std::{borrow::Cow, ops::Bound};

use lakehouse_json::{
    ArrayWriter, Fields, Json, Number, Object, ObjectWriter, Value, push_f64, push_string,
};
use utoipa::openapi::{
    ObjectBuilder, RefOr, Schema, Type,
    schema::{AdditionalProperties, AnyOfBuilder, ArrayBuilder, OneOfBuilder, SchemaType},
};

use crate::{Components, Describe, MemberName, Read, ReadError, Write, describe::simple};

/// A condition on the metadata of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter<'a> {
    /// The field, or an element of its array, has the value.
    Eq {
        /// The name of a top-level member.
        field: &'a str,
        /// The value.
        value: Scalar<'a>,
    },
    /// The field, or an element of its array, has one of the values.
    In {
        /// The name of a top-level member.
        field: &'a str,
        /// The values.
        values: Vec<Scalar<'a>>,
    },
    /// The field, or an element of its array, is within the bounds.
    Range {
        /// The name of a top-level member.
        field: &'a str,
        /// The bounds.
        bounds: Bounds<'a>,
    },
    /// The field, or an element of its array, has the value, or is a string of which it is a part.
    Contains {
        /// The name of a top-level member.
        field: &'a str,
        /// The value.
        value: Scalar<'a>,
    },
    /// All of the filters pass.
    And(Vec<Filter<'a>>),
    /// One of the filters passes.
    Or(Vec<Filter<'a>>),
    /// The filter does not pass.
    Not(Box<Filter<'a>>),
}

/// A value that filters compare.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number within the range of a double.
    Number(f64),
    /// A string.
    Text(&'a str),
}

/// The lower and the upper bound of a range, which are of one type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bounds<'a> {
    /// Numbers.
    Numbers(Bound<f64>, Bound<f64>),
    /// Strings.
    Texts(Bound<&'a str>, Bound<&'a str>),
}

/// The largest number of values of an `in`.
const MAX_VALUES: usize = 1000;
/// The largest number of filters of an `and` or an `or`.
const MAX_FILTERS: usize = 64;

const KINDS: [&str; 7] = ["eq", "in", "range", "contains", "and", "or", "not"];

impl<'a> Read<'a> for Filter<'a> {
    const PLURAL: &'static str = "filters";

    fn must_be() -> Cow<'static, str> {
        let kinds = KINDS.map(|kind| format!("`{kind}`")).join(", ");
        format!("an object with exactly one of {kinds}").into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        Self::read_at(json, String::new()).ok()
    }

    fn read_member(json: &'a Json<'a>, name: MemberName<'_>) -> Result<Self, ReadError> {
        Self::read_at(json, name.to_string())
    }
}

impl<'a> Filter<'a> {
    /// Reads the filter at `path`. Reports the first error: outer filters first, elements in order.
    fn read_at(json: &'a Json<'a>, path: String) -> Result<Self, ReadError> {
        let Some((kind, inner)) = only_member(json) else {
            return Err(wrong(path, Self::must_be()));
        };
        let path = format!("{path}.{kind}");
        match kind {
            "eq" => {
                let (field, value) =
                    read_value(inner).ok_or_else(|| wrong(path, value_must_be()))?;
                Ok(Self::Eq { field, value })
            }
            "contains" => {
                let (field, value) =
                    read_value(inner).ok_or_else(|| wrong(path, value_must_be()))?;
                Ok(Self::Contains { field, value })
            }
            "in" => read_in(inner).ok_or_else(|| wrong(path, in_must_be())),
            "range" => read_range(inner).ok_or_else(|| wrong(path, range_must_be())),
            "and" => Ok(Self::And(read_filters(inner, &path)?)),
            "or" => Ok(Self::Or(read_filters(inner, &path)?)),
            _ => Ok(Self::Not(Box::new(Self::read_at(inner, path)?))),
        }
    }
}

fn wrong(path: String, must_be: impl Into<Cow<'static, str>>) -> ReadError {
    let must_be = must_be.into();
    ReadError::Filter { path, must_be }
}

fn value_must_be() -> &'static str {
    "an object of `field`, a string, and `value`, a string, a number, a boolean or null"
}

fn in_must_be() -> String {
    format!(
        "an object of `field`, a string, and `values`, an array of 1 to {MAX_VALUES} strings, \
         numbers, booleans or nulls"
    )
}

fn range_must_be() -> &'static str {
    "an object of `field`, a string, and at least one of `gt` or `gte`, `lt` or `lte`, all numbers \
     or all strings"
}

/// The only member of an object, if it is a kind of filter.
fn only_member<'a>(json: &'a Json<'a>) -> Option<(&'a str, &'a Json<'a>)> {
    let object = json.as_object()?;
    let (kind, _) = object.members().next()?;
    let is_only = Fields::new(object).first_unknown(&[kind]).is_none();
    (KINDS.contains(&kind) && is_only)
        .then_some(kind)
        .zip(object.get(kind))
}

fn read_filters<'a>(json: &'a Json<'a>, path: &str) -> Result<Vec<Filter<'a>>, ReadError> {
    let elements = json.as_array().filter(|all| all.len() <= MAX_FILTERS);
    let Some(elements) = elements else {
        let must_be = format!("an array of at most {MAX_FILTERS} filters");
        return Err(wrong(path.to_owned(), must_be));
    };
    let read = |(at, json)| Filter::read_at(json, format!("{path}[{at}]"));
    elements.iter().enumerate().map(read).collect()
}

fn read_value<'a>(json: &'a Json<'a>) -> Option<(&'a str, Scalar<'a>)> {
    let (field, object) = field_and(json, &["value"])?;
    let value = Scalar::read(object.get("value")?)?;
    Some((field, value))
}

fn read_in<'a>(json: &'a Json<'a>) -> Option<Filter<'a>> {
    let (field, object) = field_and(json, &["values"])?;
    let values = object.get("values")?.as_array()?;
    if !(1..=MAX_VALUES).contains(&values.len()) {
        return None;
    }
    let values = values.iter().map(Scalar::read).collect::<Option<_>>()?;
    Some(Filter::In { field, values })
}

fn read_range<'a>(json: &'a Json<'a>) -> Option<Filter<'a>> {
    let (field, object) = field_and(json, &["gt", "gte", "lt", "lte"])?;
    let lower = read_bound(object, "gt", "gte")?;
    let upper = read_bound(object, "lt", "lte")?;
    if let (Bound::Unbounded, Bound::Unbounded) = (lower, upper) {
        return None;
    }
    let numbers = transpose(lower.map(Scalar::number)).zip(transpose(upper.map(Scalar::number)));
    let texts = || transpose(lower.map(Scalar::text)).zip(transpose(upper.map(Scalar::text)));
    let bounds = match numbers {
        Some((lower, upper)) => Bounds::Numbers(lower, upper),
        None => texts().map(|(lower, upper)| Bounds::Texts(lower, upper))?,
    };
    Some(Filter::Range { field, bounds })
}

/// The field's name and the object, if it has no members but `field` and the `others`.
fn field_and<'a>(json: &'a Json<'a>, others: &[&str]) -> Option<(&'a str, &'a Object<'a>)> {
    let object = json.as_object()?;
    let field = object.get("field")?.as_str()?;
    let mut names = object.members().map(|(name, _)| name);
    names
        .all(|name| name == "field" || others.contains(&name))
        .then_some((field, object))
}

/// The bound in one of the two members; `None` if both exist.
fn read_bound<'a>(
    object: &'a Object<'a>,
    excluded: &str,
    included: &str,
) -> Option<Bound<Scalar<'a>>> {
    match (object.get(excluded), object.get(included)) {
        (Some(json), None) => Scalar::read(json).map(Bound::Excluded),
        (None, Some(json)) => Scalar::read(json).map(Bound::Included),
        (None, None) => Some(Bound::Unbounded),
        (Some(_), Some(_)) => None,
    }
}

fn transpose<T>(bound: Bound<Option<T>>) -> Option<Bound<T>> {
    match bound {
        Bound::Included(value) => value.map(Bound::Included),
        Bound::Excluded(value) => value.map(Bound::Excluded),
        Bound::Unbounded => Some(Bound::Unbounded),
    }
}

impl<'a> Scalar<'a> {
    fn read(json: &'a Json<'a>) -> Option<Self> {
        match json.value() {
            Value::Null => Some(Self::Null),
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::Number(number) => finite(*number).map(Self::Number),
            Value::String(text) => Some(Self::Text(text)),
            Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The nearest double. Filters do not accept numbers beyond their range.
fn finite(number: Number<'_>) -> Option<f64> {
    Some(number.as_f64()).filter(|value| value.is_finite())
}

impl Write for Filter<'_> {
    fn write(&self, out: &mut String) {
        let mut object = ObjectWriter::new(out);
        match self {
            Self::Eq { field, value } => object.member("eq", |out| write_value(field, *value, out)),
            Self::Contains { field, value } => {
                object.member("contains", |out| write_value(field, *value, out))
            }
            Self::In { field, values } => object.member("in", |out| {
                let mut within = ObjectWriter::new(out);
                within
                    .string("field", field)
                    .member("values", |out| write_array(values, out));
                within.finish();
            }),
            Self::Range { field, bounds } => object.member("range", |out| {
                let mut range = ObjectWriter::new(out);
                range.string("field", field);
                let (lower, upper) = bounds.scalars();
                write_bound(lower, "gt", "gte", &mut range);
                write_bound(upper, "lt", "lte", &mut range);
                range.finish();
            }),
            Self::And(filters) => object.member("and", |out| write_array(filters, out)),
            Self::Or(filters) => object.member("or", |out| write_array(filters, out)),
            Self::Not(filter) => object.member("not", |out| filter.write(out)),
        };
        object.finish();
    }

    fn size_hint(&self) -> usize {
        match self {
            Self::And(filters) | Self::Or(filters) => filters.size_hint() + 8,
            Self::Not(filter) => filter.size_hint() + 8,
            _ => 64,
        }
    }
}

fn write_value(field: &str, value: Scalar<'_>, out: &mut String) {
    let mut object = ObjectWriter::new(out);
    object
        .string("field", field)
        .member("value", |out| value.write(out));
    object.finish();
}

fn write_array(elements: &[impl Write], out: &mut String) {
    let mut array = ArrayWriter::new(out);
    for element in elements {
        array.element(|out| element.write(out));
    }
    array.finish();
}

fn write_bound(
    bound: Bound<Scalar<'_>>,
    excluded: &str,
    included: &str,
    range: &mut ObjectWriter<'_>,
) {
    match bound {
        Bound::Excluded(value) => {
            range.member(excluded, |out| value.write(out));
        }
        Bound::Included(value) => {
            range.member(included, |out| value.write(out));
        }
        Bound::Unbounded => {}
    }
}

impl<'a> Bounds<'a> {
    fn scalars(self) -> (Bound<Scalar<'a>>, Bound<Scalar<'a>>) {
        match self {
            Self::Numbers(lower, upper) => (lower.map(Scalar::Number), upper.map(Scalar::Number)),
            Self::Texts(lower, upper) => (lower.map(Scalar::Text), upper.map(Scalar::Text)),
        }
    }
}

impl Write for Scalar<'_> {
    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => value.write(out),
            Self::Number(number) => push_f64(out, *number),
            Self::Text(text) => push_string(out, text),
        }
    }
}

impl Describe for Filter<'_> {
    fn describe(components: &mut Components) -> RefOr<Schema> {
        components.named::<Self>("Filter", |components| {
            let several = || ArrayBuilder::new().max_items(Some(MAX_FILTERS));
            let filter = Self::describe(components);
            let kinds: [(&str, RefOr<Schema>); 7] = [
                ("eq", condition("value", scalar()).into()),
                ("in", condition("values", values()).into()),
                ("range", range().into()),
                ("contains", condition("value", scalar()).into()),
                ("and", several().items(filter.clone()).into()),
                ("or", several().items(filter.clone()).into()),
                ("not", filter),
            ];
            let description = "A condition on the metadata of an item: an object with exactly one \
                               member.";
            let mut one_of = OneOfBuilder::new().description(Some(description));
            for (kind, schema) in kinds {
                one_of = one_of.item(closed().property(kind, schema).required(kind));
            }
            one_of.into()
        })
    }
}

/// The object of a condition: `field` and the member `name`.
fn condition(name: &str, schema: impl Into<RefOr<Schema>>) -> ObjectBuilder {
    with_field().property(name, schema).required(name)
}

fn with_field() -> ObjectBuilder {
    let field = simple(Type::String).description(Some("The name of a top-level member."));
    closed().property("field", field).required("field")
}

fn closed() -> ObjectBuilder {
    simple(Type::Object).additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

fn scalar() -> ObjectBuilder {
    let types = [Type::String, Type::Number, Type::Boolean, Type::Null];
    ObjectBuilder::new().schema_type(SchemaType::from_iter(types))
}

fn values() -> ArrayBuilder {
    ArrayBuilder::new()
        .items(scalar())
        .min_items(Some(1))
        .max_items(Some(MAX_VALUES))
}

/// One variant for each type of bounds and each pair of their names, because a schema has no simpler way
/// to exclude `gt` together with `gte`.
fn range() -> AnyOfBuilder {
    let mut any_of = AnyOfBuilder::new();
    for bound_type in [Type::Number, Type::String] {
        for (lower, upper) in [("gt", "lt"), ("gt", "lte"), ("gte", "lt"), ("gte", "lte")] {
            let variant = with_field()
                .property(lower, simple(bound_type.clone()))
                .property(upper, simple(bound_type.clone()))
                .min_properties(Some(2));
            any_of = any_of.item(variant);
        }
    }
    any_of
}
