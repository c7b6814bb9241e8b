//! Texts with a form of their own.

use std::{
    fmt,
    ops::Deref,
    path::{Path, PathBuf},
};

use axum::http::Uri;
use serde::{Deserialize, Serialize, Serializer};

use super::{MustBe, Raw};

const TEXT: &str = "a text that is not empty (quote what looks like a number)";
/// What a key with a secret accepts. Errors recognise by it which values not to show.
pub(in crate::config) const SECRET: &str = "a secret text (quote what looks like a number)";

/// A text that is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct NonEmptyText(String);

/// A path that is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct NonEmptyPath(PathBuf);

/// An address that begins with `http://` and has no `/` at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct HttpUrl(String);

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Secret(String);

impl NonEmptyText {
    /// A text.
    ///
    /// # Panics
    /// When it is empty.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        assert!(!text.is_empty(), "empty text");
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<Raw> for NonEmptyText {
    type Error = MustBe;

    fn try_from(raw: Raw) -> Result<Self, MustBe> {
        let text = raw.into_text().filter(|text| !text.is_empty());
        text.map(Self).ok_or(TEXT.into())
    }
}

impl NonEmptyPath {
    /// A path.
    ///
    /// # Panics
    /// When it is empty.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        assert!(!path.as_os_str().is_empty(), "empty path");
        Self(path)
    }
}

impl TryFrom<Raw> for NonEmptyPath {
    type Error = MustBe;

    fn try_from(raw: Raw) -> Result<Self, MustBe> {
        Ok(Self(NonEmptyText::try_from(raw)?.0.into()))
    }
}

impl Deref for NonEmptyPath {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl HttpUrl {
    /// `http://127.0.0.1:PORT`
    pub fn local(port: u16) -> Self {
        Self(format!("http://127.0.0.1:{port}"))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for HttpUrl {
    type Err = MustBe;

    fn from_str(text: &str) -> Result<Self, MustBe> {
        let trimmed = text.trim_end_matches('/');
        let uri = trimmed.parse::<Uri>().ok();
        let is_http = uri.is_some_and(|uri| {
            uri.scheme_str() == Some("http")
                && uri.host().is_some_and(|host| !host.is_empty())
                && uri.query().is_none()
        });
        if is_http {
            Ok(Self(trimmed.to_owned()))
        } else {
            Err("an address such as `http://127.0.0.1:11434`; https is not built in".into())
        }
    }
}

impl TryFrom<Raw> for HttpUrl {
    type Error = MustBe;

    fn try_from(raw: Raw) -> Result<Self, MustBe> {
        // A value that is not text is not an address.
        raw.into_text().unwrap_or_default().parse()
    }
}

impl Secret {
    /// The text itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TryFrom<Raw> for Secret {
    type Error = MustBe;

    fn try_from(raw: Raw) -> Result<Self, MustBe> {
        raw.into_text().map(Self).ok_or(SECRET.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(secret)")
    }
}
