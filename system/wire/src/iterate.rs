//! `iterate.md`: drafts that a model is asked for until one passes.

use crate::{
    AtLeast, Carried, Count, Decimal, Deferred, NotBlank, Nullable,
    object::{request, response},
    validate::{Context, Finding, Kind, ValidationFailure},
    words::words,
};

request! {
    /// A draft to ask a model for.
    pub struct IterateRequest<'a> {
        /// What to draft.
        pub kind: Kind,
        /// The coordinator's words.
        pub prompt: NotBlank<'a>,
        /// What the draft is checked against, besides the roster.
        pub context: Option<Deferred<'a, Context<'a>>>,
        /// The name of the provider.
        pub provider: &'a str,
        /// The name of one of the provider's models.
        pub model: NotBlank<'a>,
        /// The number of attempts that the model has.
        pub max_iterations: Count<1, 10> = Count::new(3),
        /// A system text instead of the one for the kind.
        pub system: Option<&'a str>,
        /// Passed on to the model.
        pub temperature: Option<Decimal<'a, 0, 2>>,
        /// Passed on to the model.
        pub max_tokens: Option<Count<1, 32768>>,
    }
}

/// A request to a server that has the provider.
pub const EXAMPLE: &str = r#"{"kind":"sms","prompt":"Write to Ana that the shift starts at 6","context":{"worker_id":"w-1001"},"provider":"ollama","model":"qwen2.5","max_iterations":2}"#;

response! {
    /// A draft that passed.
    pub struct IterateAccepted<'a> {
        /// Always `accepted`.
        pub verdict: AcceptedVerdict,
        /// The trace id of the run, and its `session_id` in the session log.
        pub trace_id: &'a str,
        /// As requested.
        pub kind: Kind,
        /// The number of attempts.
        pub iterations: AtLeast<1>,
        /// The draft.
        pub artifact: Carried<'a>,
        /// Remarks on the draft.
        pub findings: Vec<Finding<'a>>,
        /// All attempts.
        pub attempts: Vec<Attempt<'a>>,
    }
}

response! {
    /// No attempt passed.
    pub struct IterateExhausted<'a> {
        /// Always `max_iter_exhausted`.
        pub verdict: ExhaustedVerdict,
        /// The trace id of the run.
        pub trace_id: &'a str,
        /// As requested.
        pub kind: Kind,
        /// The number of attempts.
        pub iterations: AtLeast<1>,
        /// All attempts.
        pub attempts: Vec<Attempt<'a>>,
    }
}

response! {
    /// The provider failed.
    pub struct IterateFailed<'a> {
        /// Always `infra_error`.
        pub verdict: FailedVerdict,
        /// The trace id of the run.
        pub trace_id: &'a str,
        /// As requested.
        pub kind: Kind,
        /// The number of completed attempts.
        pub iterations: AtLeast<0>,
        /// What happened.
        pub error: &'a str,
        /// The completed attempts.
        pub attempts: Vec<Attempt<'a>>,
    }
}

words! {
    /// The verdict on a run with an accepted draft.
    pub enum AcceptedVerdict {
        /// An attempt passed.
        Accepted = "accepted",
    }
}

words! {
    /// The verdict on a run whose attempts are used up.
    pub enum ExhaustedVerdict {
        /// No attempt passed.
        MaxIterExhausted = "max_iter_exhausted",
    }
}

words! {
    /// The verdict on a run that ended early.
    pub enum FailedVerdict {
        /// The provider failed.
        InfraError = "infra_error",
    }
}

response! {
    /// A completed attempt.
    pub struct Attempt<'a> {
        /// Its number, counted from 1.
        pub iteration: AtLeast<1>,
        /// Its result.
        pub verdict: AttemptVerdict,
        /// The model's text.
        pub raw: &'a str,
        /// The failure, for `validation_failed`.
        pub error: Nullable<ValidationFailure<'a>>,
    }
}

words! {
    /// The result of an attempt.
    pub enum AttemptVerdict {
        /// The draft passed.
        Accepted = "accepted",
        /// The text had no JSON object.
        NoJson = "no_json",
        /// The draft did not pass.
        ValidationFailed = "validation_failed",
        /// The text ended at a limit of its length, and no draft in it passed.
        CutOff = "cut_off",
    }
}
