//! Validation of drafts by models, and the loop that requests drafts until one passes.
//!
//! - [`extract_json`]: the first JSON object in a model's text.
//! - [`validate`]: checks an artifact by the rules of its [`Kind`], a [`Context`] and a
//!   [`Roster`](roster::Roster); returns an [`Outcome`] of [`ValidationFailure`]s and [`Finding`]s.
//! - [`iterate`]: generates, extracts and validates, and reports the failure to the model, over a
//!   [`ChatModel`](lakehouse_base::chat::ChatModel) and a [`SessionSink`](iterate::SessionSink).
//! - [`why_not_recorded`]: why a text must not be kept in a recording.
//! - [`mask_social_security_numbers`]: a text as it may be kept.
//! - [`session`]: the record of every such run.
//! - [`roster`]: the workers.
//!
//! Nothing here does input or output: callers pass texts, and traits for the rest.

pub mod iterate;
pub mod roster;
pub mod session;

mod address;
mod client;
mod context;
mod draft;
mod extract_json;
mod failure;
mod fill;
mod kind;
mod message;
mod name;
mod outcome;
mod playbook;
mod report;
mod shift;
mod ssn;
mod unchecked;

pub use context::Context;
pub use extract_json::extract_json;
pub use failure::ValidationFailure;
pub use kind::Kind;
pub use outcome::{Finding, Mode, Outcome, Severity};
pub use playbook::why_not_recorded;
pub use ssn::mask_social_security_numbers;

use lakehouse_json::Json;
use report::Report;
use roster::Roster;

/// Checks an artifact by the rules of its kind.
///
/// [`Mode::First`] stops at the first failure; [`Mode::All`] collects all of them in the order of
/// the rules. A malformed artifact is not checked by the rules that follow those of form. An
/// outcome with failures has no findings.
pub fn validate(
    kind: Kind,
    artifact: &Json<'_>,
    context: &Context,
    roster: &Roster,
    mode: Mode,
) -> Outcome {
    let mut report = Report::new(mode);
    // A break only means that the report is complete.
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
