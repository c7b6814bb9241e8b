//! Errors (`README.md` of the contract, "HTTP"; RFC 9457).

use crate::{Count, object::response, words::words};

response! {
    /// An error (RFC 9457).
    pub struct Problem<'a> {
        /// Always `about:blank`.
        pub r#type: ProblemType,
        /// The standard phrase of the status.
        pub title: &'a str,
        /// The status of the response.
        pub status: Count<400, 599>,
        /// What is wrong, and where.
        pub detail: &'a str,
        /// The trace id of the request.
        pub trace_id: &'a str,
    }
}

response! {
    /// An error of a line, which has no trace id (`README.md`, "Helpers").
    pub struct LineProblem<'a> {
        /// Always `about:blank`.
        pub r#type: ProblemType,
        /// The standard phrase of the status.
        pub title: &'a str,
        /// The status that the response would have.
        pub status: Count<400, 599>,
        /// What is wrong, and where.
        pub detail: &'a str,
    }
}

words! {
    /// The type of a problem.
    pub enum ProblemType {
        /// The title and the status say it all.
        AboutBlank = "about:blank",
    }
}

/// The content type of problems.
pub const CONTENT_TYPE: &str = "application/problem+json";
