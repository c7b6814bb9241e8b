//! `embed.md`: texts to vectors.

use std::borrow::Cow;

use lakehouse_json::Json;
use utoipa::openapi::{RefOr, Schema, schema::ArrayBuilder};

use crate::{
    Array, AtLeast, Components, Describe, Read, Text, Write,
    object::{request, response},
};

request! {
    /// Texts to embed.
    pub struct EmbedRequest<'a> {
        /// The texts. None of them is blank.
        pub texts: Array<Text<'a>, 1, 256>,
        /// The model's name. Default: the default model of the configured provider.
        pub model: Option<&'a str>,
    }
}

/// A request that any server answers.
pub const EXAMPLE: &str = r#"{"texts":["Need 3 pickers in Detroit MI"],"model":"hash-768"}"#;

response! {
    /// One unit vector for each text, in the texts' order.
    pub struct EmbedAnswer<'a> {
        /// The model that made the vectors.
        pub model: &'a str,
        /// The length of each vector.
        pub dimension: AtLeast<1>,
        /// The vectors.
        pub vectors: Vec<UnitVector<'a>>,
    }
}

response! {
    /// One unit vector for each text, in the texts' order, in the legacy dialect.
    pub struct LegacyEmbedAnswer<'a> {
        /// The model that made the vectors.
        pub model: &'a str,
        /// The length of each vector.
        pub dimensions: AtLeast<1>,
        /// The vectors.
        pub embeddings: Vec<UnitVector<'a>>,
    }
}

/// A vector of length 1. The server keeps vectors as text, so that an answer from its cache is
/// copied and not written again.
#[derive(Debug, Clone, PartialEq)]
pub enum UnitVector<'a> {
    /// The JSON text of the array.
    Text(&'a str),
    /// The components.
    Components(Vec<f32>),
}

impl<'a> Read<'a> for UnitVector<'a> {
    fn must_be() -> Cow<'static, str> {
        Vec::<f32>::must_be()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        Vec::read(json).map(Self::Components)
    }
}

impl Write for UnitVector<'_> {
    fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Components(components) => components.write(out),
        }
    }

    fn size_hint(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Components(components) => components.size_hint(),
        }
    }
}

impl Describe for UnitVector<'_> {
    fn describe(components: &mut Components) -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(f32::describe(components))
            .min_items(Some(1))
            .into()
    }
}
