//! `POST /v1/matrix/search` and `POST /v1/matrix/retrieve`.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use lakehouse_matrix::MatrixQuery;
use lakehouse_wire::{
    matrix::{MatrixRetrieve, MatrixSearch, MatrixSearchAnswer, RETRIEVE_EXAMPLE, SEARCH_EXAMPLE},
    read_body,
};

use crate::{
    http::{answer, body::WholeBody, problem::Problem, route::Route},
    services::matrix::{
        MatrixService,
        convert::{self, Members},
    },
};

const FOUND: &str = "The nearest documents, what the playbook did, and the result for each corpus.";
const UNKNOWN: &str = "No corpus could be searched, and the first does not exist.";
const MODEL_FAILED: &str = "No corpus could be searched, and the model of the first failed.";

pub(super) fn routes() -> [Route<Arc<MatrixService>>; 2] {
    [
        Route::post("/v1/matrix/search", search)
            .named(
                "searchCorpora",
                "Find the documents nearest to a coordinator's request",
            )
            .request::<MatrixSearch>(SEARCH_EXAMPLE)
            .response::<MatrixSearchAnswer>(200, FOUND)
            .problem(
                400,
                "The request is not as described, or the text is blank.",
            )
            .problem(404, UNKNOWN)
            .problem(502, MODEL_FAILED),
        Route::post("/v1/matrix/retrieve", retrieve)
            .named(
                "retrieveDocuments",
                "Find documents with their texts, also by a condition in SQL",
            )
            .request::<MatrixRetrieve>(RETRIEVE_EXAMPLE)
            .response::<MatrixSearchAnswer>(200, FOUND)
            .problem(
                400,
                "The request is not as described, the text is blank, or the condition cannot be \
                 parsed.",
            )
            .problem(404, UNKNOWN)
            .problem(502, MODEL_FAILED),
    ]
}

async fn search(
    State(service): State<Arc<MatrixService>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let json = body.json()?;
    let request: MatrixSearch = read_body(&json)?;
    let found = service.matrix.search(convert::query(&request)).await?;
    service.searches.increment(1);
    let members = Members {
        text: false,
        explain: request.explain,
        matches: found.understood.is_some(),
    };
    Ok(answer::ok(&convert::answer(&found, members)))
}

async fn retrieve(
    State(service): State<Arc<MatrixService>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let json = body.json()?;
    let request: MatrixRetrieve = read_body(&json)?;
    let query = MatrixQuery {
        sql_filter: request.sql_filter.map(|condition| condition.0),
        ..convert::query(&request.search)
    };
    let found = service.matrix.retrieve(query).await?;
    service.searches.increment(1);
    let members = Members {
        text: true,
        explain: request.search.explain,
        matches: found.understood.is_some(),
    };
    Ok(answer::ok(&convert::answer(&found, members)))
}
