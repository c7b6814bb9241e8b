//! Settings of the server: its own, and with a part of its pipeline switched off.

use serde_json::{Map, Value, json};

use super::options::Understand;
use super::results::DEFAULT;

/// Members that are added to every search.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variant {
    pub(super) name: String,
    pub(super) members: Map<String, Value>,
}

impl Variant {
    fn new(name: &str, members: &Value) -> Self {
        Self {
            name: name.to_owned(),
            members: members.as_object().cloned().unwrap_or_default(),
        }
    }

    /// The variant of one setting alone.
    pub(super) fn one(understand: Option<Understand>) -> Self {
        match understand {
            None => Self::new(DEFAULT, &json!({})),
            Some(whether) => Self::new(DEFAULT, &json!({ "understand": whether.as_str() })),
        }
    }

    /// The variant of a server without a part of its understanding.
    pub(super) fn without(part: &str) -> Self {
        Self::new(&format!("without {part}"), &json!({}))
    }

    /// The default, then one variant for each part that the server's OpenAPI document offers to switch
    /// off.
    pub(super) fn all(openapi: &Value) -> Vec<Self> {
        let mut variants = vec![Self::one(None)];
        let schema = &openapi["paths"]["/v1/matrix/search"]["post"]["requestBody"]["content"]["application/json"]
            ["schema"];
        let properties = &resolve(openapi, schema)["properties"];
        let understand = resolve(openapi, &properties["understand"]);
        if names(openapi, understand).contains(&"off") {
            variants.push(Self::new("understand off", &json!({ "understand": "off" })));
        }
        variants
    }
}

/// The schema that a `$ref` points at, or the schema itself.
fn resolve<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let pointer = schema["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'));
    pointer
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(schema)
}

/// The values of an enumeration, which may be spread over alternatives.
fn names<'d>(document: &'d Value, schema: &'d Value) -> Vec<&'d str> {
    let mut names: Vec<&str> = schema["enum"]
        .as_array()
        .into_iter()
        .flatten()
        .chain(std::iter::once(&schema["const"]))
        .filter_map(Value::as_str)
        .collect();
    for alternatives in ["anyOf", "oneOf"] {
        for alternative in schema[alternatives].as_array().into_iter().flatten() {
            names.extend(self::names(document, resolve(document, alternative)));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(understand: &Value) -> Value {
        json!({
            "paths": { "/v1/matrix/search": { "post": { "requestBody": { "content": {
                "application/json": { "schema": { "$ref": "#/components/schemas/Search" } },
            } } } } },
            "components": { "schemas": {
                "Search": { "properties": { "k": {}, "understand": understand } },
                "Understand": { "enum": ["auto", "off"] },
            } },
        })
    }

    #[test]
    fn parts_are_those_that_the_document_offers() {
        let found = |document: &Value| -> Vec<String> {
            let variants = Variant::all(document);
            variants.into_iter().map(|variant| variant.name).collect()
        };
        let reference = json!({ "$ref": "#/components/schemas/Understand" });
        for (understand, expected) in [
            (json!(null), vec!["default"]),
            (json!({ "type": "boolean" }), vec!["default"]),
            (
                json!({ "enum": ["auto", "off"] }),
                vec!["default", "understand off"],
            ),
            (reference.clone(), vec!["default", "understand off"]),
            (
                json!({ "anyOf": [reference, { "type": "null" }] }),
                vec!["default", "understand off"],
            ),
            (
                json!({ "oneOf": [{ "const": "auto" }, { "const": "off" }] }),
                vec!["default", "understand off"],
            ),
        ] {
            assert_eq!(found(&document(&understand)), expected, "{understand}");
        }
        assert_eq!(found(&json!({})), ["default"]);
    }
}
