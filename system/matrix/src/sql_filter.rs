//! Filters as conditions of SQL (`matrix_search.md`, "SQL-style filters").
//!
//! A text is cut into tokens, read into a [`Condition`](parser), and that is turned into a
//! [`Filter`]. The grammar is far smaller than SQL's and takes names that SQL reserves (`case`,
//! `position`), so it has a reader of its own.

mod lexer;
mod parser;
mod translate;

use lakehouse_base::ErrorCode;
use lakehouse_vector::Filter;

const MOST_BYTES: usize = 4096;

/// Reads a condition as the filter that passes the documents for which it is true.
///
/// # Errors
/// [`SqlFilterError`], with the place of what is not of the form.
pub fn read_sql_filter(text: &str) -> Result<Filter, SqlFilterError> {
    if text.len() > MOST_BYTES {
        return Err(SqlFilterError(format!(
            "it has {} bytes, the most is {MOST_BYTES}",
            text.len()
        )));
    }
    let condition = parser::parse(text)?;
    Ok(translate::passes_where_true(&condition))
}

/// Why a text is no condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sql_filter is not a condition: {0}")]
pub struct SqlFilterError(String);

impl SqlFilterError {
    /// Always [`ErrorCode::BadRequest`].
    pub fn code(&self) -> ErrorCode {
        ErrorCode::BadRequest
    }
}
