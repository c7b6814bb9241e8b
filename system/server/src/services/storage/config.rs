//! `[store]`

use serde::{Deserialize, Serialize};

use crate::config::{MustBe, Raw};

/// `[store]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// `store.url`: where snapshots are kept, `file:///…` or `memory://`, by default the folder
    /// `store` below `data.root`. The logs of what was written since are always below
    /// `data.root`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<StoreUrl>,
}

/// The address of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct StoreUrl(String);

impl StoreUrl {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<Raw> for StoreUrl {
    type Error = MustBe;

    fn try_from(raw: Raw) -> Result<Self, MustBe> {
        let is_url = |url: &String| {
            let path = url.strip_prefix("file:///");
            url == "memory://" || path.is_some_and(|path| !path.is_empty())
        };
        let url = raw.into_text().filter(is_url);
        let must_be = "an address such as `file:///var/lib/lakehouse/store`, or `memory://`";
        url.map(Self).ok_or(must_be.into())
    }
}
