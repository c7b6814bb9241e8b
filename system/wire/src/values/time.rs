//! Dates, times of day and durations.

use std::{borrow::Cow, fmt::Write as _, time::Duration};

use jiff::civil;
use lakehouse_base::calendar;
use lakehouse_json::Json;
use utoipa::openapi::{RefOr, Schema, Type};

use crate::{Components, Describe, Read, Write, describe::simple};

/// A day of the years 0001 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub civil::Date);

impl<'a> Read<'a> for Date {
    fn must_be() -> Cow<'static, str> {
        "a date (YYYY-MM-DD)".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        let date = calendar::parse_date(json.as_str()?)?;
        (date.year() >= 1).then_some(Self(date))
    }
}

impl Write for Date {
    fn write(&self, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\"{}\"", self.0);
    }
}

impl Describe for Date {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(
                utoipa::openapi::KnownFormat::Date,
            )))
            .pattern(Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))
            .into()
    }
}

/// A time of day, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay(pub civil::Time);

impl<'a> Read<'a> for TimeOfDay {
    fn must_be() -> Cow<'static, str> {
        "a time (HH:MM)".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        calendar::parse_time(json.as_str()?).map(Self)
    }
}

impl Write for TimeOfDay {
    fn write(&self, out: &mut String) {
        let (hour, minute) = (self.0.hour(), self.0.minute());
        // Writing to a string cannot fail.
        let _ = write!(out, "\"{hour:02}:{minute:02}\"");
    }
}

impl Describe for TimeOfDay {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::String)
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"))
            .into()
    }
}

/// A duration in milliseconds, with three decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milliseconds(pub Duration);

impl<'a> Read<'a> for Milliseconds {
    fn must_be() -> Cow<'static, str> {
        "a number of at least 0".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        let seconds = json.as_f64()? / 1000.0;
        Duration::try_from_secs_f64(seconds).ok().map(Self)
    }
}

impl Write for Milliseconds {
    fn write(&self, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{:.3}", self.0.as_secs_f64() * 1000.0);
    }
}

impl Describe for Milliseconds {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::Number).minimum(Some(0)).into()
    }
}
