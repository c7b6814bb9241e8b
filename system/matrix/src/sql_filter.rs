//! Filters in a subset of SQL (`matrix_search.md`, "SQL-style filters").
//!
//! A text is split into tokens, parsed into a [`Condition`](parser), and translated to a [`Filter`]. An
//! SQL parser is not used, because the grammar is far smaller, and permits names that SQL reserves
//! (`case`, `position`).

mod lexer;
mod parser;
mod translate;

use lakehouse_base::ErrorCode;
use lakehouse_vector::Filter;

const MAX_BYTES: usize = 4096;

/// Reads a condition as a filter that passes the documents for which it is true.
///
/// # Errors
/// [`SqlFilterError`], with the position of the error.
pub fn read_sql_filter(text: &str) -> Result<Filter, SqlFilterError> {
    if text.len() > MAX_BYTES {
        return Err(SqlFilterError(format!(
            "it has {} bytes, the most is {MAX_BYTES}",
            text.len()
        )));
    }
    let condition = parser::parse(text)?;
    Ok(translate::passes_if_true(&condition))
}

/// Why a text is not a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sql_filter is not a condition: {0}")]
pub struct SqlFilterError(String);

impl SqlFilterError {
    /// Always [`ErrorCode::BadRequest`].
    pub fn code(&self) -> ErrorCode {
        ErrorCode::BadRequest
    }
}
