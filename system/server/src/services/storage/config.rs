//! `[store]`

use serde::{Deserialize, Serialize};

/// `[store]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// `store.url`: where snapshots are kept, `file:///…` or `memory://`, by default the folder
    /// `store` below `data.root`. The logs of what was written since are always below
    /// `data.root`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
