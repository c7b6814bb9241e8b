//! Documents found by what a coordinator says.
//!
//! [`Matrix`] searches corpora of documents, and remembers in its [`playbook`] which answers were
//! good. The [`role`] of a query decides which of them count for it, and a [`judge`] which of them
//! may be added; [`read_sql_filter`] reads filters that are written as in SQL.

pub mod judge;
pub mod playbook;
pub mod role;

mod matrix;

mod corpora;
mod documents;
mod recordings;
mod search;
mod sql_filter;

mod answer;
mod corpus;
mod error;
mod found_cache;
mod known_cache;
mod names;
mod query;

pub use answer::{Answer, CorpusReport, MatrixHit, PlaybookUse, Rejected, Shape, Why};
pub use corpus::{CorpusDescription, CorpusName};
pub use documents::{Document, EmptyText, Intake};
pub use error::{IntakeError, MatrixError};
pub use matrix::{Matrix, MatrixParts};
pub use names::PLAYBOOK_INDEX;
pub use query::MatrixQuery;
pub use recordings::{NewRecording, Recorded};
pub use sql_filter::{SqlFilterError, read_sql_filter};
