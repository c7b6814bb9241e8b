//! Texts with placeholders, such as `{root}` or `{port}`.
//!
//! A placeholder is a lower-case word between braces. All other braces are ordinary text, so that
//! shell scripts and JSON need no escaping.

use std::collections::BTreeMap;

use crate::error::{Error, quoted};
use crate::source::{Source, Spanned};

/// The placeholders of a server.
pub const OF_SERVERS: &[&str] = &["port", "root", "state", "surface", "target", "upstream"];
/// The placeholders of every other process.
pub const OF_COMMANDS: &[&str] = &["root", "state", "surface", "target", "upstream"];
/// The placeholders of a build.
pub const OF_BUILDS: &[&str] = &["root", "target"];
/// The placeholders of a server under load: `{corpus}` is the folder of the generated people, and
/// `{binary}` is the program that was built.
pub const OF_LOADS: &[&str] = &[
    "binary", "corpus", "port", "root", "state", "target", "upstream",
];
/// The placeholders of a request.
pub const OF_REQUESTS: &[&str] = &["case"];

/// Values, by placeholder.
pub type Values = BTreeMap<&'static str, String>;

/// The text with every placeholder that has a value replaced.
#[must_use]
pub fn fill(text: &str, values: &Values) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, name, after)) = next(rest) {
        out.push_str(before);
        match values.get(name) {
            Some(value) => out.push_str(value),
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether the text contains this placeholder.
#[must_use]
pub fn mentions(text: &str, placeholder: &str) -> bool {
    names(text).contains(&placeholder)
}

/// Checks that every placeholder is one of `known`.
///
/// # Errors
///
/// The first unknown placeholder, with its place.
pub fn check(source: &Source, text: &Spanned<String>, known: &[&str]) -> Result<(), Error> {
    let Some(unknown) = names(text.get_ref())
        .into_iter()
        .find(|name| !known.contains(name))
    else {
        return Ok(());
    };
    Err(source.error(
        text.span(),
        format!("`{{{unknown}}}` in `{}` is not a placeholder", source.name),
        "unknown placeholder",
        Some(format!("placeholders here are {}", quoted(known))),
    ))
}

fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, name, after)) = next(rest) {
        names.push(name);
        rest = after;
    }
    names
}

/// The text before the next placeholder, the placeholder, and the text after it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text[from..].find('{')?;
        let behind = &text[open + 1..];
        let length = behind
            .find(|c: char| !c.is_ascii_lowercase() && c != '_')
            .unwrap_or(behind.len());
        if length > 0 && behind[length..].starts_with('}') {
            return Some((&text[..open], &behind[..length], &behind[length + 1..]));
        }
        from = open + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Values, fill, mentions, names};

    #[test]
    fn fills_placeholders_and_leaves_other_braces_alone() {
        let values = Values::from([("port", "8080".to_owned()), ("root", "/r".to_owned())]);
        assert_eq!(
            fill(
                "{root}/x --port={port} {\"a\":{}} { port } {{port}}",
                &values
            ),
            "/r/x --port=8080 {\"a\":{}} { port } {8080}"
        );
        assert_eq!(names("{a}{B}{c_d} {"), ["a", "c_d"]);
        assert!(mentions("x{state}", "state"));
        assert!(!mentions("x{states}", "state"));
    }
}
