//! The configuration: where it is read from, and how errors in it are reported. It knows no key:
//! each part of the process has its own section, and [`Config`](crate::compose::Config) lists
//! them.
//!
//! In this order, the later ones winning: the defaults; a TOML file (`--config FILE`, else
//! `lakehouse.toml` in the working directory when there is one); environment variables
//! `LAKEHOUSE_…` with two underscores between levels (`LAKEHOUSE_GATEWAY__BIND`); flags. A value
//! in the environment that looks like a number or a boolean is one; quote it to keep it text.
//!
//! What a key takes is the type of its field, one of those in `value` or beside the section; what
//! one key asks of another is in [`Checked::check`]. An unknown key or a wrong value is a [`ConfigError`], which names the key, the value, what is
//! allowed and where it came from.

mod error;
mod load;
mod value;

pub(crate) use self::value::whole_number;
pub use self::{
    error::{ConfigError, RuleViolation},
    load::{Checked, Overrides, load},
    value::{
        CacheBytes, HttpUrl, Milliseconds, MustBe, NonEmptyPath, NonEmptyText, Raw, Secret, choice,
    },
};
