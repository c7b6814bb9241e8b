//! `POST /vectors/search` and `POST /vectors/hybrid`: one corpus, in the legacy dialect.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use lakehouse_json as json;
use lakehouse_json::{ArrayWriter, Fields, Json, ObjectWriter};
use lakehouse_matrix::{MatrixError, MatrixQuery, matrix::Answer};

use crate::{
    http::{answer, body::WholeBody, problem::Problem},
    schema,
    services::{matrix::MatrixService, vectors::routes::search::read_k},
};

/// The documents of one corpus that are nearest to a text.
#[utoipa::path(
    post,
    path = "/vectors/search",
    tag = "matrix",
    request_body = schema::matrix::LegacySearchBody,
    responses(
        (status = 200, description = "The nearest documents.", body = schema::matrix::LegacySearchAnswer),
        (status = 400, description = "The request is not of its form, or the text is blank.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such corpus.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 502, description = "The corpus's model failed.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn search(
    State(service): State<Arc<MatrixService>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let json = body.json()?;
    let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
    let fields = Fields::new(object).only(&["index_name", "query", "top_k"])?;
    let corpus = fields.required("index_name", "a string", Json::as_str)?;
    let query_text = fields.required("query", "a string", Json::as_str)?;
    let k = read_k(&fields, "top_k")?;
    let query = MatrixQuery {
        k,
        ..MatrixQuery::new(query_text, vec![corpus])
    };
    let found = service.matrix.search(query).await;
    let found = found.map_err(|error| in_legacy_words(error, "query"))?;
    service.searches.increment(1);
    Ok(answer::json(write(&found, false)))
}

/// The same with the documents' texts, and filtered by a condition of SQL.
#[utoipa::path(
    post,
    path = "/vectors/hybrid",
    tag = "matrix",
    request_body = schema::matrix::LegacyHybridBody,
    responses(
        (status = 200, description = "The nearest documents that pass.", body = schema::matrix::LegacyHybridAnswer),
        (status = 400, description = "The request is not of its form, the text is blank, or the condition is none.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such corpus.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 502, description = "The corpus's model failed.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn hybrid(
    State(service): State<Arc<MatrixService>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let json = body.json()?;
    let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
    let known = ["index_name", "question", "sql_filter", "top_k"];
    let fields = Fields::new(object).only(&known)?;
    let corpus = fields.required("index_name", "a string", Json::as_str)?;
    let query_text = fields.required("question", "a string", Json::as_str)?;
    let sql_filter = fields.optional("sql_filter", "a string", Json::as_str)?;
    let k = read_k(&fields, "top_k")?;
    let query = MatrixQuery {
        k,
        sql_filter,
        ..MatrixQuery::new(query_text, vec![corpus])
    };
    let found = service.matrix.retrieve(query).await;
    let found = found.map_err(|error| in_legacy_words(error, "question"))?;
    service.searches.increment(1);
    Ok(answer::json(write(&found, true)))
}

/// The legacy dialect has the text in a field of another name.
fn in_legacy_words(error: MatrixError, text_field: &str) -> Problem {
    match error {
        MatrixError::EmptyQuery => Problem::bad_request(format!("{text_field} is empty")),
        error => error.into(),
    }
}

fn write(found: &Answer, with_text: bool) -> String {
    let mut body = String::new();
    let mut object = ObjectWriter::new(&mut body);
    object.member("results", |out| {
        let mut array = ArrayWriter::new(out);
        for hit in &found.hits {
            array.element(|out| {
                let mut object = ObjectWriter::new(out);
                object
                    .string("doc_id", &hit.id)
                    .f32("distance", hit.distance);
                if with_text {
                    object.optional_string("text", hit.text.as_deref());
                }
                object.raw("metadata", hit.metadata.as_str());
                object.finish();
            });
        }
        array.finish();
    });
    object.finish();
    body
}
