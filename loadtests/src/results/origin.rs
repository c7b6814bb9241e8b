//! Where a measured program comes from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a measured program comes from, so that no report takes it for another build.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// A release build of the checkout.
    #[default]
    Checkout,
    /// A release build of another commit.
    Commit {
        /// The commit.
        commit: String,
    },
    /// A binary that the command line names; it may be of any commit and profile.
    Binary {
        /// Path as written.
        path: String,
        /// SHA-256 of its content, in hexadecimal.
        sha256: String,
    },
    /// A server that was already running.
    Running {
        /// Its URL.
        url: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkout => f.write_str("release build of the checkout"),
            Self::Commit { commit } => write!(f, "release build of {commit}"),
            Self::Binary { path, sha256 } => {
                let digest = sha256.get(..12).unwrap_or(sha256);
                write!(f, "binary {path}, sha256 {digest}")
            }
            Self::Running { url } => write!(f, "server at {url}"),
        }
    }
}
