//! Numbers and booleans.

use std::{borrow::Cow, fmt::Write as _};

use lakehouse_json::{Json, MAX_INTEGER, push_f32, push_f64};
use utoipa::openapi::{RefOr, Schema, Type};

use crate::{Components, Describe, Read, Write, describe::simple};

/// An integer from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Count<MIN, MAX> {
    /// The count.
    ///
    /// # Panics
    /// If it is out of range. Call it in constants.
    pub const fn new(value: u32) -> Self {
        assert!(MIN <= value && value <= MAX, "the count is out of range");
        Self(value)
    }

    /// The count that is nearest to `value`.
    pub fn clamped(value: u32) -> Self {
        Self(value.clamp(MIN, MAX))
    }

    /// Its value.
    pub fn get(self) -> u32 {
        self.0
    }

    /// Its value as a length.
    pub fn as_usize(self) -> usize {
        self.0 as usize
    }
}

impl<'a, const MIN: u32, const MAX: u32> Read<'a> for Count<MIN, MAX> {
    const PLURAL: &'static str = "integers";

    fn must_be() -> Cow<'static, str> {
        format!("an integer from {MIN} to {MAX}").into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        let value = u32::try_from(json.as_integer()?).ok()?;
        (MIN..=MAX).contains(&value).then_some(Self(value))
    }
}

impl<const MIN: u32, const MAX: u32> Write for Count<MIN, MAX> {
    fn write(&self, out: &mut String) {
        push_display(out, self.0);
    }
}

impl<const MIN: u32, const MAX: u32> Describe for Count<MIN, MAX> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::Integer)
            .minimum(Some(MIN))
            .maximum(Some(MAX))
            .into()
    }
}

/// An integer of at least `MIN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AtLeast<const MIN: i64>(i64);

impl<const MIN: i64> AtLeast<MIN> {
    /// The nearest such integer within the contract's range.
    pub fn new(value: i64) -> Self {
        Self(value.clamp(MIN, MAX_INTEGER))
    }

    /// The nearest such integer to a length.
    pub fn from_length(value: usize) -> Self {
        Self::new(i64::try_from(value).unwrap_or(MAX_INTEGER))
    }

    /// Its value.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl<'a, const MIN: i64> Read<'a> for AtLeast<MIN> {
    const PLURAL: &'static str = "integers";

    fn must_be() -> Cow<'static, str> {
        format!("an integer of at least {MIN}").into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_integer().filter(|value| *value >= MIN).map(Self)
    }
}

impl<const MIN: i64> Write for AtLeast<MIN> {
    fn write(&self, out: &mut String) {
        push_display(out, self.0);
    }
}

impl<const MIN: i64> Describe for AtLeast<MIN> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::Integer).minimum(Some(MIN as isize)).into()
    }
}

/// A number from `LOW` to `HIGH`, with its original text. Comparisons with the limits are exact. `LOW`
/// must be 0 or `-HIGH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal<'a, const LOW: i32, const HIGH: u32>(&'a str);

impl<'a, const LOW: i32, const HIGH: u32> Decimal<'a, LOW, HIGH> {
    /// The text of a number that is known to be within the limits.
    pub fn carried_over(lexeme: &'a str) -> Self {
        Self(lexeme)
    }

    /// The text of the number.
    pub fn lexeme(self) -> &'a str {
        self.0
    }
}

impl<'a, const LOW: i32, const HIGH: u32> Read<'a> for Decimal<'a, LOW, HIGH> {
    const PLURAL: &'static str = "numbers";

    fn must_be() -> Cow<'static, str> {
        format!("a number from {LOW} to {HIGH}").into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        const {
            let is_known = LOW == 0 || LOW < 0 && LOW.unsigned_abs() == HIGH;
            assert!(is_known, "a range of another form");
        }
        let number = json.as_number()?;
        let is_within = match LOW {
            0 => number.is_from_0_to(u64::from(HIGH)),
            _ => number.is_within(u64::from(HIGH)),
        };
        is_within.then(|| Self(number.lexeme()))
    }
}

impl<const LOW: i32, const HIGH: u32> Write for Decimal<'_, LOW, HIGH> {
    fn write(&self, out: &mut String) {
        out.push_str(self.0);
    }
}

impl<const LOW: i32, const HIGH: u32> Describe for Decimal<'_, LOW, HIGH> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::Number)
            .minimum(Some(LOW))
            .maximum(Some(HIGH))
            .into()
    }
}

impl<'a> Read<'a> for bool {
    const PLURAL: &'static str = "booleans";

    fn must_be() -> Cow<'static, str> {
        "a boolean".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_bool()
    }
}

impl Write for bool {
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

impl Describe for bool {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::Boolean).into()
    }
}

/// Any number, as the nearest double; written with the fewest digits that read back as the same.
impl<'a> Read<'a> for f64 {
    const PLURAL: &'static str = "numbers";

    fn must_be() -> Cow<'static, str> {
        "a number".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_f64()
    }
}

impl Write for f64 {
    fn write(&self, out: &mut String) {
        push_f64(out, *self);
    }

    fn size_hint(&self) -> usize {
        18
    }
}

impl Describe for f64 {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::Number).into()
    }
}

/// Any number, as the nearest double rounded to the nearest float; written with the fewest digits that
/// read back as the same.
impl<'a> Read<'a> for f32 {
    const PLURAL: &'static str = "numbers";

    fn must_be() -> Cow<'static, str> {
        "a number".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_f64().map(|value| value as f32)
    }
}

impl Write for f32 {
    fn write(&self, out: &mut String) {
        push_f32(out, *self);
    }

    fn size_hint(&self) -> usize {
        12
    }
}

impl Describe for f32 {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::Number).into()
    }
}

fn push_display(out: &mut String, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{value}");
}
