//! Validation failures, which have two forms: the current envelope, and the form of old records.

use std::borrow::Cow;

use lakehouse_json::{Json, Object, ObjectWriter};
use utoipa::openapi::{
    ObjectBuilder, RefOr, Schema, Type,
    schema::{AdditionalProperties, OneOfBuilder},
};

use crate::{Array, Components, Describe, Read, Write, describe::simple, object::response};

/// A rule that an artifact breaks, by the rule's stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidationFailure<'a> {
    /// The artifact does not have the right form.
    Schema {
        /// The place: `fills[0].worker_id`.
        field: Cow<'a, str>,
        /// What is wrong there: `is missing`.
        reason: Cow<'a, str>,
    },
    /// Something is absent, too short or too long.
    Completeness {
        /// What is wrong.
        reason: Cow<'a, str>,
    },
    /// The artifact contradicts the roster, the context or itself.
    Consistency {
        /// What is wrong.
        reason: Cow<'a, str>,
    },
    /// The artifact must not be sent.
    Policy {
        /// What is wrong.
        reason: Cow<'a, str>,
    },
}

const SCHEMA: &str = "Schema";
const COMPLETENESS: &str = "Completeness";
const CONSISTENCY: &str = "Consistency";
const POLICY: &str = "Policy";

/// `{"Policy":{"reason":"…"}}`, or in old records `{"Kind":"policy","Reason":"…"}`. Any other
/// variant, member or type is an error.
impl<'a> Read<'a> for ValidationFailure<'a> {
    const PLURAL: &'static str = "failures";

    fn must_be() -> Cow<'static, str> {
        "a validation failure".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        let object = json.as_object()?;
        if object.get("Kind").is_some() {
            read_flat(object)
        } else {
            read_envelope(object)
        }
    }
}

fn read_envelope<'a>(object: &'a Object<'a>) -> Option<ValidationFailure<'a>> {
    let (stage, _) = object.members().next()?;
    if !has_only(object, &[stage]) {
        return None;
    }
    let failure = object.get(stage)?.as_object()?;
    let reason = text(failure, "reason")?;
    match stage {
        SCHEMA if has_only(failure, &["field", "reason"]) => Some(ValidationFailure::Schema {
            field: text(failure, "field")?,
            reason,
        }),
        SCHEMA => None,
        _ if has_only(failure, &["reason"]) => without_field(stage, reason),
        _ => None,
    }
}

fn read_flat<'a>(object: &'a Object<'a>) -> Option<ValidationFailure<'a>> {
    if !has_only(object, &["Kind", "Field", "Reason"]) {
        return None;
    }
    let field = match object.get("Field") {
        Some(field) => Some(field.as_str()?.into()),
        None => None,
    };
    let reason = text(object, "Reason")?;
    match object.get("Kind")?.as_str()? {
        "schema" => Some(ValidationFailure::Schema {
            field: field?,
            reason,
        }),
        "completeness" => without_field(COMPLETENESS, reason),
        "consistency" => without_field(CONSISTENCY, reason),
        "policy" => without_field(POLICY, reason),
        _ => None,
    }
}

fn without_field<'a>(stage: &str, reason: Cow<'a, str>) -> Option<ValidationFailure<'a>> {
    match stage {
        COMPLETENESS => Some(ValidationFailure::Completeness { reason }),
        CONSISTENCY => Some(ValidationFailure::Consistency { reason }),
        POLICY => Some(ValidationFailure::Policy { reason }),
        _ => None,
    }
}

fn has_only(object: &Object<'_>, names: &[&str]) -> bool {
    object.members().all(|(name, _)| names.contains(&name))
}

fn text<'a>(object: &'a Object<'a>, name: &str) -> Option<Cow<'a, str>> {
    object.get(name)?.as_str().map(Cow::Borrowed)
}

impl Write for ValidationFailure<'_> {
    fn write(&self, out: &mut String) {
        let (stage, reason) = match self {
            Self::Schema { reason, .. } => (SCHEMA, reason),
            Self::Completeness { reason } => (COMPLETENESS, reason),
            Self::Consistency { reason } => (CONSISTENCY, reason),
            Self::Policy { reason } => (POLICY, reason),
        };
        let mut envelope = ObjectWriter::new(out);
        envelope.member(stage, |out| {
            let mut failure = ObjectWriter::new(out);
            if let Self::Schema { field, .. } = self {
                failure.string("field", field);
            }
            failure.string("reason", reason);
            failure.finish();
        });
        envelope.finish();
    }

    fn size_hint(&self) -> usize {
        128
    }
}

impl Describe for ValidationFailure<'_> {
    fn describe(components: &mut Components) -> RefOr<Schema> {
        components.named::<Self>("ValidationFailure", |_| {
            let field = ("field", "The place: `fills[0].worker_id`.");
            let reason = ("reason", "What is wrong.");
            let stages = [
                (
                    SCHEMA,
                    "The artifact does not have the right form.",
                    vec![field, reason],
                ),
                (
                    COMPLETENESS,
                    "Something is absent, too short or too long.",
                    vec![reason],
                ),
                (
                    CONSISTENCY,
                    "The artifact contradicts the roster, the context or itself.",
                    vec![reason],
                ),
                (POLICY, "The artifact must not be sent.", vec![reason]),
            ];
            let mut one_of = OneOfBuilder::new()
                .description(Some("A rule that an artifact breaks, by the rule's stage."));
            for (stage, description, members) in stages {
                let mut failure = closed();
                for (name, description) in members {
                    let member = simple(Type::String).description(Some(description));
                    failure = failure.property(name, member).required(name);
                }
                let envelope = closed().property(stage, failure).required(stage);
                one_of = one_of.item(envelope.description(Some(description)));
            }
            one_of.into()
        })
    }
}

fn closed() -> ObjectBuilder {
    simple(Type::Object).additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

response! {
    /// All failures, for `all=true`.
    pub struct ValidationFailures<'a> {
        /// The failures in the order of the rules.
        pub failures: Array<ValidationFailure<'a>, 1, { usize::MAX }>,
    }
}

/// The first failure, or all of them for `all=true`.
#[derive(Debug, Clone, PartialEq)]
pub enum ValidationRefusal<'a> {
    /// The first failure.
    First(ValidationFailure<'a>),
    /// All failures.
    All(ValidationFailures<'a>),
}

impl<'a> Read<'a> for ValidationRefusal<'a> {
    fn must_be() -> Cow<'static, str> {
        "a validation failure, or an object of several".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        let all = || ValidationFailures::read(json).map(Self::All);
        ValidationFailure::read(json).map(Self::First).or_else(all)
    }
}

impl Write for ValidationRefusal<'_> {
    fn write(&self, out: &mut String) {
        match self {
            Self::First(failure) => failure.write(out),
            Self::All(failures) => failures.write(out),
        }
    }

    fn size_hint(&self) -> usize {
        match self {
            Self::First(failure) => failure.size_hint(),
            Self::All(failures) => failures.size_hint(),
        }
    }
}

impl Describe for ValidationRefusal<'_> {
    fn describe(components: &mut Components) -> RefOr<Schema> {
        components.named::<Self>("ValidationRefusal", |components| {
            OneOfBuilder::new()
                .description(Some("The first failure, or all of them for `all=true`."))
                .item(ValidationFailure::describe(components))
                .item(ValidationFailures::describe(components))
                .into()
        })
    }
}

#[cfg(test)]
mod tests {
    use lakehouse_json::parse;

    use super::*;
    use crate::to_text;

    #[test]
    fn both_shapes_are_read_and_the_envelope_is_written() {
        let cases = [
            (
                r#"{"Schema":{"reason":"r","field":"f"}}"#,
                Some(r#"{"Schema":{"field":"f","reason":"r"}}"#),
            ),
            (
                r#"{"Policy":{"reason":"r"}}"#,
                Some(r#"{"Policy":{"reason":"r"}}"#),
            ),
            (
                r#"{"Policy":1,"Policy":{"reason":"r"}}"#,
                Some(r#"{"Policy":{"reason":"r"}}"#),
            ),
            (
                r#"{"Kind":"schema","Field":"f","Reason":"r"}"#,
                Some(r#"{"Schema":{"field":"f","reason":"r"}}"#),
            ),
            (
                r#"{"Kind":"policy","Field":"","Reason":"r"}"#,
                Some(r#"{"Policy":{"reason":"r"}}"#),
            ),
            (
                r#"{"Reason":"r","Kind":"completeness"}"#,
                Some(r#"{"Completeness":{"reason":"r"}}"#),
            ),
            (r#"{"Kind":"schema","Reason":"r"}"#, None),
            (r#"{"Kind":"Schema","Field":"f","Reason":"r"}"#, None),
            (r#"{"Kind":"policy","Field":null,"Reason":"r"}"#, None),
            (r#"{"Kind":"policy","Reason":"r","More":1}"#, None),
            (r#"{"Schema":{"reason":"r"}}"#, None),
            (r#"{"Policy":{"reason":"r","field":"f"}}"#, None),
            (r#"{"Policy":{"reason":null}}"#, None),
            (
                r#"{"Policy":{"reason":"r"},"Schema":{"field":"f","reason":"r"}}"#,
                None,
            ),
            (r#"{"Other":{"reason":"r"}}"#, None),
            ("{}", None),
            ("[]", None),
            ("null", None),
        ];
        for (text, want) in cases {
            let json = parse(text, 128).unwrap();
            let got = ValidationFailure::read(&json).map(|failure| to_text(&failure));
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }
}
