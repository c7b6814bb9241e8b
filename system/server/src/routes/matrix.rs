//! `/v1/matrix`: corpora, their documents, searches over several of them; and the legacy dialect.

pub mod corpora;
pub mod documents;
pub mod legacy;
pub mod search;

use axum::http::Uri;
use lakehouse_matrix::matrix::CorpusName;

use crate::{Problem, path};

/// The corpus that `/v1/matrix/corpora/{corpus}/…` names, as far as its form goes.
fn corpus_name(uri: &Uri) -> Result<CorpusName, Problem> {
    Ok(CorpusName::parse(path::segment(uri, 3))?)
}
