//! Documents found by what a coordinator says.
//!
//! [`Matrix`] searches corpora of documents, and remembers in its [`playbook`] what was a good
//! answer. The [`role`] of a query decides what of that may count for it, and a [`judge`] what
//! may be added; [`sql_filter`] reads filters that are written as in SQL.

pub mod judge;
pub mod matrix;
pub mod playbook;
pub mod role;
pub mod sql_filter;

pub use matrix::{Matrix, MatrixError, MatrixParts, MatrixQuery};
pub use sql_filter::{SqlFilterError, read_sql_filter};
