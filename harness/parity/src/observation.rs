//! What one implementation answered to one case, before anybody judges it.
//!
//! An [`Observation`] has one [`Step`] for a plain case and one per step for a case that is a
//! sequence. Bytes are kept as they came; [`crate::compare`] decides what in them counts.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Everything one implementation answered to one case over one transport.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// One entry for a plain case, one per step for a sequence, in order. A sequence that was cut
    /// short by a [`Failure`] ends with the step that failed.
    pub steps: Vec<Step>,
}

impl Observation {
    /// The observation of a plain case.
    #[must_use]
    pub fn single(step: Step) -> Observation {
        Observation { steps: vec![step] }
    }

    /// The first failure in the sequence, if there is one.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.steps.iter().find_map(|step| step.failure.as_ref())
    }
}

/// What came back for one input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// HTTP status, or the status of a `response` envelope on a line; none on plain lines.
    pub status: Option<u16>,
    /// The headers the probe observes, by lower-case name; a header that was absent is absent.
    pub headers: BTreeMap<String, String>,
    /// The body as it came, byte for byte (without the line's newline over the line transport).
    pub body: Vec<u8>,
    /// The observed files, by path relative to the implementation's state folder, `/` separated.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The requests the scripted upstream got, when the probe observes them.
    pub upstream: Option<Vec<UpstreamRequest>>,
    /// How much of the upstream script was used, when the case has one.
    pub script: Option<ScriptUse>,
    /// Exit code of the process, over the file transport.
    pub exit: Option<i32>,
    /// The last lines of standard error; shown with failures, never compared.
    pub stderr_tail: String,
    /// Why there is no proper answer. `body` then holds what came before, if anything did.
    pub failure: Option<Failure>,
}

/// One request the scripted upstream received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamRequest {
    /// Upper-case method.
    pub method: String,
    /// Path below the instance's own base path, with its query.
    pub path: String,
    /// Body as it came.
    pub body: Vec<u8>,
}

/// How much of a case's upstream script was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptUse {
    /// Scripted answers nobody asked for.
    pub unused: usize,
    /// Requests that came after the script had run out.
    pub beyond: usize,
}

/// Why an implementation gave no proper answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Failure {
    /// The process ended while it owed an answer.
    Died {
        /// How it ended: `exit code 3`, `signal 9 (SIGKILL)`.
        how: String,
    },
    /// The process answered, and ended of itself before it was asked again or told to end.
    DiedAfter {
        /// How it ended.
        how: String,
    },
    /// No answer within the time allowed.
    Timeout {
        /// The time allowed, in milliseconds.
        after_ms: u64,
    },
    /// The line is not JSON, over the line transport.
    NotJson {
        /// The line, cut to 200 characters.
        line: String,
        /// What is wrong with it, and where.
        #[serde(default)]
        why: String,
    },
    /// The process lives or ended in order, but gave no answer.
    NoAnswer {
        /// What was seen instead.
        what: String,
    },
    /// The HTTP exchange broke off.
    Connection {
        /// The client's message.
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
            Failure::Died { how } => write!(f, "died on this case ({how})"),
            Failure::DiedAfter { how } => write!(f, "answered this case and then died ({how})"),
            Failure::Timeout { after_ms } => write!(f, "gave no answer within {after_ms} ms"),
            Failure::NotJson { line, .. } if line.is_empty() => {
                f.write_str("answered an empty line")
            }
            Failure::NotJson { line, why } => {
                write!(f, "answered a line that is not JSON ({why}): `{line}`")
            }
            Failure::NoAnswer { what } => write!(f, "gave no answer: {what}"),
            Failure::Connection { what } => write!(f, "the connection failed: {what}"),
        }
    }
}
