//! The configuration: where it is read from, and how errors in it are reported. It knows no key:
//! each part of the process has its own section, and [`Config`](crate::compose::Config) lists
//! them.
//!
//! In this order, the later ones winning: the defaults; a TOML file (`--config FILE`, else
//! `lakehouse.toml` in the working directory when there is one); environment variables
//! `LAKEHOUSE_…` with two underscores between levels (`LAKEHOUSE_GATEWAY__BIND`); flags. A value
//! in the environment that looks like a number or a boolean is one; quote it to keep it text.
//!
//! An unknown key or a wrong value is a [`ConfigError`], which names the key, the value, what is
//! allowed and where it came from.

mod error;
mod load;
mod value;

pub use self::{
    error::ConfigError,
    load::{Overrides, load},
    value::{HttpUrl, Secret},
};
