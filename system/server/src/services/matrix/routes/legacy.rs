//! `POST /vectors/search` and `POST /vectors/hybrid`: one corpus, in the legacy dialect.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use lakehouse_matrix::{MatrixError, MatrixQuery};
use lakehouse_wire::{
    matrix::legacy::{
        HYBRID_EXAMPLE, LegacyHybridAnswer, LegacyHybridSearch, LegacySearch, LegacySearchAnswer,
        SEARCH_EXAMPLE,
    },
    read_body,
};

use super::{MODEL_FAILED, UNKNOWN_CORPUS};
use crate::{
    http::{answer, body::WholeBody, problem::Problem, route::Route},
    services::matrix::{MatrixService, convert},
};

pub(super) fn routes() -> [Route<Arc<MatrixService>>; 2] {
    [
        Route::post("/vectors/search", search)
            .named("legacySearch", "Find documents, in the legacy dialect")
            .request::<LegacySearch>(SEARCH_EXAMPLE)
            .response::<LegacySearchAnswer>(200, "The nearest documents.")
            .problem(
                400,
                "The request is not as described, or the text is blank.",
            )
            .problem(404, UNKNOWN_CORPUS)
            .problem(502, MODEL_FAILED),
        Route::post("/vectors/hybrid", hybrid)
            .named(
                "legacyHybridSearch",
                "Find documents by a text and a condition in SQL, in the legacy dialect",
            )
            .request::<LegacyHybridSearch>(HYBRID_EXAMPLE)
            .response::<LegacyHybridAnswer>(200, "The nearest documents that pass.")
            .problem(
                400,
                "The request is not as described, the text is blank, or the condition cannot be \
                 parsed.",
            )
            .problem(404, UNKNOWN_CORPUS)
            .problem(502, MODEL_FAILED),
    ]
}

async fn search(
    State(service): State<Arc<MatrixService>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let json = body.json()?;
    let request: LegacySearch = read_body(&json)?;
    let query = MatrixQuery {
        k: request.top_k.as_usize(),
        ..MatrixQuery::new(request.query.0, vec![request.index_name])
    };
    let found = service.matrix.search(query).await;
    let found = found.map_err(|error| legacy_problem(error, "query"))?;
    service.searches.increment(1);
    Ok(answer::ok(&LegacySearchAnswer {
        results: found.hits.iter().map(convert::legacy_result).collect(),
    }))
}

async fn hybrid(
    State(service): State<Arc<MatrixService>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let json = body.json()?;
    let request: LegacyHybridSearch = read_body(&json)?;
    let query = MatrixQuery {
        k: request.top_k.as_usize(),
        sql_filter: request.sql_filter.map(|condition| condition.0),
        ..MatrixQuery::new(request.question.0, vec![request.index_name])
    };
    let found = service.matrix.retrieve(query).await;
    let found = found.map_err(|error| legacy_problem(error, "question"))?;
    service.searches.increment(1);
    Ok(answer::ok(&LegacyHybridAnswer {
        results: found
            .hits
            .iter()
            .map(convert::legacy_hybrid_result)
            .collect(),
    }))
}

/// The problem in the legacy dialect, whose field for the text has another name.
fn legacy_problem(error: MatrixError, text_field: &str) -> Problem {
    match error {
        MatrixError::EmptyQuery => Problem::bad_request(format!("{text_field} is empty")),
        error => error.into(),
    }
}
