//! `generate.toml` as it is written.

use std::collections::BTreeMap;
use std::fmt;

use lakehouse_rig::implementation::Transport;
use lakehouse_rig::source::{self, Spanned};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

/// The JSON Schema of `generate.toml`.
pub(crate) fn schema() -> Schema {
    source::schema::<WrittenFile>()
}

/// How the inputs of a surface are generated.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenFile {
    /// The transport: `line` or `http`.
    pub(super) transport: Transport,
    /// The maximum number of inputs.
    pub(super) at_most: Option<u64>,
    /// Whether an input is a sequence of requests; only for `http`.
    #[serde(default)]
    pub(super) steps: bool,
    /// With `steps`: requests before each input, whose answers are not compared.
    #[serde(default)]
    pub(super) clean: Vec<Spanned<String>>,
    /// The time limit for one answer.
    #[serde(default = "two_seconds")]
    pub(super) timeout_ms: u64,
    /// The share of inputs that are damaged, from 0 to 1.
    #[serde(default)]
    pub(super) damage: Option<Spanned<f64>>,
    /// Paths below which the input names the members; they count as one path.
    #[serde(default)]
    pub(super) carried: Vec<String>,
    /// The parts of an input that determine its class: JSON paths, `method`, `path` or `status`.
    #[serde(default)]
    pub(super) class: Option<Spanned<WrittenClass>>,
    /// The shape of an input.
    pub(super) root: Spanned<Written>,
    /// Named shapes.
    #[serde(default)]
    pub(super) shapes: BTreeMap<String, Spanned<Written>>,
}

/// One part of an input, or several.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum WrittenClass {
    One(String),
    Several(Vec<String>),
}

fn two_seconds() -> u64 {
    2_000
}

/// A shape: a string, `$name`, or a table that has its kind.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Written {
    Text(String),
    Table(Box<Table>),
}

/// A shape; exactly one kind.
#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// How often it is chosen among the shapes of `one`.
    pub(super) weight: Option<u32>,
    /// The shape of this name, as `$name`.
    pub(super) of: Option<Spanned<Written>>,
    /// This string.
    pub(super) text: Option<String>,
    /// This JSON, unchanged.
    pub(super) json: Option<String>,
    /// A string that matches a regular expression.
    pub(super) matching: Option<String>,
    /// This string, repeated.
    pub(super) repeat: Option<String>,
    /// How often `repeat` is repeated: at least and at most.
    pub(super) times: Option<[usize; 2]>,
    /// An integer: at least and at most.
    pub(super) integer: Option<[i64; 2]>,
    /// One of these shapes.
    pub(super) one: Option<Vec<Spanned<Written>>>,
    /// An object with these members; `?` at the end of a name makes a member optional.
    pub(super) object: Option<BTreeMap<String, Spanned<Written>>>,
    /// An array of this shape.
    pub(super) array: Option<Spanned<Written>>,
    /// One string of several strings of this shape.
    pub(super) some: Option<Spanned<Written>>,
    /// The separator of `some`.
    pub(super) between: Option<String>,
    /// The number of elements of `array` or `some`: at least and at most.
    pub(super) length: Option<[usize; 2]>,
    /// One array: the elements of arrays, and other values themselves.
    pub(super) chain: Option<Vec<Spanned<Written>>>,
    /// The JSON that the generated string contains.
    pub(super) spelled: Option<Spanned<Written>>,
    /// One string of all.
    pub(super) join: Option<Vec<Spanned<Written>>>,
    /// A value, damaged in a share of inputs.
    pub(super) damaged: Option<Spanned<Written>>,
    /// The share of `damaged`, from 0 to 1.
    pub(super) share: Option<f64>,
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Written, D::Error> {
        struct Shapes;
        impl<'de> Visitor<'de> for Shapes {
            type Value = Written;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, `$name`, or a table with the shape's kind")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Written, E> {
                Ok(Written::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Written, A::Error> {
                let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Written::Table(Box::new(table)))
            }
        }
        deserializer.deserialize_any(Shapes)
    }
}
