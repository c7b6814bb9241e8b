//! `fixtures/probes/<surface>/probe.toml`: how a surface is asked, and what in its answers counts.

use std::collections::BTreeMap;
use std::time::Duration;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::source::Source;
use lakehouse_rig::template;
use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::case::Case;
use crate::comparators::files::Files;
use crate::comparators::{Compare, Form};
use crate::json::{Decimal, Query, Tree as _, parse};
use crate::normalise::{Action, Check, Normaliser, Part};

/// One surface's probe.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The surface, from the folder's name.
    pub surface: String,
    /// What it may be run over.
    pub transports: Vec<Transport>,
    /// Whether it changes state.
    pub writes: bool,
    /// Whether every case gets a fresh process and state.
    pub restart: bool,
    /// HTTP transport.
    pub http: Http,
    /// Line transport.
    pub line: Line,
    /// Files or folders below the state that are observed over the file transport.
    pub files: Vec<String>,
    /// What counts.
    pub compare: Compare,
    /// How an observation without a status is told to be an error.
    pub error_when: Option<ErrorWhen>,
    /// In the order they are written.
    pub normalisers: Vec<Normaliser>,
    /// What should be reached.
    pub coverage: Coverage,
    /// All cases, in file order.
    pub cases: Vec<std::sync::Arc<Case>>,
    /// Files of cases that hold none, relative to the root.
    pub empty_files: Vec<String>,
}

/// How requests are made.
#[derive(Debug, Clone)]
pub struct Http {
    /// Method.
    pub method: String,
    /// Path below the base URL.
    pub path: String,
    /// Sent with every request; may hold `{case}`.
    pub headers: BTreeMap<String, String>,
    /// Lower-case names of the headers that are observed.
    pub observe_headers: Vec<String>,
    /// Files or folders below the state that are observed.
    pub observe_files: Vec<String>,
    /// Whether the upstream's requests are observed.
    pub observe_upstream: bool,
    /// How long one answer may take.
    pub timeout: Duration,
}

/// How lines are read.
#[derive(Debug, Clone)]
pub struct Line {
    /// Whether a line is `{"status", "body"}` rather than the body itself.
    pub response: bool,
    /// How long one answer may take.
    pub timeout: Duration,
}

/// `[coverage]`: what is known of the answers before any is seen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Coverage {
    /// Answers that are possible: a route and a class, such as `POST /v1/embed 4xx` or `line ok`.
    pub answers: Vec<String>,
    /// Places whose content is the cases' own, such as `body:$.value`; nothing below is a place.
    pub opaque: Vec<String>,
    /// Paths with a name in braces for each segment that differs from case to case, such as
    /// `/items/{id}`: whatever fits one, the first, is that route.
    pub routes: Vec<String>,
}

/// `[guard]`: how an answer without a status is told to be an error.
#[derive(Debug, Clone)]
pub struct ErrorWhen {
    /// Where.
    pub path: Query,
    /// The value, as JSON; none when it is enough that there is one.
    pub equals: Option<String>,
    /// Whether it is an error when that does *not* hold (`error_unless`).
    pub negated: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[expect(
        dead_code,
        reason = "for people; the reader only insists that it is there"
    )]
    about: String,
    transports: Spanned<Vec<Transport>>,
    #[serde(default)]
    writes: bool,
    #[serde(default)]
    reset: Reset,
    http: Option<WrittenHttp>,
    line: Option<WrittenLine>,
    files: Option<WrittenFiles>,
    #[expect(dead_code, reason = "`Compare` reads it")]
    compare: Option<IgnoredAny>,
    guard: Option<Spanned<WrittenGuard>>,
    #[serde(default)]
    normalise: Vec<Spanned<WrittenNormaliser>>,
    #[serde(default)]
    coverage: Coverage,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Reset {
    #[default]
    None,
    Restart,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenHttp {
    #[serde(default = "post")]
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    observe_headers: Vec<String>,
    #[serde(default)]
    observe_files: Vec<String>,
    #[serde(default)]
    observe_upstream: bool,
    #[serde(default = "ten_seconds")]
    timeout_ms: u64,
}

fn post() -> String {
    "POST".to_owned()
}

fn ten_seconds() -> u64 {
    10_000
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLine {
    #[serde(default)]
    envelope: Envelope,
    #[serde(default = "ten_seconds")]
    timeout_ms: u64,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Envelope {
    #[default]
    Body,
    Response,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFiles {
    observe: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGuard {
    error_when: Option<WrittenCondition>,
    error_unless: Option<WrittenCondition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCondition {
    path: Spanned<String>,
    equals: Option<toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenNormaliser {
    on: Spanned<String>,
    path: Option<Spanned<String>>,
    begins: Option<String>,
    must_be: Spanned<String>,
    action: Action,
    reason: String,
}

impl Probe {
    /// Reads one probe; its cases are added by the caller.
    ///
    /// # Errors
    ///
    /// Anything wrong in the file, with its place.
    pub fn read(surface: &str, source: &Source) -> Result<Probe, Error> {
        let written: Written = source.parse()?;
        let compare = Compare::read(source)?;
        let transports = written.transports.get_ref().clone();
        if transports.is_empty()
            || (transports.contains(&Transport::Http) && written.http.is_none())
        {
            return Err(source.error(
                written.transports.span(),
                format!("probe `{surface}` does not say how it is run"),
                "these transports",
                Some("name at least one of `http`, `line`, `files`, and write `[http]` with a `path` for `http`".to_owned()),
            ));
        }
        let normalisers = written
            .normalise
            .iter()
            .map(|entry| normaliser(source, entry, &compare))
            .collect::<Result<_, _>>()?;
        let error_when = match &written.guard {
            Some(guard) => Some(condition(source, guard)?),
            None => None,
        };
        let line = written.line.unwrap_or(WrittenLine {
            envelope: Envelope::Body,
            timeout_ms: ten_seconds(),
        });
        Ok(Probe {
            surface: surface.to_owned(),
            transports,
            writes: written.writes,
            restart: written.reset == Reset::Restart,
            http: http(source, written.http)?,
            line: Line {
                response: line.envelope == Envelope::Response,
                timeout: Duration::from_millis(line.timeout_ms),
            },
            files: written.files.map(|files| files.observe).unwrap_or_default(),
            compare,
            error_when,
            normalisers,
            coverage: written.coverage,
            cases: Vec::new(),
            empty_files: Vec::new(),
        })
    }
}

fn http(source: &Source, written: Option<WrittenHttp>) -> Result<Http, Error> {
    let written = written.unwrap_or(WrittenHttp {
        method: post(),
        path: "/".to_owned(),
        headers: BTreeMap::new(),
        observe_headers: Vec::new(),
        observe_files: Vec::new(),
        observe_upstream: false,
        timeout_ms: ten_seconds(),
    });
    for value in written.headers.values() {
        template::check(source, value, template::OF_REQUESTS)?;
    }
    Ok(Http {
        method: written.method,
        path: written.path,
        headers: written
            .headers
            .into_iter()
            .map(|(name, value)| (name.to_lowercase(), value.into_inner()))
            .collect(),
        observe_headers: written
            .observe_headers
            .iter()
            .map(|name| name.to_lowercase())
            .collect(),
        observe_files: written.observe_files,
        observe_upstream: written.observe_upstream,
        timeout: Duration::from_millis(written.timeout_ms),
    })
}

fn normaliser(
    source: &Source,
    entry: &Spanned<WrittenNormaliser>,
    compare: &Compare,
) -> Result<Normaliser, Error> {
    let written = entry.get_ref();
    let on = &written.on;
    let Some(part) = Part::read(on.get_ref()) else {
        return Err(source.error(
            on.span(),
            format!("`{}` is nothing a normaliser works on", on.get_ref()),
            "unknown part",
            Some("parts are `body`, `file`, `upstream` and `header:NAME`".to_owned()),
        ));
    };
    let as_json = match part {
        Part::Body => compare.body.form() == Form::Json,
        Part::File => compare.files == Files::JsonlTree,
        Part::Upstream | Part::Header(_) => true,
    };
    if !as_json {
        return Err(source.error(
            on.span(),
            format!(
                "`{}` is not compared as JSON, so there is nothing to normalise in it",
                on.get_ref()
            ),
            "not JSON here",
            None,
        ));
    }
    let path = match (&part, &written.path) {
        (Part::Header(_), None) if written.begins.is_some() => {
            return Err(source.error(on.span(), "a header has no `begins`", "not needed", None));
        }
        (Part::Header(_), None) => None,
        (Part::Header(_), Some(path)) => {
            return Err(source.error(path.span(), "a header has no `path`", "not needed", None));
        }
        (_, Some(path)) => Some(query(source, path)?),
        (_, None) => {
            return Err(source.error(
                on.span(),
                "a normaliser needs a `path`",
                "where in it?",
                Some("write a JSON path such as `$.elapsed_ms`".to_owned()),
            ));
        }
    };
    let Some(check) = Check::read(written.must_be.get_ref()) else {
        return Err(source.error(
            written.must_be.span(),
            format!("`{}` is not a check", written.must_be.get_ref()),
            "unknown check",
            Some(format!("checks are {}", Check::list())),
        ));
    };
    let span = source.entry(entry.span());
    Ok(Normaliser {
        part,
        path,
        begins: written.begins.clone(),
        check,
        action: written.action,
        reason: written.reason.clone(),
        file: source.name.clone(),
        line: source.line(span.start),
        text: source.text[span].to_owned(),
    })
}

fn query(source: &Source, path: &Spanned<String>) -> Result<Query, Error> {
    Query::read(path.get_ref()).map_err(|error| {
        let label = "not a path that can be used";
        source.error(path.span(), error.to_string(), label, None)
    })
}

fn condition(source: &Source, guard: &Spanned<WrittenGuard>) -> Result<ErrorWhen, Error> {
    let (condition, negated) = match (&guard.get_ref().error_when, &guard.get_ref().error_unless) {
        (Some(condition), None) => (condition, false),
        (None, Some(condition)) => (condition, true),
        _ => {
            return Err(source.error(
                guard.span(),
                "a guard has one condition",
                "this guard",
                Some("write either `error_when` or `error_unless`".to_owned()),
            ));
        }
    };
    Ok(ErrorWhen {
        path: query(source, &condition.path)?,
        equals: condition
            .equals
            .as_ref()
            .map(|value| serde_json::to_string(value).unwrap_or_default()),
        negated,
    })
}

impl ErrorWhen {
    /// Whether the body says that it is an error.
    #[must_use]
    pub fn holds(&self, body: &[u8]) -> bool {
        let Ok(document) = parse(body) else {
            return false;
        };
        let found = self.path.select(&document).iter().any(|id| {
            let Some(wanted) = &self.equals else {
                return true;
            };
            let shown = document.show(*id, 10_000);
            shown == *wanted
                || match (shown.parse::<f64>(), wanted.parse::<f64>()) {
                    (Ok(_), Ok(_)) => Decimal::read(&shown) == Decimal::read(wanted),
                    _ => false,
                }
        });
        found != self.negated
    }
}

#[cfg(test)]
mod tests {
    use lakehouse_rig::source::Source;

    use super::Probe;

    fn read(compare: &str) -> Result<Probe, String> {
        let source = Source {
            name: "probe.toml".to_owned(),
            text: format!("about = \"\"\ntransports = [\"line\"]\n\n[compare]\n{compare}"),
        };
        let probe = Probe::read("s", &source);
        probe.map_err(|error| format!("{:?}", miette::Report::new(error)))
    }

    #[test]
    fn mistakes_in_compare_are_reported() {
        let rule = "body = \"ranking\"\n[[compare.ranking]]\nat = \"$.hits\"\nid = [\"id\"]\nscore = \"s\"\n";
        let probe = read(rule).expect("it is valid");
        assert_eq!(
            probe.compare.body.rules()[0].to_string(),
            "ranking: $.hits by s, at least 1 of the same id, scores within 0, ties in any order"
        );
        for (compare, expected) in [
            ("body = \"jason\"".to_owned(), "unknown comparator `jason`"),
            (
                "body = \"ranking\"".to_owned(),
                "needs `[[compare.ranking]]`",
            ),
            ("body = \"vectors\"".to_owned(), "needs `vectors_at`"),
            ("kee_order = true".to_owned(), "unknown key `kee_order`"),
            (
                "cosine = 0.1".to_owned(),
                "`cosine` does not apply to `body = \"json\"`",
            ),
            (
                "body = \"metrics\"\ntolerance = -1.0".to_owned(),
                "at least 0",
            ),
            (rule.replace("[\"id\"]", "[]"), "needs the members"),
            (format!("{rule}tolerance = -1.0"), "at least 0"),
            (format!("{rule}overlap = 1.5"), "a share from 0 to 1"),
            (format!("{rule}near = [\"x\"]"), "not a path"),
            (format!("{rule}ties = \"none\""), "unknown variant"),
        ] {
            let message = read(&compare).expect_err("it is invalid");
            assert!(message.contains(expected), "{compare}:\n{message}");
            assert!(message.contains("probe.toml:"), "{compare}:\n{message}");
        }
    }
}
