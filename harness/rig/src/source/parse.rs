//! Parses TOML, and reports every mistake that can be found, each at its place.
//!
//! A reader stops at its first mistake. What is wrong is therefore removed from the tree and the
//! rest is read again, until nothing is left to report.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

use super::Source;
use crate::error::{Error, near, suggestion};

/// Attempts to read one file.
const MAX_ATTEMPTS: usize = 50;

/// How serde reports a key that a table does not have.
const UNKNOWN_KEY: &str = "unknown field ";

/// Parses the text of a file.
pub(super) fn parse<T: DeserializeOwned>(source: &Source) -> Result<T, Error> {
    let first = match toml::from_str(&source.text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let (document, syntax) = DeTable::parse_recoverable(&source.text);
    if !syntax.is_empty() {
        return Err(Error::several(
            syntax.iter().map(|error| mistake(source, error)).collect(),
        ));
    }
    let whole = document.span();
    let mut table = document.into_inner();
    let mut removed: Vec<Removed> = Vec::new();
    let mut mistakes = Vec::new();
    let mut next = Some(first);
    for _ in 0..MAX_ATTEMPTS {
        let Some(error) = next.take() else {
            break;
        };
        if !is_consequence(&error, &removed) {
            let start = error.span().map(|at| at.start);
            mistakes.push((start, mistake(source, &error)));
        }
        let Some(mut gone) = error.span().and_then(|at| remove(&mut table, &whole, &at)) else {
            break;
        };
        if let Some((name, known)) = unknown(error.message(), UNKNOWN_KEY) {
            gone.key = near(name, &known).first().map(ToString::to_string);
        }
        removed.push(gone);
        let rest = Spanned::new(whole.clone(), table.clone());
        next = T::deserialize(Deserializer::from(rest)).err();
    }
    mistakes.sort_by_key(|(start, _)| *start);
    Err(Error::several(
        mistakes.into_iter().map(|(_, error)| error).collect(),
    ))
}

/// What was removed because it is wrong.
struct Removed {
    /// The key that is now missing: the one with the wrong value, or the one that was misspelled.
    key: Option<String>,
    /// The place of its table.
    table: Range<usize>,
}

/// Whether a key is missing only because it was removed.
fn is_consequence(error: &toml::de::Error, removed: &[Removed]) -> bool {
    let missing = error.message().strip_prefix("missing field ");
    let Some(missing) = missing.map(|name| name.trim_matches('`')) else {
        return false;
    };
    removed.iter().any(|gone| {
        gone.key.as_deref() == Some(missing) && Some(&gone.table) == error.span().as_ref()
    })
}

/// Removes the key at this place, or the smallest value that contains it.
fn remove(table: &mut DeTable<'_>, whole: &Range<usize>, at: &Range<usize>) -> Option<Removed> {
    let is_key = |key: &&Spanned<_>| key.span() == *at;
    if let Some(key) = table.keys().find(is_key).cloned() {
        table.remove(&key);
        return Some(Removed {
            key: None,
            table: whole.clone(),
        });
    }
    for (_, value) in table.iter_mut() {
        let gone = remove_inside(value, at);
        if gone.is_some() {
            return gone;
        }
    }
    let holder = table.iter().find(|(_, value)| contains(value, at));
    let key = holder.map(|(key, _)| key.clone())?;
    table.remove(&key);
    Some(Removed {
        key: Some(key.into_inner().into_owned()),
        table: whole.clone(),
    })
}

fn remove_inside(value: &mut Spanned<DeValue<'_>>, at: &Range<usize>) -> Option<Removed> {
    let whole = value.span();
    match value.get_mut() {
        DeValue::Table(table) => remove(table, &whole, at),
        DeValue::Array(array) => {
            for element in array.iter_mut() {
                let gone = remove_inside(element, at);
                if gone.is_some() {
                    return gone;
                }
            }
            let index = array.iter().position(|element| contains(element, at))?;
            let mut rest = DeArray::new();
            for (place, element) in array.iter().enumerate() {
                if place != index {
                    rest.push(element.clone());
                }
            }
            *array = rest;
            Some(Removed {
                key: None,
                table: whole,
            })
        }
        _ => None,
    }
}

fn contains(value: &Spanned<DeValue<'_>>, at: &Range<usize>) -> bool {
    let place = value.span();
    place.start <= at.start && at.end <= place.end
}

/// The reader's message, and a label for its place.
fn mistake(source: &Source, error: &toml::de::Error) -> Error {
    let at = error.span().unwrap_or(0..0);
    let message = error.message();
    if let Some((name, known)) = unknown(message, UNKNOWN_KEY) {
        return source.error(
            at,
            format!("unknown key `{name}`"),
            "no key has this name here",
            Some(suggestion(name, &known)),
        );
    }
    if let Some((name, known)) = unknown(message, "unknown variant ") {
        return source.error(
            at,
            format!("unknown value `{name}`"),
            "not one of the values",
            Some(suggestion(name, &known)),
        );
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return source.error(
            at,
            format!("{name} is missing"),
            format!("needs {name}"),
            None,
        );
    }
    match message.split_once(", expected ") {
        Some((what, expected)) => {
            let what = what
                .strip_prefix("invalid type: ")
                .or_else(|| what.strip_prefix("invalid value: "))
                .unwrap_or(what);
            let expected = in_words(expected);
            let label = format!("expected {expected}");
            source.error(
                at,
                format!("expected {expected}, found {what}"),
                label,
                None,
            )
        }
        None => source.error(at, message, message, None),
    }
}

/// The name of a Rust type in words.
fn in_words(expected: &str) -> &str {
    match expected {
        "u16" => "an integer from 0 to 65535",
        "u32" => "an integer from 0 to 4294967295",
        "u64" | "usize" => "an integer of at least 0",
        "i64" => "an integer",
        "f64" => "a number",
        other => other,
    }
}

/// The unknown name in a message of serde, and the known ones.
fn unknown<'a>(message: &'a str, prefix: &str) -> Option<(&'a str, Vec<&'a str>)> {
    let mut names = message.strip_prefix(prefix)?.split('`').skip(1).step_by(2);
    Some((names.next()?, names.collect()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::super::Source;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[expect(dead_code, reason = "only read")]
        about: String,
        #[expect(dead_code, reason = "only read")]
        #[serde(default)]
        case: Vec<Case>,
        #[expect(dead_code, reason = "only read")]
        #[serde(default)]
        table: BTreeMap<String, Case>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        #[expect(dead_code, reason = "only read")]
        name: String,
        #[expect(dead_code, reason = "only read")]
        #[serde(default)]
        expect: Expect,
        #[expect(dead_code, reason = "only read")]
        status: Option<u16>,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Expect {
        #[default]
        Ok,
        Error,
    }

    /// Each mistake on a line of its own.
    fn mistakes(text: &str) -> String {
        let source = Source {
            name: "a.toml".to_owned(),
            text: text.to_owned(),
        };
        let error = source.parse::<File>().expect_err("it is wrong");
        error.plain()
    }

    #[test]
    fn every_mistake_is_reported_at_its_place() {
        let text = "abuot = \"x\"\n[[case]]\nname = \"a\"\nexpcet = \"error\"\n[[case]]\nname = 1\nexpect = \"eror\"\nstatus = 70000\n[[case]]\nexpect = \"ok\"\n[table.t]\nnaem = \"x\"\nname = \"y\"\n";
        let found = mistakes(text);
        for expected in [
            "a.toml:1: unknown key `abuot`; did you mean `about`?",
            "a.toml:4: unknown key `expcet`; did you mean `expect`?",
            "a.toml:6: expected a string, found integer `1`",
            "a.toml:7: unknown value `eror`; did you mean `error`?",
            "a.toml:8: expected an integer from 0 to 65535, found integer `70000`",
            "a.toml:9: `name` is missing",
            "a.toml:12: unknown key `naem`; did you mean `name`?",
        ] {
            assert!(found.contains(expected), "no `{expected}` in:\n{found}");
        }
        // A misspelled key and one with a wrong value are not missing as well.
        assert_eq!(found.lines().count(), 7, "{found}");
    }

    #[test]
    fn every_syntax_error_is_reported() {
        let found = mistakes("about = x\n[[case]]\nname = \nstatus = 1\n");
        let lines: Vec<_> = found.lines().map(|line| &line[..9]).collect();
        assert_eq!(lines, ["a.toml:1:", "a.toml:3:"], "{found}");
    }
}
