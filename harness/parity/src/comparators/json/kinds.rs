//! The kinds of damage to JSON.

use crate::comparators::damage::Damage;
use crate::difference::DifferenceKind as Kind;

pub(in crate::comparators) const KEY_DROPPED: Damage =
    Damage::new("key dropped", &[Kind::Missing, Kind::DuplicateKey]);
pub(in crate::comparators) const KEY_ADDED: Damage = Damage::new("key added", &[Kind::Extra]);
pub(in crate::comparators) const KEY_RENAMED: Damage =
    Damage::new("key renamed", &[Kind::Missing, Kind::Extra]);
pub(in crate::comparators) const KEYS_SWAPPED: Damage =
    Damage::new("keys swapped", &[Kind::KeyOrder]);
pub(in crate::comparators) const KEY_RESPELLED: Damage =
    Damage::new("key escaped differently", &[Kind::Escape]);
pub(in crate::comparators) const NUMBER_UP: Damage = Damage::new("number plus 1", &[Kind::Value]);
pub(in crate::comparators) const NUMBER_DOWN: Damage =
    Damage::new("number minus 1", &[Kind::Value]);
pub(in crate::comparators) const NUMBER_ULP: Damage =
    Damage::new("number by 1 ulp", &[Kind::Value]);
pub(in crate::comparators) const LAST_DIGIT: Damage =
    Damage::new("last digit changed", &[Kind::Value]).keeping_size();
pub(in crate::comparators) const SIGN: Damage = Damage::new("sign flipped", &[Kind::Value]);
pub(in crate::comparators) const NUMBER_RESPELLED: Damage =
    Damage::new("number written differently", &[Kind::NumberLexeme]);
pub(in crate::comparators) const NUMBER_AS_TEXT: Damage =
    Damage::new("number as text", &[Kind::Type]);
pub(in crate::comparators) const CHARACTER: Damage =
    Damage::new("character changed", &[Kind::Value]).keeping_size();
pub(in crate::comparators) const TEXT_RESPELLED: Damage =
    Damage::new("text escaped differently", &[Kind::Escape]);
pub(in crate::comparators) const BOOL_FLIPPED: Damage =
    Damage::new("boolean flipped", &[Kind::Value]).keeping_size();
pub(in crate::comparators) const NULLED: Damage = Damage::new("value nulled", &[Kind::Type]);
pub(in crate::comparators) const NULL_FILLED: Damage = Damage::new("null filled", &[Kind::Type]);
pub(in crate::comparators) const EMPTIED: Damage = Damage::new(
    "value emptied",
    &[Kind::Value, Kind::Missing, Kind::Length, Kind::Type],
);
pub(in crate::comparators) const ELEMENT_DROPPED: Damage =
    Damage::new("element dropped", &[Kind::Length]);
pub(in crate::comparators) const ELEMENT_DOUBLED: Damage =
    Damage::new("element doubled", &[Kind::Length]);
/// The elements may differ in any way.
pub(in crate::comparators) const ELEMENTS_SWAPPED: Damage =
    Damage::new("elements swapped", SWAPPED);

/// The kinds of difference between two JSON values without rules.
pub(in crate::comparators) const SWAPPED: &[Kind] = &[
    Kind::Value,
    Kind::Type,
    Kind::Missing,
    Kind::Extra,
    Kind::Length,
    Kind::KeyOrder,
    Kind::DuplicateKey,
    Kind::NumberLexeme,
    Kind::Escape,
    Kind::Bytes,
    Kind::TrailingBytes,
];
