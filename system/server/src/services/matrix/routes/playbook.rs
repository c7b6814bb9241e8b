//! `/v1/matrix/playbooks`: what was a good answer once.

use std::{borrow::Cow, sync::Arc};

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_json as json;
use lakehouse_json::{Fields, Json, ObjectWriter};
use lakehouse_matrix::{matrix::NewRecording, playbook::Score, role::RoleKey};

use crate::{
    http::{answer, body::WholeBody, path, problem::Problem},
    schema,
    services::{matrix::MatrixService, vectors::routes::items::read_id},
};

/// Remembers an answer.
#[utoipa::path(
    post,
    path = "/v1/matrix/playbooks/record",
    tag = "playbook",
    request_body = schema::playbook::RecordBody,
    responses(
        (status = 200, description = "It is remembered.", body = schema::playbook::Recorded),
        (status = 400, description = "The request is not of its form, or the text is blank.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such corpus or document.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 502, description = "The corpus's model failed.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "It could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn record(
    State(service): State<Arc<MatrixService>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let json = body.json()?;
    let recorded = service.matrix.record(read(&json)?).await?;
    service.written.upserted(1);
    let mut body = String::new();
    let mut object = ObjectWriter::new(&mut body);
    object
        .string("id", &recorded.id)
        .optional_string("role", recorded.role.key.as_ref().map(RoleKey::as_str))
        .string("role_source", recorded.role.source.as_str());
    object.finish();
    Ok(answer::json(body))
}

/// One recording.
#[utoipa::path(
    get,
    path = "/v1/matrix/playbooks/{id}",
    tag = "playbook",
    params(("id" = String, Path, description = "The recording's id.")),
    responses(
        (status = 200, description = "The recording.", body = schema::playbook::Recording),
        (status = 404, description = "There is no such recording.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn recording(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let recording = service.matrix.recording(&recording_id(&uri))?;
    let mut body = String::new();
    let mut object = ObjectWriter::new(&mut body);
    object
        .string("id", &recording.id)
        .string("query_text", &recording.query_text)
        .string("answer_id", &recording.answer_id)
        .string("answer_corpus", &recording.answer_corpus)
        .raw("score", recording.score.as_str())
        .optional_string("role", recording.role.as_ref().map(RoleKey::as_str))
        .string("recorded_at", &recording.recorded_at);
    object.finish();
    Ok(answer::json(body))
}

/// Forgets one recording.
#[utoipa::path(
    delete,
    path = "/v1/matrix/playbooks/{id}",
    tag = "playbook",
    params(("id" = String, Path, description = "The recording's id.")),
    responses(
        (status = 200, description = "It is gone.", body = schema::vectors::Deleted),
        (status = 404, description = "There is no such recording.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "It could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete_recording(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    service.matrix.delete_recording(&recording_id(&uri)).await?;
    service.written.deleted(1);
    Ok(answer::count("deleted", 1))
}

fn read<'j>(json: &'j Json<'_>) -> Result<NewRecording<'j>, Problem> {
    let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
    let known = ["query_text", "answer_id", "answer_corpus", "score", "role"];
    let fields = Fields::new(object).only(&known)?;
    Ok(NewRecording {
        query_text: fields.required("query_text", "a string", Json::as_str)?,
        answer_id: fields.required("answer_id", "a string of 1 to 256 bytes", read_id)?,
        answer_corpus: fields.required("answer_corpus", "a string", Json::as_str)?,
        score: fields.required("score", "a number from -1 to 1", Score::read)?,
        role: fields.optional("role", "a string", Json::as_str)?,
    })
}

/// What is not UTF-8 is the id of no recording, and told as it came.
fn recording_id(uri: &Uri) -> Cow<'_, str> {
    let segment = path::segment(uri, 3);
    path::decoded(segment).map_or(Cow::Borrowed(segment), Cow::Owned)
}
