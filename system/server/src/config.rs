//! The configuration: where it is read from, and how mistakes in it are reported. This module knows
//! no key: each part of the process has a section of its own, and
//! [`Config`](crate::compose::Config) lists the sections.
//!
//! The sources, where later ones override earlier ones: the defaults; a TOML file (`--config FILE`,
//! else `lakehouse.toml` in the working directory when there is one); environment variables
//! `LAKEHOUSE_…` with two underscores between levels (`LAKEHOUSE_GATEWAY__BIND`); flags. A value
//! in the environment that looks like a number or a boolean is one; quote it to keep it text.
//!
//! A field's type determines what its key accepts: a type from `value`, or one beside the section.
//! Rules that involve several keys are in [`Checked::check`]. An unknown key or a wrong value is a
//! [`ConfigError`] with the key, the value, what is allowed, and where the value was set.

mod error;
mod load;
mod source;
mod value;

pub(crate) use self::value::whole_number;
pub use self::{
    error::{ConfigError, RuleViolation},
    load::{Checked, Overrides, load},
    value::{
        CacheBytes, HttpUrl, Milliseconds, MustBe, NonEmptyPath, NonEmptyText, Raw, Secret, choice,
    },
};
