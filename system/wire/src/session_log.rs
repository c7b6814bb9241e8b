//! `session_log.md`: the record of a run.

use std::borrow::Cow;

use lakehouse_json::Json;
use utoipa::openapi::{RefOr, Schema};

use crate::{
    AtLeast, Carried, Components, Describe, Nullable, Read, Write,
    iterate::Attempt,
    object::{Object, request, response},
    validate::Kind,
    words::words,
};

request! {
    /// The record of a run before it is logged.
    pub struct SessionRecord<'a> {
        /// The trace id of the run.
        pub session_id: &'a str,
        then ..run: RunRecord<'a>,
    }
}

response! {
    /// A line of the log.
    pub struct SessionLine<'a> {
        /// The form of the line.
        pub schema: LineSchema,
        /// The trace id of the run.
        pub session_id: &'a str,
        /// The time when the line was written: RFC 3339, UTC, with milliseconds.
        pub timestamp: &'a str,
        /// The program that wrote the line.
        pub daemon: &'a str,
        then ..run: RunRecord<'a>,
    }
}

words! {
    /// The form of a line.
    pub enum LineSchema {
        /// The only one so far.
        IterateV1 = "session.iterate.v1",
    }
}

request! {
    /// What a run was asked for and how it ended.
    pub struct RunRecord<'a> {
        /// What was drafted.
        pub kind: Kind,
        /// As requested.
        pub provider: &'a str,
        /// As requested.
        pub model: &'a str,
        /// As requested.
        pub prompt: &'a str,
        /// The number of completed attempts.
        pub iterations: AtLeast<0>,
        /// The number of attempts that the model had.
        pub max_iterations: AtLeast<1>,
        /// How the run ended.
        pub final_verdict: FinalVerdict,
        /// The completed attempts.
        pub attempts: Attempts<'a>,
        /// The accepted draft.
        pub artifact: Nullable<Carried<'a>>,
        /// Whether the roster has every worker whom the accepted draft names.
        pub grounded_in_roster: Nullable<bool>,
        /// The failure of the provider.
        pub error: Nullable<&'a str>,
        /// The time that the run took, in milliseconds.
        pub duration_ms: AtLeast<0>,
    }
}

words! {
    /// How a run ended.
    pub enum FinalVerdict {
        /// An attempt passed.
        Accepted = "accepted",
        /// No attempt passed.
        MaxIterExhausted = "max_iter_exhausted",
        /// The provider failed.
        InfraError = "infra_error",
    }
}

/// The attempts of a record. Unlike those of an answer, they have no members but the known ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempts<'a>(pub Vec<Attempt<'a>>);

impl<'a> Read<'a> for Attempts<'a> {
    fn must_be() -> Cow<'static, str> {
        "an array of attempts".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        let mut known = Vec::new();
        Attempt::names(&mut known);
        let read = |json: &'a Json<'a>| {
            let mut names = json.as_object()?.members().map(|(name, _)| name);
            names.all(|name| known.contains(&name)).then_some(())?;
            Attempt::read(json)
        };
        let attempts: Option<_> = json.as_array()?.iter().map(read).collect();
        attempts.map(Self)
    }
}

impl Write for Attempts<'_> {
    fn write(&self, out: &mut String) {
        self.0.write(out);
    }

    fn size_hint(&self) -> usize {
        self.0.size_hint()
    }
}

impl Describe for Attempts<'_> {
    fn describe(components: &mut Components) -> RefOr<Schema> {
        Vec::<Attempt>::describe(components)
    }
}
