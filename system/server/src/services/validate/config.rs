//! `[validate]`

use serde::{Deserialize, Serialize};

use crate::config::NonEmptyPath;

/// `[validate]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ValidateConfig {
    /// `validate.roster`: the file of workers; by default there is none, and the roster is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roster: Option<NonEmptyPath>,
}
