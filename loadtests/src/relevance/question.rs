//! Questions, and what makes a person right for each.
//!
//! A file has a question on each line, as a JSON object with `q` and the members that a right person
//! needs. The file's name is the name of its group. An absent member and `null` demand nothing.

use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Deserializer};

use crate::exit::UsageError;

/// A question and its truth.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    /// Name of the file.
    pub(super) group: String,
    pub(super) asked: Asked,
}

/// A line of a file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// The text, with placeholders such as `{name}` if a `person` is looked up.
    pub(super) q: String,
    /// Roles, one of which a person works in, first or second.
    #[serde(default, deserialize_with = "one_or_more")]
    pub(super) roles: Vec<String>,
    /// Names of cities, one of which the person lives in.
    #[serde(default, deserialize_with = "one_or_more")]
    pub(super) city: Vec<String>,
    /// Codes of states, likewise.
    #[serde(default, deserialize_with = "one_or_more")]
    pub(super) state: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub(super) not_roles: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub(super) not_city: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub(super) not_state: Vec<String>,
    pub(super) shift: Option<Shift>,
    pub(super) not_shift: Option<Shift>,
    /// Certifications, all of which the person holds.
    #[serde(default, deserialize_with = "one_or_more")]
    pub(super) certs: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub(super) not_certs: Vec<String>,
    /// Skills, all of which the person has.
    #[serde(default, deserialize_with = "one_or_more")]
    pub(super) skills: Vec<String>,
    /// Dollars an hour that are still right.
    pub(super) max_rate: Option<f64>,
    /// Dollars an hour that are no longer right.
    pub(super) below_rate: Option<f64>,
    pub(super) min_years: Option<u64>,
    #[serde(default)]
    pub(super) availability: Availability,
    /// Id of the person who is looked up, and by what.
    pub(super) person: Option<String>,
    pub(super) by: Option<By>,
    /// Whether the corpora have no such person, which the answer must report.
    #[serde(default)]
    pub(super) none: bool,
}

/// A shift as the metadata have it; everyone who works weekends is right for `weekends`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Shift {
    Days,
    Nights,
    Weekends,
}

/// Who is right with regard to availability.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Availability {
    #[default]
    Available,
    Unavailable,
    Any,
}

/// What a person is looked up by; everyone with the same value is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum By {
    Name,
    Phone,
    Email,
    Id,
}

/// Reads the questions of a file.
pub(super) fn read(file: &Path) -> Result<Vec<Question>> {
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("cannot read `{}`", file.display()))?;
    let group = file.file_stem().unwrap_or_default().to_string_lossy();
    parse(&group, &text)
        .map_err(|problem| UsageError(format!("`{}`, {problem}", file.display())).into())
}

fn parse(group: &str, text: &str) -> Result<Vec<Question>, String> {
    let mut questions = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let place = |problem: String| format!("line {}: {problem}", index + 1);
        let asked: Asked = serde_json::from_str(line).map_err(|error| place(error.to_string()))?;
        asked.check().map_err(place)?;
        questions.push(Question {
            group: group.to_owned(),
            asked,
        });
    }
    Ok(questions)
}

impl Asked {
    /// Whether a right person lives in a place that the question names or does not exclude.
    pub(super) fn has_place(&self) -> bool {
        let lists = [&self.city, &self.state, &self.not_city, &self.not_state];
        lists.iter().any(|list| !list.is_empty())
    }

    /// Whether it names something that the person must not have.
    pub(super) fn has_exclusion(&self) -> bool {
        let lists = [
            &self.not_roles,
            &self.not_city,
            &self.not_state,
            &self.not_certs,
        ];
        self.not_shift.is_some() || lists.iter().any(|list| !list.is_empty())
    }

    fn check(&self) -> Result<(), String> {
        if self.q.trim().is_empty() {
            return Err("`q` is blank; expected a question".to_owned());
        }
        if self.person.is_some() != self.by.is_some() {
            return Err("expected both `person` and `by`, or neither".to_owned());
        }
        let demands_nothing = Asked {
            q: self.q.clone(),
            availability: self.availability,
            ..Asked::default()
        };
        if *self == demands_nothing {
            return Err("every person is right; expected a member such as `roles`".to_owned());
        }
        Ok(())
    }
}

fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(String),
        More(Vec<String>),
    }
    Ok(match Option::deserialize(deserializer)? {
        None => Vec::new(),
        Some(OneOrMore::One(text)) => vec![text],
        Some(OneOrMore::More(texts)) => texts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_single_values_lists_and_null() {
        let line = r#"{"q":"cook","roles":["Line Cook"],"city":"Reno","state":null}"#;
        let question = &parse("own", line).unwrap()[0];
        assert_eq!(question.group, "own");
        assert_eq!(question.asked.roles, ["Line Cook"]);
        assert_eq!(question.asked.city, ["Reno"]);
        assert!(question.asked.state.is_empty());
        assert_eq!(question.asked.availability, Availability::Available);
    }

    #[test]
    fn wrong_lines_are_named() {
        for (line, expected) in [
            ("{", "line 2: EOF"),
            (r#"{"q":"a","role":"b"}"#, "line 2: unknown field `role`"),
            (r#"{"q":" ","roles":["b"]}"#, "line 2: `q` is blank"),
            (r#"{"q":"a"}"#, "line 2: every person is right"),
            (r#"{"q":"a","roles":[]}"#, "line 2: every person is right"),
            (
                r#"{"q":"{name}","person":"w-1"}"#,
                "line 2: expected both `person` and `by`",
            ),
        ] {
            let error = parse("own", &format!("\n{line}")).unwrap_err();
            assert!(error.starts_with(expected), "{line}: {error}");
        }
    }

    #[test]
    fn the_files_of_the_repository_can_be_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/relevance");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            count += read(&entry.unwrap().path()).unwrap().len();
        }
        assert!(count >= 300, "{count} questions");
    }
}
