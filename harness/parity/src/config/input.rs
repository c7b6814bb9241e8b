//! The `input` of a step: a text, or bytes built from pieces.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};

/// Bytes of an input.
const MAX_INPUT: usize = 64 << 20;

/// An input's bytes.
#[derive(Clone)]
pub(super) struct Input(pub(super) Vec<u8>);

/// One piece of an input.
struct Piece(Vec<u8>);

/// Bytes, written in a short form.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenPiece {
    /// A text that is repeated.
    repeat: Option<String>,
    /// How often it is repeated.
    times: Option<usize>,
    /// Bytes in hexadecimal.
    hex: Option<String>,
    /// Bytes in base64.
    base64: Option<String>,
}

impl JsonSchema for Input {
    fn schema_name() -> Cow<'static, str> {
        "Input".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = generator.subschema_for::<String>();
        let piece = generator.subschema_for::<WrittenPiece>();
        json_schema!({
            "description": "A text, bytes in a short form, or a list of both.",
            "anyOf": [text, piece, { "type": "array", "items": { "anyOf": [text, piece] } }],
        })
    }
}

impl<'de> Deserialize<'de> for Input {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Input, D::Error> {
        struct InputVisitor;
        impl<'de> Visitor<'de> for InputVisitor {
            type Value = Input;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a text, `{ repeat, times }`, `{ hex }`, `{ base64 }` or a list of those",
                )
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Input, E> {
                Ok(Input(text.as_bytes().to_vec()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Input, A::Error> {
                let written =
                    WrittenPiece::deserialize(de::value::MapAccessDeserializer::new(map))?;
                piece(written).map(Input).map_err(de::Error::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut pieces: A) -> Result<Input, A::Error> {
                let mut all = Vec::new();
                while let Some(Piece(piece)) = pieces.next_element()? {
                    all.extend(piece);
                    if all.len() > MAX_INPUT {
                        return Err(de::Error::custom("the input exceeds the limit of 64 MiB"));
                    }
                }
                Ok(Input(all))
            }
        }
        deserializer.deserialize_any(InputVisitor)
    }
}

impl<'de> Deserialize<'de> for Piece {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Piece, D::Error> {
        struct PieceVisitor;
        impl<'de> Visitor<'de> for PieceVisitor {
            type Value = Piece;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, `{ repeat, times }`, `{ hex }` or `{ base64 }`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Piece, E> {
                Ok(Piece(text.as_bytes().to_vec()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Piece, A::Error> {
                let written =
                    WrittenPiece::deserialize(de::value::MapAccessDeserializer::new(map))?;
                piece(written).map(Piece).map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_any(PieceVisitor)
    }
}

fn piece(written: WrittenPiece) -> Result<Vec<u8>, String> {
    match written {
        WrittenPiece {
            repeat: Some(text),
            times: Some(times),
            hex: None,
            base64: None,
        } => {
            let length = text.len().checked_mul(times);
            if length.is_none_or(|length| length > MAX_INPUT) {
                return Err(format!(
                    "`times = {times}` makes the input exceed the limit of 64 MiB"
                ));
            }
            Ok(text.repeat(times).into_bytes())
        }
        WrittenPiece {
            repeat: None,
            times: None,
            hex: Some(hex),
            base64: None,
        } => from_hex(&hex).ok_or_else(|| format!("`{hex}` is not hexadecimal")),
        WrittenPiece {
            repeat: None,
            times: None,
            hex: None,
            base64: Some(text),
        } => base64::engine::general_purpose::STANDARD
            .decode(&text)
            .map_err(|error| format!("`{text}` is not base64: {error}")),
        _ => Err("expected `{ repeat, times }`, `{ hex }` or `{ base64 }`".to_owned()),
    }
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    if digits.len() % 2 == 1 {
        return None;
    }
    Some(
        digits
            .chunks(2)
            .map(|pair| pair[0] * 16 + pair[1])
            .collect(),
    )
}
