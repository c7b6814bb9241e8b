//! One implementation's answer to one case, as it was captured.
//!
//! An [`Observation`] has one [`Step`] for a plain case and one per step for a sequence. Bytes are
//! kept unchanged; [`crate::compare`] decides which of them matter.

mod headers;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

pub use headers::{Headers, value_text};
use serde::{Deserialize, Serialize};

/// One implementation's whole answer to one case over one transport.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// One entry for a plain case, one per step for a sequence, in order. A sequence ends with the
    /// first step that has a [`Failure`].
    pub steps: Vec<Step>,
}

impl Observation {
    /// The observation of a plain case.
    #[must_use]
    pub fn single(step: Step) -> Observation {
        Observation { steps: vec![step] }
    }

    /// The first failure in the sequence.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.steps.iter().find_map(|step| step.failure.as_ref())
    }
}

/// The answer to one input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// HTTP status, or the status of a `response` envelope on a line; none on plain lines.
    pub status: Option<u16>,
    /// The headers that the probe observes, as far as the answer has them.
    pub headers: Headers,
    /// All trailers: the headers that came after the body.
    pub trailers: Headers,
    /// The body's bytes, or the line without its newline.
    pub body: Vec<u8>,
    /// The observed files, by path relative to the implementation's state folder, with `/`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The requests that the scripted upstream received, when the probe observes them.
    pub upstream: Option<Vec<UpstreamRequest>>,
    /// The use of the upstream script, when the case has one.
    pub script: Option<ScriptUse>,
    /// The process's exit code, for the `files` transport.
    pub exit: Option<i32>,
    /// The last lines of standard error; shown with failures, never compared.
    pub stderr_tail: String,
    /// The file that holds all of standard error, when the step failed.
    pub log: Option<PathBuf>,
    /// Why the answer is missing or unusable. `body` then holds what was received before.
    pub failure: Option<Failure>,
}

/// One request that the scripted upstream received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamRequest {
    /// Upper-case method.
    pub method: String,
    /// Path below the instance's own base path, with its query.
    pub path: String,
    /// Body.
    pub body: Vec<u8>,
}

/// The use of a case's upstream script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptUse {
    /// Number of scripted answers that were not requested.
    pub unused: usize,
    /// Number of requests after the last scripted answer.
    pub beyond: usize,
}

/// Why an answer is missing or unusable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Failure {
    /// The process ended before it answered.
    Died {
        /// How it ended: `exit code 3`, `signal 9 (SIGKILL)`.
        how: String,
    },
    /// The process answered and then ended, though it was not asked to stop.
    DiedAfter {
        /// How it ended.
        how: String,
    },
    /// No answer within the time allowed.
    Timeout {
        /// The time allowed, in milliseconds.
        after_ms: u64,
    },
    /// The line is not JSON.
    NotJson {
        /// The line, cut to 200 characters.
        line: String,
        /// What is wrong with it, and where.
        #[serde(default)]
        why: String,
    },
    /// The process runs or ended normally, but did not answer.
    NoAnswer {
        /// What was observed instead.
        what: String,
    },
    /// The HTTP connection failed.
    Connection {
        /// The HTTP client's message.
        what: String,
    },
}

impl Failure {
    /// The failure's short name, which pins and reports use.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Failure::Died { .. } => "died",
            Failure::DiedAfter { .. } => "died_after",
            Failure::Timeout { .. } => "timeout",
            Failure::NotJson { .. } => "not_json",
            Failure::NoAnswer { .. } => "no_answer",
            Failure::Connection { .. } => "connection",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Died { how } => write!(f, "crashed on this case ({how})"),
            Failure::DiedAfter { how } => write!(f, "answered this case and then crashed ({how})"),
            Failure::Timeout { after_ms } => write!(f, "no answer within {}", limit(*after_ms)),
            Failure::NotJson { line, .. } if line.is_empty() => {
                f.write_str("answered with an empty line")
            }
            Failure::NotJson { line, why } => {
                write!(f, "answered with a line that is not JSON ({why}): `{line}`")
            }
            Failure::NoAnswer { what } => write!(f, "no answer: {what}"),
            Failure::Connection { what } => write!(f, "the connection failed: {what}"),
        }
    }
}

/// `20 s`, `1500 ms`.
fn limit(milliseconds: u64) -> String {
    if milliseconds.is_multiple_of(1_000) {
        format!("{} s", milliseconds / 1_000)
    } else {
        format!("{milliseconds} ms")
    }
}
