//! The headers of requests, as files write them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use hyper::header::{CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};
use lakehouse_rig::error::Error;
use lakehouse_rig::source::{Source, Spanned};
use lakehouse_rig::template;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

/// The values of a header: a text, or a list of texts. An empty text is an empty list.
#[derive(Clone)]
pub(super) struct Values(Vec<String>);

/// Headers by name.
pub(super) type Written = BTreeMap<String, Spanned<Values>>;

impl JsonSchema for Values {
    fn schema_name() -> Cow<'static, str> {
        "HeaderValues".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = generator.subschema_for::<String>();
        json_schema!({
            "description": "The value of a header, or a list of values that are sent one after another.",
            "anyOf": [text, { "type": "array", "items": text }],
        })
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Values, D::Error> {
        struct ValuesVisitor;
        impl<'de> Visitor<'de> for ValuesVisitor {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<Values, E> {
                let value = Some(text).filter(|text| !text.is_empty());
                Ok(Values(value.map(str::to_owned).into_iter().collect()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some(text) = texts.next_element()? {
                    values.push(text);
                }
                Ok(Values(values))
            }
        }
        deserializer.deserialize_any(ValuesVisitor)
    }
}

/// The values of each header by its lower-case name. A header without values removes that of the
/// probe.
///
/// # Errors
///
/// A name or a value that cannot be sent, with its place.
pub(super) fn read(
    source: &Source,
    written: Written,
) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, values) in written {
        let span = values.span();
        let values = values.into_inner().0;
        for value in &values {
            let text = Spanned::new(span.clone(), value.clone());
            template::check(source, &text, template::OF_REQUESTS)?;
        }
        if let Some((problem, help)) = problem(&name, &values) {
            return Err(source.error(span, problem, "this header", Some(help.to_owned())));
        }
        headers
            .entry(name.to_lowercase())
            .or_default()
            .extend(values);
    }
    Ok(headers)
}

/// Why a header cannot be sent, if so, and what to do.
fn problem(name: &str, values: &[String]) -> Option<(String, &'static str)> {
    let Ok(key) = HeaderName::from_bytes(name.as_bytes()) else {
        return Some((
            format!("`{name}` is not the name of a header"),
            "use letters, digits and `-`",
        ));
    };
    let is_value = |value: &&String| HeaderValue::from_bytes(value.as_bytes()).is_ok();
    if let Some(value) = values.iter().find(|value| !is_value(value)) {
        return Some((
            format!("{value:?} is not a value of the header `{name}`"),
            "remove its control characters",
        ));
    }
    if key == CONTENT_LENGTH && !values.is_empty() {
        return Some((
            "the harness sends `content-length` itself".to_owned(),
            "delete it; it is the length of `input`",
        ));
    }
    if key == TRANSFER_ENCODING && !values.is_empty() && values != ["chunked"] {
        return Some((
            "the harness can only send `transfer-encoding` with the value `chunked`".to_owned(),
            "write `chunked`",
        ));
    }
    None
}
