//! `playbook.md`: recorded answers.

use utoipa::openapi::{ObjectBuilder, Type};

use crate::{
    Decimal, Id, Nullable, Parameter, Text,
    describe::simple,
    object::{request, response},
    words::words,
};

/// How good an answer was, from -1 (wrong) to 1.
pub type Score<'a> = Decimal<'a, -1, 1>;

request! {
    /// An answer to record.
    pub struct RecordAnswer<'a> {
        /// The coordinator's words.
        pub query_text: Text<'a>,
        /// The document that was the answer, at most 256 bytes.
        pub answer_id: Id<'a>,
        /// The corpus of that document.
        pub answer_corpus: &'a str,
        /// How good the answer was, negative when it was wrong.
        pub score: Score<'a>,
        /// The role asked for. Default: the role that the text names.
        pub role: Option<&'a str>,
    }
}

/// A recording about a document of the example corpus.
pub const RECORD_EXAMPLE: &str = r#"{"query_text":"Need 3 pickers in Detroit MI","answer_id":"w-1001","answer_corpus":"workers","score":1,"role":"Picker"}"#;

response! {
    /// An answer was recorded.
    pub struct Recorded<'a> {
        /// The id of the recording.
        pub id: &'a str,
        /// Its role.
        pub role: Nullable<&'a str>,
        /// The source of the role.
        pub role_source: RoleSource,
    }
}

words! {
    /// The source of a role.
    pub enum RoleSource {
        /// The request names it.
        Request = "request",
        /// The text names it.
        Text = "text",
        /// There is no role.
        None = "none",
    }
}

response! {
    /// A recording.
    pub struct Recording<'a> {
        /// Its id.
        pub id: &'a str,
        /// The coordinator's words.
        pub query_text: &'a str,
        /// The document that was the answer.
        pub answer_id: &'a str,
        /// The corpus of that document.
        pub answer_corpus: &'a str,
        /// How good the answer was, carried over.
        pub score: Score<'a>,
        /// The role asked for.
        pub role: Nullable<&'a str>,
        /// The words that stand for the role, and the role, when the request said it.
        pub synonym: Nullable<&'a str>,
        /// The time of the recording: RFC 3339, UTC.
        pub recorded_at: &'a str,
    }
}

/// The id of a recording.
pub struct RecordingId;

impl Parameter for RecordingId {
    const NAME: &'static str = "id";
    const DESCRIPTION: &'static str = "The id of the recording.";
    /// That of [`RECORD_EXAMPLE`].
    const EXAMPLE: &'static str = "pb-2443980c964812b7cc998385148b3e80";

    fn schema() -> ObjectBuilder {
        simple(Type::String)
            .pattern(Some("^pb-[0-9a-f]{32}$"))
            .min_length(Some(35))
            .max_length(Some(35))
    }
}
