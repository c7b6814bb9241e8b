//! Search of documents by natural language.
//!
//! [`Matrix`] searches corpora of documents, and records in its [`playbook`] which answers were good
//! or wrong. The [`role`] and the places of a query determine which recordings apply to it, and a [`judge`] decides
//! which of their answers may be added; [`read_sql_filter`] reads filters in a subset of SQL.

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
mod known_cache;
mod names;
mod people;
mod query;
mod search_cache;
mod vocabulary_cache;

pub use answer::{
    Answer, CorpusReport, Match, MatrixHit, Person, PersonBy, PlaybookUse, Rejected, Shape,
    Understood, Why,
};
pub use corpus::{CorpusDescription, CorpusName};
pub use documents::{Document, EmptyText, Ingested, Ingestion, RejectedDocument};
pub use error::{IngestError, MatrixError};
pub use matrix::{Matrix, MatrixParts};
pub use names::PLAYBOOK_INDEX;
pub use query::MatrixQuery;
pub use recordings::{NewRecording, Recorded};
pub use sql_filter::{SqlFilterError, read_sql_filter};
