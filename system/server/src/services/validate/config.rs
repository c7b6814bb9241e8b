//! `[validate]`

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[validate]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ValidateConfig {
    /// `validate.roster`: the file of workers, by default none, and the roster is
    /// empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roster: Option<PathBuf>,
}
