//! `/v1/matrix`: corpora, their documents, searches over several of them; and the legacy dialect.

mod corpora;
mod documents;
mod legacy;
mod playbook;
mod search;

use std::sync::Arc;

use axum::http::Uri;
use lakehouse_matrix::CorpusName;

use super::MatrixService;
use crate::http::{
    path,
    problem::Problem,
    route::{Route, tagged},
};

pub(super) fn routes() -> impl Iterator<Item = Route<Arc<MatrixService>>> {
    let matrix = corpora::routes()
        .into_iter()
        .chain(documents::routes())
        .chain(search::routes())
        .chain(legacy::routes());
    tagged("matrix", matrix).chain(tagged("playbook", playbook::routes()))
}

const NOT_WRITTEN: &str = "It could not be written.";
const UNKNOWN_CORPUS: &str = "There is no such corpus.";
const MODEL_FAILED: &str = "The model of the corpus failed.";

/// The name of the corpus in `/v1/matrix/corpora/{corpus}/…`; the corpus may not exist.
fn corpus_name(uri: &Uri) -> Result<CorpusName, Problem> {
    Ok(CorpusName::parse(path::segment(uri, 3))?)
}
