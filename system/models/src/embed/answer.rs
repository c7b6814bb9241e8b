//! Reading the answers of embedding providers.
//!
//! Answers are large (256 vectors as text are megabytes), so numbers are read directly into
//! vectors. The last of repeated members counts, and names may contain any escape.

use std::fmt;

use crate::upstream::Upstream;
use lakehouse_base::UpstreamFault;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{EmbedError, EmbedRequest, Embedding};

/// Posts `body` and returns the answer's bytes. A status 404 means that the upstream does not know
/// the model, or that its address is wrong.
pub(crate) async fn post(
    upstream: &Upstream,
    path: &'static str,
    body: String,
    request: EmbedRequest<'_>,
) -> Result<Vec<u8>, EmbedError> {
    upstream
        .post(path, body)
        .await
        .map_err(|error| match error.fault {
            UpstreamFault::Status { status: 404, words } => EmbedError::NotFound {
                model: request.model.to_owned(),
                provider: upstream.provider(),
                path,
                words,
            },
            _ => error.into(),
        })
}

/// The last member called `name` of a JSON object.
pub(crate) fn member<'a>(json: &'a str, name: &'static str) -> Option<&'a RawValue> {
    struct Member(&'static str);

    impl<'de> Visitor<'de> for Member {
        type Value = Option<&'de RawValue>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            while let Some(Name(name)) = map.next_key()? {
                if name == self.0.as_bytes() {
                    found = Some(map.next_value()?);
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(found)
        }
    }

    let mut deserializer = serde_json::Deserializer::from_str(json);
    let found = deserializer.deserialize_map(Member(name)).ok()?;
    deserializer.end().ok()?;
    found
}

/// The unit vectors of an answer, which must have `count` vectors of one dimension.
pub(crate) fn unit_vectors(raw: Vec<Vec<f64>>, count: usize) -> Option<Vec<Embedding>> {
    let dimension = raw.first()?.len();
    if raw.len() != count || raw.iter().any(|vector| vector.len() != dimension) {
        return None;
    }
    raw.iter()
        .map(|vector| Embedding::normalised(vector))
        .collect()
}

/// A member's name as bytes, because a lone surrogate is not an error here.
struct Name(Vec<u8>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyName;

        impl Visitor<'_> for AnyName {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Name, E> {
                Ok(Name(bytes.to_vec()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Name, E> {
                Ok(Name(text.as_bytes().to_vec()))
            }
        }

        deserializer.deserialize_bytes(AnyName)
    }
}
