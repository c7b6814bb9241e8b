//! `validate.md`: drafted artifacts and what is wrong with them.

mod failure;

use utoipa::openapi::{ObjectBuilder, Type};

use crate::{
    AnyJson, AtLeast, Count, Date, Deferred, Milliseconds, Parameter, TimeOfDay,
    describe::simple,
    object::{request, response},
    words::words,
};

pub use failure::{ValidationFailure, ValidationFailures, ValidationRefusal};

request! {
    /// An artifact to validate.
    pub struct ValidateRequest<'a> {
        /// What the artifact is meant to be.
        pub kind: Kind,
        /// The artifact. What is wrong with it is a validation failure.
        pub artifact: AnyJson<'a>,
        /// What the artifact is checked against, besides the roster.
        pub context: Option<Deferred<'a, Context<'a>>>,
    }
}

/// A request that passes with any roster.
pub const EXAMPLE: &str = r#"{"kind":"playbook","artifact":{"query_text":"Need 3 pickers in Detroit MI","answer_id":"c-7","answer_corpus":"clients","score":0.9}}"#;

/// Whether all failures are wanted.
pub struct AllFailures;

impl Parameter for AllFailures {
    const NAME: &'static str = "all";
    const DESCRIPTION: &'static str = "Whether the answer has every failure instead of the first.";
    const EXAMPLE: &'static str = "true";

    fn schema() -> ObjectBuilder {
        simple(Type::Boolean)
    }
}

words! {
    /// What an artifact is.
    pub enum Kind {
        /// Workers put forward for a shift.
        Fill = "fill",
        /// An email to a worker.
        Email = "email",
        /// A text message to a worker.
        Sms = "sms",
        /// An answer worth remembering.
        Playbook = "playbook",
    }
}

request! {
    /// What an artifact is checked against, besides the roster. Each kind ignores the members that
    /// it does not use.
    pub struct Context<'a> {
        /// The number of workers needed.
        pub count: Option<Count<1, 1000>>,
        /// The role they work as.
        pub role: Option<&'a str>,
        /// The city of the work.
        pub city: Option<&'a str>,
        /// The state of the work.
        pub state: Option<&'a str>,
        /// The client.
        pub client: Option<&'a str>,
        /// The day of the shift.
        pub date: Option<Date>,
        /// The start of the shift.
        pub start: Option<TimeOfDay>,
        /// The end of the shift, on the next day when it is not later than the start.
        pub end: Option<TimeOfDay>,
        /// The worker that a message is for.
        pub worker_id: Option<&'a str>,
    }
}

response! {
    /// The artifact passed.
    pub struct ValidateAnswer<'a> {
        /// As requested.
        pub kind: Kind,
        /// Remarks that do not stop the artifact.
        pub findings: Vec<Finding<'a>>,
        /// The time that the rules took, in milliseconds.
        pub elapsed_ms: Milliseconds,
    }
}

response! {
    /// A remark that does not stop the artifact.
    pub struct Finding<'a> {
        /// The field that it is about.
        pub field: &'a str,
        /// How much it matters.
        pub severity: Severity,
        /// What was noticed.
        pub message: &'a str,
    }
}

words! {
    /// How much a finding matters.
    pub enum Severity {
        /// Good to know.
        Info = "info",
        /// Worth a look.
        Warning = "warning",
    }
}

response! {
    /// The roster was read.
    pub struct RosterReloaded {
        /// The number of workers in it.
        pub workers: AtLeast<0>,
    }
}
