//! Creating, describing and dropping corpora.

use std::sync::Arc;

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_wire::{
    matrix::{CREATE_EXAMPLE, CorpusDescription, CorpusList, CorpusName, CreateCorpus},
    read_body,
    vectors::Dropped,
};

use super::{MODEL_FAILED, NOT_WRITTEN, UNKNOWN_CORPUS, corpus_name};
use crate::{
    http::{answer, body::WholeBody, problem::Problem, route::Route},
    services::matrix::{MatrixService, convert},
};

const CORPORA: &str = "/v1/matrix/corpora";
const CORPUS: &str = "/v1/matrix/corpora/{corpus}";
const BAD_NAME: &str = "The name is not as described.";

pub(super) fn routes() -> [Route<Arc<MatrixService>>; 4] {
    [
        Route::get(CORPORA, list)
            .named("listCorpora", "List all corpora")
            .response::<CorpusList>(200, "Their descriptions, by name."),
        Route::put(CORPUS, create)
            .named("createCorpus", "Create a corpus")
            .path_parameter::<CorpusName>()
            .request::<CreateCorpus>(CREATE_EXAMPLE)
            .response::<CorpusDescription>(200, "It exists with the same model.")
            .response::<CorpusDescription>(201, "It was created.")
            .problem(
                400,
                "The request is not as described, or the model is unknown.",
            )
            .problem(
                409,
                "It exists with another model, or an index has its name.",
            )
            .problem(502, MODEL_FAILED)
            .problem(507, NOT_WRITTEN),
        Route::get(CORPUS, describe)
            .named("describeCorpus", "Describe a corpus")
            .path_parameter::<CorpusName>()
            .response::<CorpusDescription>(200, "Its description.")
            .problem(400, BAD_NAME)
            .problem(404, UNKNOWN_CORPUS),
        Route::delete(CORPUS, drop_corpus)
            .named("dropCorpus", "Drop a corpus with all its documents")
            .path_parameter::<CorpusName>()
            .response::<Dropped>(200, "It was dropped.")
            .problem(400, BAD_NAME)
            .problem(404, UNKNOWN_CORPUS)
            .problem(507, NOT_WRITTEN),
    ]
}

async fn list(State(service): State<Arc<MatrixService>>) -> Response {
    let corpora = service.matrix.corpora();
    answer::ok(&CorpusList {
        corpora: corpora.iter().map(convert::description).collect(),
    })
}

async fn create(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let name = corpus_name(&uri)?;
    let model = {
        let body = body?;
        let json = body.json()?;
        let request: CreateCorpus = read_body(&json)?;
        request.model.map(str::to_owned)
    };
    let (corpus, is_new) = service
        .matrix
        .create_corpus(&name, model.as_deref())
        .await?;
    Ok(answer::created(is_new, &convert::description(&corpus)))
}

async fn describe(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let corpus = service.matrix.corpus(&corpus_name(&uri)?)?;
    Ok(answer::ok(&convert::description(&corpus)))
}

async fn drop_corpus(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = corpus_name(&uri)?;
    service.matrix.drop_corpus(&name).await?;
    let dropped = name.as_str();
    Ok(answer::ok(&Dropped { dropped }))
}
