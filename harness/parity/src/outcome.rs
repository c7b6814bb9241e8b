//! The result of a run: what every report is written from.
//!
//! [`Run`] is complete in itself: reports read it and nothing else. The left side of every pair is
//! the reference, the right side the implementation that is compared with it.

mod coverage;
mod generated;
mod mutation;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use lakehouse_rig::implementation::Transport;

use serde::{Deserialize, Serialize};

use crate::difference::{Difference, DifferenceKind};
use crate::observation::Observation;

pub use coverage::SurfaceCoverage;
pub use generated::{Finding, Generated, GeneratedSurface};
pub use mutation::{Count, HiddenBy, MutatedCase, MutatedKind, MutatedProbe, Mutation, Survivor};

/// One whole run.
#[derive(Debug, Clone)]
pub struct Run {
    /// The commit of the root's checkout, with `-dirty` when it has changes; none outside git.
    pub commit: Option<String>,
    /// When the run began, UTC.
    pub started_at: jiff::Timestamp,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// The seed of the order the cases ran in.
    pub seed: u64,
    /// The root as an absolute path (for finding files; do not print it into reports that are
    /// committed).
    pub root: PathBuf,
    /// Name of the reference implementation.
    pub reference: String,
    /// Whether `--surface`, `--case` or `--implementation` left something out: the ledgers are
    /// then judged only on what ran, and living logs must not drop the rows that are absent.
    pub filtered: bool,
    /// Whether a signal ended it early.
    pub cut_short: bool,
    /// The implementations that took part or were asked for, the reference first.
    pub implementations: Vec<ImplementationRun>,
    /// One row per surface, transport and compared implementation, sorted by those.
    pub results: Vec<SurfaceResult>,
    /// One entry per surface, transport, implementation and case, sorted by those.
    pub cases: Vec<CaseOutcome>,
    /// Every pin of `fixtures/divergences.toml`, in file order, with what became of it.
    pub divergences: Vec<PinOutcome>,
    /// Every normaliser of the surfaces that ran, with its hits.
    pub normalisers: Vec<NormaliserOutcome>,
    /// What was compared on each surface that ran.
    pub coverage: Vec<SurfaceCoverage>,
    /// What the two ledgers hold against the run; any entry fails it.
    pub ledger_failures: Vec<LedgerFailure>,
    /// What became of damaged copies of the answers, when that was asked for. Any survivor fails
    /// the run.
    pub mutation: Option<Mutation>,
    /// Things a reader must know though they fail nothing by themselves, such as
    /// ``go: `go` is not on PATH; using the recording of 2026-11-20``.
    pub notices: Vec<String>,
    /// Failures of the infrastructure: a build, a start, something left behind.
    pub infrastructure: Vec<String>,
    /// Why the run is inconclusive, one sentence per reason; empty otherwise.
    pub inconclusive: Vec<String>,
    /// What made inputs brought to light, in a run with `--generate`.
    pub generated: Option<Generated>,
    /// The verdict over all.
    pub verdict: RunVerdict,
}

impl Run {
    /// Fails the run for something that a generated file or a ledger says.
    pub fn hold_against(&mut self, failure: LedgerFailure) {
        self.ledger_failures.push(failure);
        self.verdict = RunVerdict::Fail;
    }
}

/// The verdict of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunVerdict {
    /// Everything compared is equal or declared.
    Pass,
    /// Something differs, or a ledger is not true any more.
    Fail,
    /// Nothing differs as far as it could be told, but not everything could be.
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
    /// Its name, from the file name of its description.
    pub name: String,
    /// How it took part.
    pub kind: ImplementationKind,
    /// First line of its version command or its `version_text`; empty when it has neither.
    pub version: String,
    /// The language it is written in.
    pub language: String,
    /// When the recording that stands in was made, newest surface first; only for `recorded`.
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
    /// A recording stood in.
    Recorded,
    /// It could not take part: its toolchain is missing and there is no recording.
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
    /// Number of cases, whatever became of them.
    pub cases: usize,
    /// Cases in which both answered the same.
    pub matched: usize,
    /// Cases with a difference nobody declared.
    pub diverged: usize,
    /// Cases in which every difference is declared.
    pub known: usize,
    /// Cases that could not be judged.
    pub invalid: usize,
    /// Cases that were left out, for a reason that is said.
    pub skipped: usize,
    /// Time the implementation's first round took, in milliseconds; 0 for a recording.
    pub duration_ms: u64,
}

impl SurfaceResult {
    /// The row's own verdict: what the run's would be if this row were all of it.
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

/// What became of one case between the reference and one implementation.
#[derive(Debug, Clone)]
pub struct CaseOutcome {
    /// Surface.
    pub surface: String,
    /// Transport.
    pub transport: Transport,
    /// Name of the case.
    pub case: String,
    /// The case's own sentence on why it is there.
    pub why: Option<String>,
    /// Name of the reference (the left side).
    pub reference: String,
    /// Name of the implementation (the right side).
    pub implementation: String,
    /// The verdict.
    pub verdict: CaseVerdict,
    /// Why it is `invalid` or `skipped`, or which side broke the case's expectation; one sentence
    /// per reason.
    pub reasons: Vec<String>,
    /// What was sent, as text (bytes that are not UTF-8 as `hex:…`), one entry per step, whole.
    pub inputs: Vec<CaseInput>,
    /// All differences, declared or not, after normalising.
    pub differences: Vec<JudgedDifference>,
    /// The reference's first answer, if it gave one.
    pub left: Option<Arc<Observation>>,
    /// The implementation's first answer, if it gave one.
    pub right: Option<Arc<Observation>>,
    /// With three or more answers, who is odd: `go differs; rust and js agree`. Only set when
    /// this pair differs.
    pub attribution: Option<String>,
    /// TOML that would declare the differences nobody declared, one entry per pin.
    pub suggested_pins: Vec<String>,
    /// The command that runs just this case.
    pub rerun: String,
    /// Time the implementation took for the case's first round, in milliseconds.
    pub duration_ms: u64,
}

/// One input as it was sent.
#[derive(Debug, Clone, Serialize)]
pub struct CaseInput {
    /// `POST /v1/embed` over HTTP, empty otherwise.
    pub request: String,
    /// The body or line.
    pub text: String,
}

/// The verdict on one case and pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseVerdict {
    /// Equal.
    Match,
    /// Something differs that nobody declared.
    Diverged,
    /// Everything that differs is declared.
    Known,
    /// It could not be judged.
    Invalid,
    /// It was left out.
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

/// A difference and whether somebody declared it.
#[derive(Debug, Clone, Serialize)]
pub struct JudgedDifference {
    /// The difference.
    #[serde(flatten)]
    pub difference: Difference,
    /// Index into [`Run::divergences`] of the pin that declares it.
    pub pin: Option<usize>,
}

/// One pin of the divergence ledger and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct PinOutcome {
    /// Surface.
    pub surface: String,
    /// Cases.
    pub cases: Vec<String>,
    /// The reference and the implementation.
    pub pair: [String; 2],
    /// The transport it is limited to.
    pub transport: Option<Transport>,
    /// Path, with `[*]` as a pattern.
    pub path: String,
    /// Kind.
    pub kind: DifferenceKind,
    /// Shapes, left and right.
    pub shapes: [String; 2],
    /// How many differences it declares.
    pub count: usize,
    /// Why the two differ.
    pub reason: String,
    /// What was decided about it.
    pub decision: String,
    /// The day it must be decided again, `YYYY-MM-DD`.
    pub expires: String,
    /// How many differences it covered in this run.
    pub matched: usize,
    /// Whether all its cases ran in this run, so that it could be judged.
    pub judged: bool,
}

/// One normaliser and what it did.
#[derive(Debug, Clone, Serialize)]
pub struct NormaliserOutcome {
    /// Surface.
    pub surface: String,
    /// `body`, `file`, `upstream` or `header:NAME`.
    pub on: String,
    /// JSON path; empty for a header.
    pub path: String,
    /// The reason it gives.
    pub reason: String,
    /// How many values it replaced or removed, over all sides and cases.
    pub hits: usize,
    /// Whether a comparison would have failed without it.
    pub needed: bool,
    /// Whether everything that could have needed it ran.
    pub judged: bool,
    /// Hits by case, normalised path and implementation.
    pub places: Vec<NormaliserHit>,
}

/// How often a normaliser matched at one place on one side.
#[derive(Debug, Clone, Serialize)]
pub struct NormaliserHit {
    /// Case.
    pub case: String,
    /// Transport.
    pub transport: Transport,
    /// The part and normalised path of the value, such as `body:$.elapsed_ms`.
    pub path: String,
    /// Implementation.
    pub implementation: String,
    /// Number of hits over all rounds.
    pub hits: usize,
}

/// Something a ledger holds against the run.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerFailure {
    /// The file to edit, relative to the root.
    pub file: String,
    /// Line of the entry, from 1.
    pub line: usize,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The edit that would mend it, as text to show: TOML, or what to delete.
    pub edit: String,
}
