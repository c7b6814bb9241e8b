//! Making, describing and dropping corpora.

use std::sync::Arc;

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_json as json;
use lakehouse_json::{Fields, Json, ObjectWriter};
use lakehouse_matrix::matrix::CorpusDescription;

use super::corpus_name;
use crate::{
    http::{answer, body::WholeBody, problem::Problem},
    schema,
    services::matrix::MatrixService,
};

/// Makes a corpus.
#[utoipa::path(
    put,
    path = "/v1/matrix/corpora/{corpus}",
    tag = "matrix",
    params(("corpus" = String, Path, description = "The corpus's name.")),
    request_body = schema::matrix::CorpusBody,
    responses(
        (status = 200, description = "It exists, with that model.", body = schema::matrix::CorpusDescription),
        (status = 201, description = "It was made.", body = schema::matrix::CorpusDescription),
        (status = 400, description = "The name or the request is not of its form, or the model is unknown.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 409, description = "It exists, with another model.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 502, description = "The provider of the model failed.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "It could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn make(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let name = corpus_name(&uri)?;
    let model = {
        let body = body?;
        let json = body.json()?;
        let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
        let fields = Fields::new(object).only(&["model"])?;
        let model = fields.optional("model", "a string", Json::as_str)?;
        model.map(str::to_owned)
    };
    let (corpus, is_new) = service
        .matrix
        .create_corpus(&name, model.as_deref())
        .await?;
    Ok(answer::made(is_new, description(&corpus)))
}

/// All corpora, by name.
#[utoipa::path(
    get,
    path = "/v1/matrix/corpora",
    tag = "matrix",
    responses((status = 200, description = "Their descriptions.", body = schema::matrix::CorpusList)),
)]
pub(super) async fn list(State(service): State<Arc<MatrixService>>) -> Response {
    answer::list("corpora", service.matrix.corpora().iter().map(description))
}

/// What a corpus is.
#[utoipa::path(
    get,
    path = "/v1/matrix/corpora/{corpus}",
    tag = "matrix",
    params(("corpus" = String, Path, description = "The corpus's name.")),
    responses(
        (status = 200, description = "Its description.", body = schema::matrix::CorpusDescription),
        (status = 400, description = "The name is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such corpus.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn describe(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let corpus = service.matrix.corpus(&corpus_name(&uri)?)?;
    Ok(answer::json(description(&corpus)))
}

/// Drops a corpus with all its documents.
#[utoipa::path(
    delete,
    path = "/v1/matrix/corpora/{corpus}",
    tag = "matrix",
    params(("corpus" = String, Path, description = "The corpus's name.")),
    responses(
        (status = 200, description = "It is gone.", body = schema::vectors::Dropped),
        (status = 400, description = "The name is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such corpus.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "It could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn drop_corpus(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = corpus_name(&uri)?;
    service.matrix.drop_corpus(&name).await?;
    Ok(answer::dropped(name.as_str()))
}

fn description(corpus: &CorpusDescription) -> String {
    let mut text = String::new();
    let mut object = ObjectWriter::new(&mut text);
    object
        .string("name", &corpus.name)
        .string("model", &corpus.model)
        .count("dimension", corpus.dimension)
        .count("documents", corpus.documents);
    object.finish();
    text
}
