//! `fixtures/probes/<surface>/probe.toml`: how a surface is tested and its answers are compared.

mod error_when;
mod normaliser;
mod written;

use std::collections::BTreeMap;
use std::time::Duration;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::source::{Source, Spanned};
use lakehouse_rig::template;
use schemars::JsonSchema;
use serde::Deserialize;

use super::case::Case;
use super::{headers, target};
use crate::comparators::Compare;
use crate::json::Query;
use crate::normalise::Normaliser;
pub use error_when::ErrorWhen;
pub use written::schema;
use written::{Envelope, Reset, Written, WrittenHttp, WrittenLine, post, ten_seconds};

/// The smallest [`Probe::noise_runs`], and its default.
const MIN_NOISE_RUNS: usize = 2;
/// The largest [`Probe::noise_runs`].
const MAX_NOISE_RUNS: usize = 20;

/// One surface's probe.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The surface, from the folder's name.
    pub surface: String,
    /// Its transports.
    pub transports: Vec<Transport>,
    /// Whether its cases change state.
    pub writes: bool,
    /// Whether every case gets a fresh process and state.
    pub restart: bool,
    /// The number of rounds. The later ones detect what changes between identical requests.
    pub noise_runs: usize,
    /// HTTP transport.
    pub http: Http,
    /// Line transport.
    pub line: Line,
    /// Files or folders in the state folder that the `files` transport observes.
    pub files: Vec<String>,
    /// How answers are compared.
    pub compare: Compare,
    /// How to recognise an error in an answer without a status.
    pub error_when: Option<ErrorWhen>,
    /// Normalisers, in file order.
    pub normalisers: Vec<Normaliser>,
    /// The answers that its cases should reach.
    pub coverage: Coverage,
    /// All cases, in file order.
    pub cases: Vec<std::sync::Arc<Case>>,
    /// Files without cases, relative to the root.
    pub empty_files: Vec<String>,
}

/// The HTTP transport.
#[derive(Debug, Clone)]
pub struct Http {
    /// Method.
    pub method: String,
    /// Path, relative to the base URL.
    pub path: String,
    /// Values of the headers of every request by lower-case name; may contain `{case}`.
    pub headers: BTreeMap<String, Vec<String>>,
    /// Lower-case names of the headers that are observed.
    pub observe_headers: Vec<String>,
    /// Files or folders in the state folder that are observed.
    pub observe_files: Vec<String>,
    /// Whether requests to the upstream are observed.
    pub observe_upstream: bool,
    /// Time limit for one answer.
    pub timeout: Duration,
}

/// The line transport.
#[derive(Debug, Clone)]
pub struct Line {
    /// Whether a line is `{"status", "body"}` instead of a body.
    pub response: bool,
    /// Time limit for one answer.
    pub timeout: Duration,
}

/// `[coverage]`: the known answers of a surface.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Coverage {
    /// Possible answers: a route and a class, such as `POST /v1/embed 4xx` or `line ok`.
    pub answers: Vec<String>,
    /// Paths whose content is the cases' own data, such as `body:$.value`.
    pub opaque: Vec<String>,
    /// Routes with parameters, such as `/items/{id}`. A path belongs to the first that matches.
    pub routes: Vec<String>,
}

impl Probe {
    /// Reads one probe; its cases are added by the caller.
    ///
    /// # Errors
    ///
    /// Mistakes in the file, with their place.
    pub fn read(surface: &str, source: &Source) -> Result<Probe, Error> {
        let written: Written = source.parse()?;
        let compare = Compare::read(source)?;
        let transports = written.transports.get_ref().clone();
        if transports.is_empty()
            || (transports.contains(&Transport::Http) && written.http.is_none())
        {
            return Err(source.error(
                written.transports.span(),
                format!("probe `{surface}` has incomplete transports"),
                "these transports",
                Some("list at least one of `http`, `line` and `files`; `http` also needs `[http]` with a `path`".to_owned()),
            ));
        }
        let normalisers = written
            .normalise
            .iter()
            .map(|entry| normaliser::read(source, entry, &compare))
            .collect::<Result<_, _>>()?;
        let error_when = match &written.guard {
            Some(guard) => Some(error_when::read(source, guard)?),
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
            noise_runs: noise_runs(source, written.noise_runs.as_ref())?,
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

fn noise_runs(source: &Source, written: Option<&Spanned<usize>>) -> Result<usize, Error> {
    let Some(written) = written else {
        return Ok(MIN_NOISE_RUNS);
    };
    let runs = *written.get_ref();
    if !(MIN_NOISE_RUNS..=MAX_NOISE_RUNS).contains(&runs) {
        return Err(source.error(
            written.span(),
            format!("`noise_runs` must be from {MIN_NOISE_RUNS} to {MAX_NOISE_RUNS}"),
            "this number",
            None,
        ));
    }
    Ok(runs)
}

fn http(source: &Source, written: Option<WrittenHttp>) -> Result<Http, Error> {
    let written = written.unwrap_or(WrittenHttp {
        method: post(),
        path: Spanned::new(0..0, "/".to_owned()),
        headers: BTreeMap::new(),
        observe_headers: Vec::new(),
        observe_files: Vec::new(),
        observe_upstream: false,
        timeout_ms: ten_seconds(),
    });
    template::check(source, &written.path, template::OF_REQUESTS)?;
    target::check(source, &written.path)?;
    Ok(Http {
        method: written.method,
        path: written.path.into_inner(),
        headers: headers::read(source, written.headers)?,
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

fn query(source: &Source, path: &Spanned<String>) -> Result<Query, Error> {
    Query::read(path.get_ref()).map_err(|error| {
        let label = "this path";
        source.error(path.span(), error.to_string(), label, None)
    })
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
    fn noise_runs_have_limits() {
        let read = |runs: &str| {
            let text = format!("about = \"\"\ntransports = [\"line\"]\n{runs}");
            let name = "probe.toml".to_owned();
            Probe::read("s", &Source { name, text })
        };
        let runs = |text: &str| read(text).map(|probe| probe.noise_runs).ok();
        assert_eq!(runs(""), Some(2));
        assert_eq!(runs("noise_runs = 20"), Some(20));
        for text in ["noise_runs = 1", "noise_runs = 21"] {
            let error = read(text).expect_err("it is invalid");
            let message = format!("{:?}", miette::Report::new(error));
            assert!(message.contains("must be from 2 to 20"), "{message}");
        }
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
                "max_depth = 0".to_owned(),
                "`max_depth` must be from 1 to 100000",
            ),
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
            (format!("{rule}ties = \"none\""), "unknown value `none`"),
            (
                format!("{rule}terms = [\"a\"]"),
                "the scale of a `tolerance`, which is 0",
            ),
        ] {
            let message = read(&compare).expect_err("it is invalid");
            assert!(message.contains(expected), "{compare}:\n{message}");
            assert!(message.contains("probe.toml:"), "{compare}:\n{message}");
        }
    }
}
