//! `report.json`: the machine-readable report.
//!
//! `schema_version`, `commit`, `started_at`, `duration_ms`, `implementations`, `results`,
//! `mutation`, `generated`, `verdict` and `replacements` are stable; the other fields are for debugging.
//! `complete` is the last field: a report without it was cut short.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use lakehouse_rig::implementation::Transport;
use lakehouse_rig::text;
use serde::Serialize;

use crate::observation::{Failure, Headers, Observation, ScriptUse, Step, value_text};
use crate::outcome::{
    CaseInput, CaseOutcome, CaseVerdict, ImplementationRun, JudgedDifference, LedgerFailure,
    Mutation, Noise, NormaliserOutcome, PinOutcome, Replacement, Run, RunVerdict, SurfaceResult,
};

/// The version of the format.
///
/// 2 added `replacements`, the requests in `inputs`, and the numbers of what was left out.
pub const SCHEMA_VERSION: u32 = 2;

/// Differences listed for a case. `docs/parity-guide.md` names the number.
pub(crate) const MAX_DIFFERENCES: usize = 1_000;

/// Places listed for a normaliser.
const MAX_PLACES: usize = 1_000;

/// Characters of a text; longer texts are shortened.
const MAX_TEXT: usize = 64_000;

/// The report as text, with a newline at its end.
pub fn render(run: &Run) -> io::Result<String> {
    let mut text = serde_json::to_string_pretty(&Report::new(run))?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    commit: Option<&'a str>,
    started_at: jiff::Timestamp,
    duration_ms: u64,
    seed: u64,
    reference: &'a str,
    filtered: bool,
    implementations: &'a [ImplementationRun],
    results: &'a [SurfaceResult],
    mutation: Option<&'a Mutation>,
    generated: Option<&'a crate::outcome::Generated>,
    verdict: RunVerdict,
    replacements: &'a [Replacement],
    inconclusive: &'a [String],
    infrastructure: &'a [String],
    notices: &'a [String],
    ledger_failures: &'a [LedgerFailure],
    divergences: &'a [PinOutcome],
    normalisers: Vec<Normaliser>,
    coverage: &'a [crate::outcome::SurfaceCoverage],
    cases: Vec<Case<'a>>,
    complete: bool,
}

impl<'a> Report<'a> {
    fn new(run: &'a Run) -> Report<'a> {
        Report {
            schema_version: SCHEMA_VERSION,
            commit: run.commit.as_deref(),
            started_at: run.started_at,
            duration_ms: run.duration_ms,
            seed: run.seed,
            reference: &run.reference,
            filtered: run.filtered,
            implementations: &run.implementations,
            results: &run.results,
            mutation: run.mutation.as_ref(),
            generated: run.generated.as_ref(),
            verdict: run.verdict,
            replacements: &run.replacements,
            inconclusive: &run.inconclusive,
            infrastructure: &run.infrastructure,
            notices: &run.notices,
            ledger_failures: &run.ledger_failures,
            divergences: &run.divergences,
            normalisers: run.normalisers.iter().map(Normaliser::new).collect(),
            coverage: &run.coverage,
            cases: run.cases.iter().map(Case::new).collect(),
            complete: true,
        }
    }
}

#[derive(Serialize)]
struct Normaliser {
    #[serde(flatten)]
    outcome: NormaliserOutcome,
    /// Number of further places.
    #[serde(skip_serializing_if = "is_zero")]
    places_left_out: usize,
}

impl Normaliser {
    fn new(outcome: &NormaliserOutcome) -> Normaliser {
        let mut outcome = outcome.clone();
        let places_left_out = outcome.places.len().saturating_sub(MAX_PLACES);
        outcome.places.truncate(MAX_PLACES);
        Normaliser {
            outcome,
            places_left_out,
        }
    }
}

/// `inputs`, `left` and `right` are only written for cases with differences or failures.
#[derive(Serialize)]
struct Case<'a> {
    surface: &'a str,
    transport: Transport,
    case: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    reference: &'a str,
    implementation: &'a str,
    verdict: CaseVerdict,
    duration_ms: u64,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    reasons: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    noise: &'a [Noise],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<&'a JudgedDifference>,
    /// Number of further differences, which count as well.
    #[serde(skip_serializing_if = "is_zero")]
    differences_left_out: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    suggested_pins: &'a [String],
    #[serde(skip_serializing_if = "is_zero")]
    suggested_pins_left_out: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<Input<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<Vec<Answer<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<Vec<Answer<'a>>>,
    rerun: &'a str,
}

impl<'a> Case<'a> {
    fn new(case: &'a CaseOutcome) -> Case<'a> {
        let detailed = !matches!(case.verdict, CaseVerdict::Match | CaseVerdict::Skipped);
        let answers = |side: &'a Option<std::sync::Arc<Observation>>| {
            side.as_deref()
                .filter(|_| detailed)
                .map(|observation| observation.steps.iter().map(Answer::new).collect())
        };
        let inputs = if detailed {
            case.inputs.as_slice()
        } else {
            &[]
        };
        let failing = case.failing_step();
        let (differences, differences_left_out) = case.listed_differences(MAX_DIFFERENCES);
        let (suggested_pins, suggested_pins_left_out) = case.listed_pins();
        Case {
            surface: &case.surface,
            transport: case.transport,
            case: &case.case,
            why: case.why.as_deref(),
            reference: &case.reference,
            implementation: &case.implementation,
            verdict: case.verdict,
            duration_ms: case.duration_ms,
            reasons: &case.reasons,
            noise: &case.noise,
            differences,
            differences_left_out,
            attribution: case.attribution.as_deref(),
            suggested_pins,
            suggested_pins_left_out,
            inputs: inputs
                .iter()
                .map(|input| Input::new(input, failing == Some(input.step)))
                .collect(),
            left: answers(&case.left),
            right: answers(&case.right),
            rerun: &case.rerun,
        }
    }
}

#[derive(Serialize)]
struct Input<'a> {
    step: usize,
    /// Whether the case failed in this step, if it has several.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    failing: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    request: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    headers: &'a [(String, String)],
    text: Cow<'a, str>,
    /// For the reference and for the implementation.
    #[serde(skip_serializing_if = "Option::is_none")]
    curl: Option<&'a [String; 2]>,
}

impl<'a> Input<'a> {
    fn new(input: &'a CaseInput, failing: bool) -> Input<'a> {
        Input {
            step: input.step,
            failing,
            request: &input.request,
            headers: &input.headers,
            text: text::shorten(&input.text, MAX_TEXT),
            curl: input.curl.as_ref(),
        }
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<&'a str, Values<'a>>,
    body: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    trailers: BTreeMap<&'a str, Values<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<&'a str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream: Option<Vec<UpstreamRequest<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<ScriptUse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit: Option<i32>,
    #[serde(skip_serializing_if = "str::is_empty")]
    stderr_tail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a Failure>,
}

/// The values of a header; a single one is not a list.
#[derive(Serialize)]
#[serde(untagged)]
enum Values<'a> {
    One(Cow<'a, str>),
    Many(Vec<Cow<'a, str>>),
}

fn values(headers: &Headers) -> BTreeMap<&str, Values<'_>> {
    let headers = headers.iter();
    headers
        .map(|(name, all)| (name.as_str(), Values::new(all)))
        .collect()
}

impl<'a> Values<'a> {
    fn new(values: &'a [Vec<u8>]) -> Values<'a> {
        match values {
            [one] => Values::One(value_text(one)),
            many => Values::Many(many.iter().map(|value| value_text(value)).collect()),
        }
    }
}

#[derive(Serialize)]
struct UpstreamRequest<'a> {
    method: &'a str,
    path: &'a str,
    body: String,
}

impl<'a> Answer<'a> {
    fn new(step: &'a Step) -> Answer<'a> {
        Answer {
            status: step.status,
            headers: values(&step.headers),
            body: shown(&step.body),
            trailers: values(&step.trailers),
            files: step
                .files
                .iter()
                .map(|(path, bytes)| (path.as_str(), shown(bytes)))
                .collect(),
            upstream: step.upstream.as_ref().map(|requests| {
                requests
                    .iter()
                    .map(|request| UpstreamRequest {
                        method: &request.method,
                        path: &request.path,
                        body: shown(&request.body),
                    })
                    .collect()
            }),
            script: step.script,
            exit: step.exit,
            stderr_tail: &step.stderr_tail,
            log: step.log.as_ref().map(|log| log.to_string_lossy()),
            failure: step.failure.as_ref(),
        }
    }
}

// Serde passes a reference.
fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn shown(bytes: &[u8]) -> String {
    text::shorten(&text::from_bytes(bytes), MAX_TEXT).into_owned()
}
