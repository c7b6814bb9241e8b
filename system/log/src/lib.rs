//! Append-only logs in local files.
//!
//! - [`segments`]: the durable log of one owner, numbered entries of bytes in files that are
//!   dropped once something else holds their entries.
//! - [`json_lines`]: a file of one JSON object per line that several processes append to.
//!
//! Nothing here knows what an entry or a line means.

pub mod json_lines;
pub mod segments;

mod error;

pub use error::LogError;
