//! The result of a run, from which every report is written.
//!
//! Reports read a [`Run`] and nothing else. The left side of every pair is the reference, the
//! right side the implementation that is compared with it.

mod abridged;
mod coverage;
mod crash;
mod generated;
mod input;
mod listed;
mod mutation;
mod noise;
mod not_compared;
mod replacement;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use lakehouse_rig::implementation::Transport;

use serde::{Deserialize, Serialize};

use crate::config::pin;
use crate::difference::{Difference, DifferenceKind};
use crate::observation::Observation;

pub use coverage::SurfaceCoverage;
pub use crash::Crash;
pub use generated::{BothFailed, Finding, Flaky, Generated, GeneratedSurface};
pub use input::CaseInput;
pub use listed::MAX_PINS;
pub use mutation::{Count, HiddenBy, MutatedCase, MutatedKind, MutatedProbe, Mutation, Survivor};
pub use noise::Noise;
pub(crate) use not_compared::UNSTABLE;
pub(crate) use replacement::{Counts, Grounds, lacking, wanted};
pub use replacement::{Decision, Replacement};

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Run {
    /// The commit of the root's checkout, with `-dirty` when it has changes; `None` outside git.
    pub commit: Option<String>,
    /// When the run began, UTC.
    pub started_at: jiff::Timestamp,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// The seed for the order of the cases.
    pub seed: u64,
    /// The root as an absolute path. Reports that are committed must not contain it.
    pub root: PathBuf,
    /// The command of the harness for this root, such as `cargo xtask parity`, to which reports add
    /// options.
    pub command: String,
    /// Name of the reference implementation.
    pub reference: String,
    /// Whether `--surface`, `--case` or `--implementation` left something out. The ledgers are then
    /// checked against the cases that ran, and `docs/parity.md` keeps its other rows.
    pub filtered: bool,
    /// Whether a signal ended the run early.
    pub cut_short: bool,
    /// The implementations that took part or were requested, the reference first.
    pub implementations: Vec<ImplementationRun>,
    /// One row per surface, transport and compared implementation, sorted by those.
    pub results: Vec<SurfaceResult>,
    /// One entry per surface, transport, implementation and case, sorted by those.
    pub cases: Vec<CaseOutcome>,
    /// Every pin of `fixtures/divergences.toml` and its outcome, in file order.
    pub divergences: Vec<PinOutcome>,
    /// Every normaliser of the surfaces that ran, with the number of values it changed.
    pub normalisers: Vec<NormaliserOutcome>,
    /// The coverage of each surface that ran.
    pub coverage: Vec<SurfaceCoverage>,
    /// Ledger entries that no longer hold; any of them fails the run.
    pub ledger_failures: Vec<LedgerFailure>,
    /// The result of `--mutate`. Any survivor fails the run.
    pub mutation: Option<Mutation>,
    /// Facts that a reader must know although none fails the run, such as the use of a recording.
    pub notices: Vec<String>,
    /// Failures of the infrastructure: of a build or a start, or a process that was left behind.
    pub infrastructure: Vec<String>,
    /// Why the run is inconclusive, one sentence per reason; empty otherwise.
    pub inconclusive: Vec<String>,
    /// The result of `--generate`.
    pub generated: Option<Generated>,
    /// Whether each implementation may replace the reference, in the order of `implementations`;
    /// empty for a run with `--generate`.
    pub replacements: Vec<Replacement>,
    /// The verdict.
    pub verdict: RunVerdict,
}

impl Run {
    /// Adds a failure, which fails the run.
    pub fn add_ledger_failure(&mut self, failure: LedgerFailure) {
        for replacement in &mut self.replacements {
            let only = failure.implementation.as_ref();
            if only.is_none_or(|only| *only == replacement.implementation) {
                replacement.doubt(failure.message.clone());
            }
        }
        self.ledger_failures.push(failure);
        self.verdict = RunVerdict::Fail;
    }
}

/// The verdict of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunVerdict {
    /// Everything was compared, and every difference is accepted.
    Pass,
    /// There is an unexpected difference, or a ledger entry that no longer holds.
    Fail,
    /// There is no unexpected difference, but not everything could be compared.
    Inconclusive,
}

impl fmt::Display for RunVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RunVerdict::Pass => "pass",
            RunVerdict::Fail => "fail",
            RunVerdict::Inconclusive => "inconclusive",
        })
    }
}

/// One implementation of the run.
#[derive(Debug, Clone, Serialize)]
pub struct ImplementationRun {
    /// Name.
    pub name: String,
    /// How it took part.
    pub kind: ImplementationKind,
    /// First line of its version command, or its `version_text`; empty when it has neither.
    pub version: String,
    /// Programming language.
    pub language: String,
    /// Time of the newest recording that was used; only for `recorded`.
    pub recorded_at: Option<jiff::Timestamp>,
}

/// How an implementation took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImplementationKind {
    /// Started by the harness.
    Live,
    /// Already running at a URL.
    Url,
    /// Its recording was used.
    Recorded,
    /// Its toolchain is missing, and there is no recording.
    Missing,
}

impl fmt::Display for ImplementationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ImplementationKind::Live => "live",
            ImplementationKind::Url => "url",
            ImplementationKind::Recorded => "recorded",
            ImplementationKind::Missing => "missing",
        })
    }
}

/// The counts of one surface over one transport for one implementation.
#[derive(Debug, Clone, Serialize)]
pub struct SurfaceResult {
    /// Surface.
    pub surface: String,
    /// Transport.
    pub transport: Transport,
    /// Name of the reference.
    pub reference: String,
    /// Name of the implementation compared with it.
    pub implementation: String,
    /// How that implementation took part.
    pub kind: ImplementationKind,
    /// Number of cases.
    pub cases: usize,
    /// Cases with equal answers.
    pub matched: usize,
    /// Cases with an unexpected difference.
    pub diverged: usize,
    /// Cases in which every difference is accepted.
    pub known: usize,
    /// Cases that could not be compared.
    pub invalid: usize,
    /// Cases that were skipped.
    pub skipped: usize,
    /// Duration of the implementation's first round, in milliseconds; 0 for a recording.
    pub duration_ms: u64,
}

impl SurfaceResult {
    /// The verdict on this row alone.
    #[must_use]
    pub fn verdict(&self) -> RunVerdict {
        if self.diverged > 0 {
            RunVerdict::Fail
        } else if self.invalid > 0 || self.matched + self.known == 0 {
            RunVerdict::Inconclusive
        } else {
            RunVerdict::Pass
        }
    }
}

/// The result of one case for the reference and one implementation.
#[derive(Debug, Clone)]
pub struct CaseOutcome {
    /// Surface.
    pub surface: String,
    /// Transport.
    pub transport: Transport,
    /// Name of the case.
    pub case: String,
    /// What the case is for.
    pub why: Option<String>,
    /// Name of the reference, the left side.
    pub reference: String,
    /// Name of the implementation, the right side.
    pub implementation: String,
    /// The verdict.
    pub verdict: CaseVerdict,
    /// Why it is `invalid` or `skipped`, which side did not meet the case's expectation, or what
    /// changes between identical requests.
    pub reasons: Vec<String>,
    /// The places that change between identical requests. The differences of a case that diverged
    /// do not depend on them.
    pub noise: Vec<Noise>,
    /// The inputs, one per step.
    pub inputs: Vec<CaseInput>,
    /// All differences after normalising, accepted or not.
    pub differences: Vec<JudgedDifference>,
    /// The reference's first answer.
    pub left: Option<Arc<Observation>>,
    /// The implementation's first answer.
    pub right: Option<Arc<Observation>>,
    /// With three or more answers, those that agree: `go differs; rust and js agree`. Only set when
    /// this pair differs.
    pub attribution: Option<String>,
    /// The pins that would accept the unexpected differences, as TOML.
    pub suggested_pins: Vec<String>,
    /// The command that runs only this case.
    pub rerun: String,
    /// Duration of the implementation's first answer, in milliseconds.
    pub duration_ms: u64,
}

/// The verdict on one case and pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseVerdict {
    /// Equal.
    Match,
    /// There is an unexpected difference.
    Diverged,
    /// Every difference is accepted.
    Known,
    /// The answers could not be compared.
    Invalid,
    /// The case was not sent to the implementation.
    Skipped,
}

impl fmt::Display for CaseVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CaseVerdict::Match => "match",
            CaseVerdict::Diverged => "diverged",
            CaseVerdict::Known => "known",
            CaseVerdict::Invalid => "invalid",
            CaseVerdict::Skipped => "skipped",
        })
    }
}

/// A difference, and the pin that accepts it.
#[derive(Debug, Clone, Serialize)]
pub struct JudgedDifference {
    /// The difference.
    #[serde(flatten)]
    pub difference: Difference,
    /// Index into [`Run::divergences`]; `None` for an unexpected difference.
    pub pin: Option<usize>,
}

/// One pin and its outcome.
#[derive(Debug, Clone, Serialize)]
pub struct PinOutcome {
    /// Surface.
    pub surface: String,
    /// Cases; of a rule, patterns of their names.
    pub cases: Vec<String>,
    /// The reference and the implementation.
    pub pair: [String; 2],
    /// The only transport it applies to.
    pub transport: Option<Transport>,
    /// Path, with `[*]` as a pattern.
    pub path: String,
    /// Kind.
    pub kind: DifferenceKind,
    /// Shapes, left and right; of a rule, perhaps types such as `any string`.
    pub shapes: [String; 2],
    /// How many differences it accepts: a number, a range, or null for any number.
    pub count: pin::Count,
    /// Whether it is a rule.
    pub rule: bool,
    /// Its line in `fixtures/divergences.toml`.
    pub line: usize,
    /// Why the two differ.
    pub reason: String,
    /// What was decided about it.
    pub decision: String,
    /// The last day on which it applies, `YYYY-MM-DD`.
    pub expires: String,
    /// How many differences it accepted in this run.
    pub matched: usize,
    /// In how many cases of this run, each transport counted by itself.
    pub matched_cases: usize,
    /// Whether all its cases were compared, so that it could be checked.
    pub judged: bool,
}

/// One normaliser and its outcome.
#[derive(Debug, Clone, Serialize)]
pub struct NormaliserOutcome {
    /// Surface.
    pub surface: String,
    /// `body`, `file`, `upstream` or `header:NAME`.
    pub on: String,
    /// JSON path; empty for a header.
    pub path: String,
    /// Its reason.
    pub reason: String,
    /// How many values it replaced or removed, in all cases and on all sides.
    pub hits: usize,
    /// Whether a comparison fails without it.
    pub needed: bool,
    /// Whether every case that could need it ran.
    pub judged: bool,
    /// Hits by case, path and implementation.
    pub places: Vec<NormaliserHit>,
}

/// How often a normaliser matched at one path on one side.
#[derive(Debug, Clone, Serialize)]
pub struct NormaliserHit {
    /// Case.
    pub case: String,
    /// Transport.
    pub transport: Transport,
    /// The value's part and path, such as `body:$.elapsed_ms`.
    pub path: String,
    /// Implementation.
    pub implementation: String,
    /// Number of hits in all rounds.
    pub hits: usize,
}

/// A ledger entry that no longer holds.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerFailure {
    /// The file to edit, relative to the root.
    pub file: String,
    /// Line of the entry, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// The edit that would fix it: TOML, or what to delete.
    pub edit: String,
    /// The only implementation that it concerns besides the reference; `None` for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implementation: Option<String>,
}
