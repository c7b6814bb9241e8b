//! Errors of calls.

use std::error::Error;

use lakehouse_json as json;
use lakehouse_wire::{problem, read_body};

/// The maximum number of characters of an unexpected body that an error shows.
const SHOWN: usize = 200;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The HTTP client cannot be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Setup(String),
    /// Nothing accepts connections at the URL.
    #[error("nothing answers at `{url}`: {reason}")]
    Unreachable {
        /// The URL of the service.
        url: String,
        /// The system's message.
        reason: String,
    },
    /// The connection broke, or the answer took too long.
    #[error("no answer from `{url}`: {reason}")]
    Interrupted {
        /// The URL of the service.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The service reported an error.
    #[error("status {}: {}", .0.status, .0.detail)]
    Problem(Problem),
    /// The answer does not follow the contract.
    #[error(
        "`{url}` sent an answer with status {status} that does not follow the contract: {body}"
    )]
    Malformed {
        /// The URL of the service.
        url: String,
        /// The status of the answer.
        status: u16,
        /// The beginning of its body.
        body: String,
    },
}

/// An error that a service reported (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The status of the answer.
    pub status: u16,
    /// What is wrong, and where.
    pub detail: String,
    /// The trace id of the request.
    pub trace_id: String,
}

impl ClientError {
    pub(crate) fn from_transport(url: &str, error: &reqwest::Error) -> Self {
        let url = url.to_owned();
        let reason = innermost(error);
        if error.is_connect() {
            Self::Unreachable { url, reason }
        } else {
            Self::Interrupted { url, reason }
        }
    }

    /// The error of an answer that is not a success.
    pub(crate) fn from_answer(url: &str, status: u16, body: &str) -> Self {
        let json = json::parse(body, json::MAX_DEPTH).ok();
        let problem = json.as_ref().and_then(|json| {
            let problem: problem::Problem<'_> = read_body(json).ok()?;
            Some(Problem {
                status,
                detail: problem.detail.to_owned(),
                trace_id: problem.trace_id.to_owned(),
            })
        });
        problem.map_or_else(|| Self::malformed(url, status, body), Self::Problem)
    }

    pub(crate) fn malformed(url: &str, status: u16, body: &str) -> Self {
        Self::Malformed {
            url: url.to_owned(),
            status,
            body: body.chars().take(SHOWN).collect(),
        }
    }
}

/// The message of the last cause; the others only name layers of the HTTP client.
fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
