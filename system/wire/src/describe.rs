//! Describing shapes for the OpenAPI document.

use std::{any::type_name, collections::BTreeMap};

use serde_json::Value;
use utoipa::openapi::{
    Array, ObjectBuilder, Ref, RefOr, Schema, Type,
    schema::{AnyOfBuilder, SchemaType},
};

/// A value that has a schema.
pub trait Describe {
    /// The schema; a named shape is added to `components`, and the result refers to it.
    fn describe(components: &mut Components) -> RefOr<Schema>;
}

/// The named shapes of a document.
#[derive(Default)]
pub struct Components {
    named: BTreeMap<&'static str, Named>,
    collision: Option<NameCollision>,
}

struct Named {
    of: &'static str,
    /// `None` while the schema is built, so that a shape may contain itself.
    schema: Option<Schema>,
}

/// Two types have one component name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("component `{name}` is both `{first}` and `{second}`; rename one of them")]
pub struct NameCollision {
    /// The name.
    pub name: &'static str,
    /// The type that was registered first.
    pub first: &'static str,
    /// The other type.
    pub second: &'static str,
}

impl Components {
    /// A reference to the component `name`, which is the type `T`; `describe` is called when the
    /// component is new.
    pub fn named<T: ?Sized>(
        &mut self,
        name: &'static str,
        describe: impl FnOnce(&mut Self) -> Schema,
    ) -> RefOr<Schema> {
        let of = type_name::<T>();
        match self.named.get(name) {
            Some(known) if known.of != of => {
                self.collision.get_or_insert(NameCollision {
                    name,
                    first: known.of,
                    second: of,
                });
            }
            Some(_) => {}
            None => {
                self.named.insert(name, Named { of, schema: None });
                let schema = Some(describe(self));
                self.named.insert(name, Named { of, schema });
            }
        }
        Ref::from_schema_name(name).into()
    }

    /// The components by name.
    ///
    /// # Errors
    /// [`NameCollision`].
    pub fn finish(self) -> Result<BTreeMap<String, RefOr<Schema>>, NameCollision> {
        if let Some(collision) = self.collision {
            return Err(collision);
        }
        let described =
            |(name, named): (&str, Named)| Some((name.to_owned(), named.schema?.into()));
        Ok(self.named.into_iter().filter_map(described).collect())
    }
}

/// A schema of a simple type.
pub(crate) fn simple(schema_type: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(schema_type)
}

/// The schema, or `null`.
pub(crate) fn or_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) if object.enum_values.is_none() => {
            object.schema_type = with_null(object.schema_type);
            Schema::Object(object).into()
        }
        RefOr::T(Schema::Array(mut array)) => {
            array.schema_type = with_null(array.schema_type);
            Schema::Array(array).into()
        }
        other => AnyOfBuilder::new()
            .item(other)
            .item(simple(Type::Null))
            .into(),
    }
}

fn with_null(schema_type: SchemaType) -> SchemaType {
    match schema_type {
        SchemaType::Type(one) => SchemaType::Array(vec![one, Type::Null]),
        SchemaType::Array(mut several) => {
            several.push(Type::Null);
            SchemaType::Array(several)
        }
        SchemaType::AnyValue => SchemaType::AnyValue,
    }
}

/// The schema with a description and a default value; an empty description and no default change
/// nothing.
pub(crate) fn annotated(
    mut schema: RefOr<Schema>,
    description: &str,
    default: Option<Value>,
) -> RefOr<Schema> {
    if !description.is_empty() {
        let text = description.to_owned();
        match &mut schema {
            RefOr::Ref(reference) => reference.description = text,
            RefOr::T(Schema::Object(object)) => object.description = Some(text),
            RefOr::T(Schema::Array(Array { description, .. })) => *description = Some(text),
            RefOr::T(Schema::OneOf(one_of)) => one_of.description = Some(text),
            RefOr::T(Schema::AnyOf(any_of)) => any_of.description = Some(text),
            RefOr::T(_) => {}
        }
    }
    if default.is_some() {
        match &mut schema {
            RefOr::Ref(reference) => reference.default = default,
            RefOr::T(Schema::Object(object)) => object.default = default,
            RefOr::T(Schema::Array(array)) => array.default = default,
            RefOr::T(Schema::OneOf(one_of)) => one_of.default = default,
            RefOr::T(Schema::AnyOf(any_of)) => any_of.default = default,
            RefOr::T(_) => {}
        }
    }
    schema
}

/// The text of doc comments: each line without the blank before it.
pub(crate) fn doc_text(lines: &[&str]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| line.trim()).collect();
    lines.join("\n")
}
