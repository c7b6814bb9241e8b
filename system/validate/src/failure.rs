//! Validation failures and their envelope, which is written in one shape and read in two.

use lakehouse_json::{Json, Object, ObjectWriter};

/// A violation of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidationFailure {
    /// The artifact is malformed.
    Schema {
        /// The field, such as `fills[0].worker_id`.
        field: String,
        /// What is wrong with it, such as `is missing`.
        reason: String,
    },
    /// Something is absent, too short or too long.
    Completeness {
        /// What is wrong.
        reason: String,
    },
    /// The artifact contradicts the roster, the context or itself.
    Consistency {
        /// What is wrong.
        reason: String,
    },
    /// The artifact is well-formed and true, but must not be sent.
    Policy {
        /// What is wrong.
        reason: String,
    },
}

impl ValidationFailure {
    /// The stage's name in the envelope, such as `Schema`.
    pub fn stage(&self) -> &'static str {
        match self {
            Self::Schema { .. } => "Schema",
            Self::Completeness { .. } => "Completeness",
            Self::Consistency { .. } => "Consistency",
            Self::Policy { .. } => "Policy",
        }
    }

    /// What is wrong.
    pub fn reason(&self) -> &str {
        match self {
            Self::Schema { reason, .. }
            | Self::Completeness { reason }
            | Self::Consistency { reason }
            | Self::Policy { reason } => reason,
        }
    }

    /// Appends the envelope: `{"Policy":{"reason":"…"}}`.
    pub fn write(&self, out: &mut String) {
        let mut envelope = ObjectWriter::new(out);
        envelope.member(self.stage(), |out| {
            let mut failure = ObjectWriter::new(out);
            if let Self::Schema { field, .. } = self {
                failure.string("field", field);
            }
            failure.string("reason", self.reason());
            failure.finish();
        });
        envelope.finish();
    }

    /// Reads the envelope, or the old flat shape `{"Kind":"schema","Field":"…","Reason":"…"}`.
    /// Rejects other variants, members and types.
    pub fn read(json: &Json<'_>) -> Option<Self> {
        let object = json.as_object()?;
        if object.get("Kind").is_some() {
            Self::read_flat(object)
        } else {
            Self::read_envelope(object)
        }
    }

    fn read_envelope(object: &Object<'_>) -> Option<Self> {
        let (stage, _) = object.members().next()?;
        if !has_only(object, &[stage]) {
            return None;
        }
        let failure = object.get(stage)?.as_object()?;
        let reason = text(failure, "reason")?;
        match stage {
            "Schema" if has_only(failure, &["field", "reason"]) => Some(Self::Schema {
                field: text(failure, "field")?,
                reason,
            }),
            "Schema" => None,
            _ if has_only(failure, &["reason"]) => Self::without_field(stage, reason),
            _ => None,
        }
    }

    fn read_flat(object: &Object<'_>) -> Option<Self> {
        if !has_only(object, &["Kind", "Field", "Reason"]) {
            return None;
        }
        let field = match object.get("Field") {
            Some(field) => Some(field.as_str()?.to_owned()),
            None => None,
        };
        let reason = text(object, "Reason")?;
        match object.get("Kind")?.as_str()? {
            "schema" => Some(Self::Schema {
                field: field?,
                reason,
            }),
            "completeness" => Self::without_field("Completeness", reason),
            "consistency" => Self::without_field("Consistency", reason),
            "policy" => Self::without_field("Policy", reason),
            _ => None,
        }
    }

    fn without_field(stage: &str, reason: String) -> Option<Self> {
        match stage {
            "Completeness" => Some(Self::Completeness { reason }),
            "Consistency" => Some(Self::Consistency { reason }),
            "Policy" => Some(Self::Policy { reason }),
            _ => None,
        }
    }
}

fn has_only(object: &Object<'_>, names: &[&str]) -> bool {
    object.members().all(|(name, _)| names.contains(&name))
}

fn text(object: &Object<'_>, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use lakehouse_json as json;

    use super::*;

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
            let got = ValidationFailure::read(&json::parse(text, 128).unwrap()).map(|failure| {
                let mut out = String::new();
                failure.write(&mut out);
                out
            });
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }
}
