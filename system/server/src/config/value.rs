//! Values that carry their own rule: a field's type determines what its key accepts.
//!
//! A type reads itself from [`Raw`] (`#[serde(try_from = "Raw")]`) and rejects with [`MustBe`],
//! which completes the sentence "it must be …". A fixed set of words is an enum read by
//! [`choice`].

mod number;
mod text;

use std::{borrow::Cow, fmt};

use clap::ValueEnum;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};

pub(crate) use self::number::whole_number;
pub(super) use self::text::SECRET;
pub use self::{
    number::{CacheBytes, Milliseconds},
    text::{HttpUrl, NonEmptyPath, NonEmptyText, Secret},
};

/// A value as the file, the environment or a flag has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw {
    /// A string.
    Text(String),
    /// A number without a fraction.
    Whole(i128),
    /// A number with a fraction.
    Fraction(f64),
    /// A boolean.
    Boolean(bool),
    /// A list or a table, which no single key accepts.
    Other,
}

/// What a key accepts, for the sentence "it must be …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MustBe(Cow<'static, str>);

impl From<&'static str> for MustBe {
    fn from(text: &'static str) -> Self {
        Self(text.into())
    }
}

impl From<String> for MustBe {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl Raw {
    /// The text, if it is one.
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one without a sign and a fraction.
    pub fn as_whole(&self) -> Option<u64> {
        match self {
            Self::Whole(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Whole(number) => Some(*number as f64),
            Self::Fraction(number) => Some(*number),
            _ => None,
        }
    }
}

/// Reads one of an enum's words.
///
/// # Errors
/// The list of words.
pub fn choice<'de, D: Deserializer<'de>, T: ValueEnum>(deserializer: D) -> Result<T, D::Error> {
    let text = Raw::deserialize(deserializer)?.into_text();
    let chosen = text.and_then(|text| T::from_str(&text, false).ok());
    chosen.ok_or_else(|| {
        let words = T::value_variants().iter();
        let words = words.filter_map(ValueEnum::to_possible_value);
        let words: Vec<_> = words.map(|word| format!("`{}`", word.get_name())).collect();
        D::Error::custom(format!("one of {}", words.join(", ")))
    })
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Whole(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Whole(number.into()))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Raw, E> {
        Ok(Raw::Whole(number))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Raw, E> {
        Ok(i128::try_from(number).map_or(Raw::Other, Raw::Whole))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Raw, E> {
        Ok(Raw::Fraction(number))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Raw, E> {
        Ok(Raw::Boolean(flag))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Raw, A::Error> {
        Ok(Raw::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Raw, A::Error> {
        Ok(Raw::Other)
    }
}
