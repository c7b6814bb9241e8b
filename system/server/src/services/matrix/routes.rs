//! `/v1/matrix`: corpora, their documents, searches over several of them; and the legacy dialect.

mod corpora;
mod documents;
mod legacy;
mod playbook;
mod search;

use std::sync::Arc;

use axum::{http::Uri, routing::get};
use lakehouse_matrix::matrix::CorpusName;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::MatrixService;
use crate::http::{path, problem::Problem};

pub(super) fn routes() -> OpenApiRouter<Arc<MatrixService>> {
    OpenApiRouter::default()
        .routes(routes!(corpora::list))
        .routes(routes!(
            corpora::make,
            corpora::describe,
            corpora::drop_corpus
        ))
        .routes(routes!(documents::take))
        .routes(routes!(documents::document, documents::delete_document))
        .routes(routes!(search::search))
        .routes(routes!(search::retrieve))
        .routes(routes!(legacy::search))
        .routes(routes!(legacy::hybrid))
        .routes(routes!(playbook::record))
        // A recording that is called `record` could be asked for.
        .route(
            "/v1/matrix/playbooks/record",
            get(playbook::recording).delete(playbook::delete_recording),
        )
        .routes(routes!(playbook::recording, playbook::delete_recording))
}

/// The corpus that `/v1/matrix/corpora/{corpus}/…` names, as far as its form goes.
fn corpus_name(uri: &Uri) -> Result<CorpusName, Problem> {
    Ok(CorpusName::parse(path::segment(uri, 3))?)
}
