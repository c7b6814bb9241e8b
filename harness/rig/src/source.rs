//! A TOML file with its text, so that an error can show its place.

mod parse;
mod spanned;

use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use miette::NamedSource;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use spanned::Spanned;

use crate::error::{ConfigError, Error, suggestion};

/// The text of a file.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Path relative to the root, `/` separated.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// The JSON Schema of a file that is read as `T`, in the draft that editors of TOML know.
#[must_use]
pub fn schema<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft07().for_deserialize();
    let settings = settings.with_transform(RecursiveTransform(without_null));
    settings.into_generator().into_root_schema_for::<T>()
}

/// Removes `null`, which an optional key has in JSON; TOML has no such value.
fn without_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(forms)) = schema.get_mut("anyOf") {
        forms.retain(|form| form.get("type") != Some(&Value::from("null")));
    }
    if schema.get("default") == Some(&Value::Null) {
        schema.remove("default");
    }
}

impl Source {
    /// Reads `root/name`.
    ///
    /// # Errors
    ///
    /// The file is missing, cannot be read or is not text.
    pub fn read(root: &Path, name: &str) -> Result<Source, Error> {
        let path = root.join(name);
        let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::usage(
                format!("`{}` is missing", path.display()),
                "write the file, or delete what requires it",
            ),
            ErrorKind::InvalidData => Error::usage(
                format!("`{}` is not UTF-8", path.display()),
                "save the file as UTF-8",
            ),
            _ => Error::io("read", &path, error),
        })?;
        Ok(Source {
            name: name.to_owned(),
            text,
        })
    }

    /// Parses the text.
    ///
    /// # Errors
    ///
    /// The text is not TOML or does not fit the type; the error has all mistakes with their places.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        parse::parse(self)
    }

    /// An error at a place of this file.
    #[must_use]
    pub fn error(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        help: Option<String>,
    ) -> Error {
        Error::Config(Box::new(ConfigError {
            message: message.into(),
            label: label.into(),
            help,
            source_code: NamedSource::new(&self.name, self.text.clone()),
            span: span.into(),
        }))
    }

    /// An error about an unknown name at a place of this file, with suggestions.
    #[must_use]
    pub fn unknown(&self, span: Range<usize>, what: &str, name: &str, known: &[&str]) -> Error {
        self.error(
            span,
            format!("unknown {what} `{name}`"),
            format!("no {what} has this name"),
            Some(suggestion(name, known)),
        )
    }

    /// The whole of a `[[table]]`, up to the next header, given the span of its header or of
    /// anything inside.
    #[must_use]
    pub fn entry(&self, span: Range<usize>) -> Range<usize> {
        let line_start = self.text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let start = if self.text[line_start..].starts_with('[') {
            line_start
        } else {
            self.text[..span.start].rfind("\n[").map_or(0, |at| at + 1)
        };
        let next = self.text[start + 1..].find("\n[").map(|at| start + 1 + at);
        let whole = &self.text[start..next.unwrap_or(self.text.len())];
        let with_comments = whole.trim_end();
        // A comment directly before the next entry belongs to that entry.
        let own = with_comments
            .lines()
            .rev()
            .skip_while(|line| line.is_empty() || line.starts_with('#'));
        let count = own.count();
        let length: usize = with_comments
            .split_inclusive('\n')
            .take(count)
            .map(str::len)
            .sum();
        start..start + self.text[start..start + length].trim_end().len()
    }

    /// The number of the line that contains a byte, from 1.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        1 + self.text.as_bytes()[..offset.min(self.text.len())]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn entries_are_found_whole() {
        let source = Source {
            name: "a.toml".to_owned(),
            text: "x = 1\n\n[[t]]\na = 1\n\nb = 2\n\n# about the second\n[[t]]\na = 3\n".to_owned(),
        };
        let first = source.text.find("[[t]]").expect("it is there");
        let second = source.text.rfind("[[t]]").expect("it is there");
        assert_eq!(
            &source.text[source.entry(first..first + 5)],
            "[[t]]\na = 1\n\nb = 2"
        );
        assert_eq!(
            &source.text[source.entry(second..second + 5)],
            "[[t]]\na = 3"
        );
        let inside = source.text.find("b = 2").expect("it is there");
        assert_eq!(
            source.entry(inside..inside + 5),
            source.entry(first..first + 5)
        );
        assert_eq!(source.line(second), 9);
    }
}
