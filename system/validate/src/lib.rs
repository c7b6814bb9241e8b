//! Checking what a model drafted before it leaves the house, and asking again until it passes.
//!
//! - [`extract_json`]: the first JSON object in a model's text.
//! - [`validate`]: the rules for each [`Kind`] of artifact, put to a [`Roster`] and a [`Context`];
//!   an [`Outcome`] holds the [`ValidationFailure`]s and [`Finding`]s.
//! - [`iterate`]: generate, extract, validate, say what failed, again; over a
//!   [`ChatModel`](iterate::ChatModel) and a [`SessionSink`](iterate::SessionSink).
//! - [`session`]: the record that every run of it leaves behind.
//!
//! Nothing here does input or output; callers hand in texts, and traits for the rest.

pub mod iterate;
pub mod roster;
pub mod session;

mod address;
mod context;
mod extract_json;
mod failure;
mod fill;
mod kind;
mod message;
mod outcome;
mod playbook;
mod report;
mod request;
mod shift;
mod ssn;

pub use context::Context;
pub use extract_json::extract_json;
pub use failure::ValidationFailure;
pub use kind::Kind;
pub use outcome::{Finding, Mode, Outcome, Severity};
pub use request::ValidateRequest;
pub use roster::Roster;

use lakehouse_json::Json;
use report::Report;

/// Puts the rules for `kind` to an artifact.
///
/// [`Mode::First`] stops at the first failure; [`Mode::All`] collects all of them in the order of
/// the rules. When the artifact is not of the right form, the rules behind the form are not
/// looked at. An outcome with failures has no findings.
pub fn validate(
    kind: Kind,
    artifact: &Json<'_>,
    context: &Context,
    roster: &Roster,
    mode: Mode,
) -> Outcome {
    let mut report = Report::new(mode);
    // A break says no more than that the report is complete.
    let _ = match kind {
        Kind::Fill => fill::check(artifact, context, roster, &mut report),
        Kind::Email => message::check(
            message::Channel::Email,
            artifact,
            context,
            roster,
            &mut report,
        ),
        Kind::Sms => message::check(
            message::Channel::Sms,
            artifact,
            context,
            roster,
            &mut report,
        ),
        Kind::Playbook => playbook::check(artifact, roster, &mut report),
    };
    report.into_outcome()
}
