//! Normalisers hide values that may differ, if they pass a check.

mod check;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::json::{Marked, NodeId, Query, Tree as _, Value, cut};
use crate::observation::value_text;
pub use check::Check;

/// A normaliser of a probe.
#[derive(Debug, Clone)]
pub struct Normaliser {
    /// The part of an observation that it applies to.
    pub part: Part,
    /// The values in that part; none for a header.
    pub path: Option<Query>,
    /// The prefix of the texts that it applies to; none if it applies to all values.
    pub begins: Option<String>,
    /// The check that a hidden value passes.
    pub check: Check,
    /// How a value is hidden.
    pub action: Action,
    /// Why values may differ.
    pub reason: String,
    /// Its file, relative to the root.
    pub file: String,
    /// Its line in that file, from 1.
    pub line: usize,
    /// Its text in that file.
    pub text: String,
}

impl Normaliser {
    fn applies_to(&self, value: Option<&Value>) -> bool {
        match (&self.begins, value) {
            (None, _) => true,
            (Some(begins), Some(Value::String(text))) => {
                text.decoded.starts_with(begins.as_bytes())
            }
            _ => false,
        }
    }
}

/// The part of an observation that a normaliser applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The body, as JSON.
    Body,
    /// Every line of every observed file, as JSON.
    File,
    /// The list of the upstream's requests, as JSON.
    Upstream,
    /// Every value of one header, by lower-case name.
    Header(String),
    /// Every value of one trailer, by lower-case name.
    Trailer(String),
}

impl Part {
    /// Reads `body`, `file`, `upstream`, `header:NAME` or `trailer:NAME`.
    #[must_use]
    pub fn read(text: &str) -> Option<Part> {
        match text {
            "body" => Some(Part::Body),
            "file" => Some(Part::File),
            "upstream" => Some(Part::Upstream),
            _ => {
                let (part, name) = text.split_once(':').filter(|(_, name)| !name.is_empty())?;
                match part {
                    "header" => Some(Part::Header(name.to_lowercase())),
                    "trailer" => Some(Part::Trailer(name.to_lowercase())),
                    _ => None,
                }
            }
        }
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Part::Body => f.write_str("body"),
            Part::File => f.write_str("file"),
            Part::Upstream => f.write_str("upstream"),
            Part::Header(name) => write!(f, "header:{name}"),
            Part::Trailer(name) => write!(f, "trailer:{name}"),
        }
    }
}

/// How a normaliser hides a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// By a placeholder, so that the value must be present.
    Replace,
    /// By removing it, so that the value may be missing.
    Remove,
}

/// A value that a normaliser selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Index of the normaliser in its probe.
    pub normaliser: usize,
    /// Part and normalised path, such as `body:$.elapsed_ms`.
    pub place: String,
    /// Why the value was not hidden, if so.
    pub problem: Option<String>,
}

/// Applies the normalisers of a part to a document. A value that fails its check is not hidden.
pub fn document(
    document: &mut Marked,
    prefix: &str,
    normalisers: &[(usize, &Normaliser)],
    hits: &mut Vec<Hit>,
) {
    for (index, normaliser) in normalisers {
        let Some(query) = &normaliser.path else {
            continue;
        };
        for id in query.select(document) {
            if !normaliser.applies_to(document.json(id)) {
                continue;
            }
            let place = format!("{prefix}{}", document.document().path(id));
            let problem = problem(document, id, normaliser.check, &place);
            if problem.is_none() {
                match normaliser.action {
                    Action::Remove => document.remove(id),
                    Action::Replace => document.replace(id, normaliser.check.name()),
                }
            }
            hits.push(Hit {
                normaliser: *index,
                place,
                problem,
            });
        }
    }
}

fn problem(document: &Marked, id: NodeId, check: Check, place: &str) -> Option<String> {
    // None if an earlier normaliser has replaced the value.
    if document.json(id).is_none_or(|value| check.holds(value)) {
        return None;
    }
    let shown = document.show(id, 200);
    Some(format!(
        "`{place}` is not {}: `{shown}`",
        check.description()
    ))
}

/// Applies the normalisers of a header or trailer to one of its values; none if that is removed.
pub fn header(
    part: &Part,
    value: &[u8],
    normalisers: &[(usize, &Normaliser)],
    hits: &mut Vec<Hit>,
) -> Option<Vec<u8>> {
    let mut result = Some(value.to_vec());
    for (index, normaliser) in normalisers {
        let text = std::str::from_utf8(value);
        let holds = text.is_ok_and(|text| normaliser.check.holds_for_header(text));
        let place = part.to_string();
        hits.push(Hit {
            normaliser: *index,
            problem: (!holds).then(|| {
                format!(
                    "`{place}` is not {}: `{}`",
                    normaliser.check.description(),
                    cut(&value_text(value), 200)
                )
            }),
            place,
        });
        if holds {
            result = match normaliser.action {
                Action::Remove => None,
                Action::Replace => Some(format!("<{}>", normaliser.check.name()).into_bytes()),
            };
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::check::CHECKS;
    use super::{Action, Check, Normaliser, Part, document, header};
    use crate::json::{Document, Marked, Query, Tree as _, parse};

    fn normaliser(path: &str, check: Check, action: Action) -> Normaliser {
        Normaliser {
            part: Part::Body,
            path: Some(Query::read(path).expect("it is a path")),
            begins: None,
            check,
            action,
            reason: String::new(),
            file: String::new(),
            line: 1,
            text: String::new(),
        }
    }

    #[test]
    fn parts_are_read_as_they_are_written() {
        for text in ["body", "file", "upstream", "header:x-id", "trailer:x-id"] {
            let part = Part::read(text).expect("it is a part");
            assert_eq!(part.to_string(), text);
        }
        assert_eq!(Part::read("header:X-Id"), Part::read("header:x-id"));
        for text in ["", "bodies", "header", "header:", "cookie:x"] {
            assert_eq!(Part::read(text), None, "{text}");
        }
    }

    #[test]
    fn checks_are_read_by_their_names() {
        for (name, check) in CHECKS {
            assert_eq!(Check::read(name), Some(*check));
            assert_eq!(check.name(), *name);
            assert!(Check::list().contains(&format!("`{name}`")), "{name}");
        }
        assert_eq!(Check::read("number"), None);
    }

    #[test]
    fn checks_reject_other_values() {
        for (check, good, bad) in [
            (
                Check::Timestamp,
                "\"2026-01-02T03:04:05.123456789Z\"",
                "\"2026-01-02\"",
            ),
            (
                Check::Timestamp,
                "\"2026-01-02T03:04:05+02:00\"",
                "1767322800",
            ),
            (
                Check::Hex32,
                "\"0123456789abcdef0123456789abcdef\"",
                "\"0123456789ABCDEF0123456789abcdef\"",
            ),
            (Check::Number, "0.5", "-0.5"),
            (Check::Number, "12", "\"12\""),
            (Check::Integer, "12", "12.5"),
            (Check::Text, "\"x\"", "\"\""),
            (
                Check::Uuid,
                "\"0193b1c0-0000-7000-8000-000000000001\"",
                "\"0193b1c000007000-8000-000000000001\"",
            ),
            (Check::Url, "\"http://127.0.0.1:1/x\"", "\"127.0.0.1\""),
            (Check::Url, "\"https://x\"", "\"https://\""),
            (Check::Url, "\"http://x/%20y\"", "\"http://x/ y\""),
            (Check::Commit, "\"59807616e-dirty\"", "\"main\""),
            (Check::Commit, "\"5980761\"", "\"598076\""),
            (Check::Commit, "\"5980761\"", "\"release\""),
            (Check::Sha256, &format!("\"{}\"", "a".repeat(64)), "\"aa\""),
        ] {
            for (text, expected) in [(good, true), (bad, false), ("null", false), ("{}", false)] {
                let parsed = parse(text.as_bytes()).expect("it is JSON");
                assert_eq!(
                    check.holds(parsed.value(Document::ROOT)),
                    expected,
                    "{check:?} {text}"
                );
            }
        }
    }

    #[test]
    fn values_that_fail_their_check_are_reported_and_kept() {
        let parsed = parse(br#"{"t":"soon","n":3,"gone":1}"#).expect("it is JSON");
        let mut parsed = Marked::new(parsed);
        let all = [
            normaliser("$.t", Check::Timestamp, Action::Replace),
            normaliser("$.n", Check::Integer, Action::Replace),
            normaliser("$.gone", Check::Number, Action::Remove),
            normaliser("$.absent", Check::Number, Action::Remove),
        ];
        let all: Vec<_> = all.iter().enumerate().collect();
        let mut hits = Vec::new();
        document(&mut parsed, "body:", &all, &mut hits);
        assert_eq!(
            parsed.show(Document::ROOT, 100),
            r#"{"t":"soon","n":<integer>=0>}"#
        );
        let problems: Vec<_> = hits
            .iter()
            .filter_map(|hit| hit.problem.as_deref())
            .collect();
        assert_eq!(problems, ["`body:$.t` is not a timestamp: `\"soon\"`"]);
        assert_eq!(hits.len(), 3);
    }

    #[test]
    fn begins_selects_texts_by_prefix() {
        let parsed = parse(br#"["sorry: no","no","sorry","sorry: ",7]"#).expect("it is JSON");
        let mut parsed = Marked::new(parsed);
        let one = Normaliser {
            begins: Some("sorry: ".to_owned()),
            ..normaliser("$[*]", Check::Text, Action::Replace)
        };
        let mut hits = Vec::new();
        document(&mut parsed, "body:", &[(0, &one)], &mut hits);
        assert_eq!(
            parsed.show(Document::ROOT, 100),
            r#"[<text>,"no","sorry",<text>,7]"#
        );
        assert!(hits.len() == 2 && hits.iter().all(|hit| hit.problem.is_none()));
    }

    #[test]
    fn headers_are_checked() {
        let one = normaliser("$", Check::Hex32, Action::Replace);
        let mut hits = Vec::new();
        let part = Part::Header("x-id".to_owned());
        for wrong in [&b"nope"[..], b"\xff"] {
            let kept = header(&part, wrong, &[(0, &one)], &mut hits);
            assert_eq!(kept.as_deref(), Some(wrong));
        }
        assert!(hits.iter().all(|hit| hit.problem.is_some()));
        let id = "0123456789abcdef0123456789abcdef";
        assert_eq!(
            header(&part, id.as_bytes(), &[(0, &one)], &mut hits).as_deref(),
            Some(&b"<hex32>"[..])
        );
    }
}
