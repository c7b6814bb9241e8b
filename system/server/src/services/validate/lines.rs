//! The helpers `extract_json` and `validate`.

mod extract_json;
mod validate;

use crate::lines::HelperSpec;

/// The helpers of this service.
pub const HELPERS: &[HelperSpec] = &[extract_json::HELPER, validate::HELPER];
