//! The documents of a corpus.

use std::sync::Arc;

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_base::Limits;
use lakehouse_json as json;
use lakehouse_json::{ArrayWriter, BodyError, Fields, Json, ObjectWriter};
use lakehouse_matrix::matrix::{Document, Intake};

use super::corpus_name;
use crate::{
    http::{
        answer,
        ndjson::{BodyLine, BodyLines},
        path,
        problem::Problem,
    },
    schema,
    services::{
        matrix::MatrixService,
        vectors::routes::items::{read_id, read_metadata},
    },
};

/// So many refused lines are told of.
const MOST_ERRORS: usize = 100;

/// Takes in documents, a JSON object a line, as they arrive.
#[utoipa::path(
    post,
    path = "/v1/matrix/corpora/{corpus}/documents",
    tag = "matrix",
    params(("corpus" = String, Path, description = "The corpus's name.")),
    request_body(
        content = schema::matrix::DocumentLine,
        content_type = "application/x-ndjson",
        description = "Lines of any number, each at most as long as a body may be. Blank ones are passed over.",
    ),
    responses(
        (status = 200, description = "The documents that were taken are durable, and every search that begins now sees them.", body = schema::matrix::Taken),
        (status = 400, description = "The name is not of its form, or the body was cut off.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such corpus.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 502, description = "The provider of the model failed; what was taken before stays.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "They could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn take(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
    mut lines: BodyLines,
) -> Result<Response, Problem> {
    let outcome = async {
        let intake = service.matrix.take_documents(&corpus_name(&uri)?)?;
        take_lines(&mut lines, intake).await
    };
    match outcome.await {
        Ok(taken) => {
            service.written.upserted(taken.count);
            Ok(answer::json(taken.into_body()))
        }
        Err(problem) => {
            lines.discard().await;
            Err(problem)
        }
    }
}

/// One document.
#[utoipa::path(
    get,
    path = "/v1/matrix/corpora/{corpus}/documents/{id}",
    tag = "matrix",
    params(
        ("corpus" = String, Path, description = "The corpus's name."),
        ("id" = String, Path, description = "The document's id."),
    ),
    responses(
        (status = 200, description = "The document.", body = schema::matrix::Document),
        (status = 400, description = "The name or the id is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such corpus or document.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn document(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = corpus_name(&uri)?;
    let document = service.matrix.document(&name, &document_id(&uri)?)?;
    let mut body = String::new();
    let mut object = ObjectWriter::new(&mut body);
    object
        .string("id", &document.id)
        .optional_string("text", document.text.as_deref())
        .raw("metadata", document.metadata.as_str());
    object.finish();
    Ok(answer::json(body))
}

/// Takes one document out.
#[utoipa::path(
    delete,
    path = "/v1/matrix/corpora/{corpus}/documents/{id}",
    tag = "matrix",
    params(
        ("corpus" = String, Path, description = "The corpus's name."),
        ("id" = String, Path, description = "The document's id."),
    ),
    responses(
        (status = 200, description = "It is gone.", body = schema::vectors::Deleted),
        (status = 400, description = "The name or the id is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such corpus or document.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "It could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete_document(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = corpus_name(&uri)?;
    service
        .matrix
        .delete_document(&name, &document_id(&uri)?)
        .await?;
    service.written.deleted(1);
    Ok(answer::count("deleted", 1))
}

/// What became of the lines of a body.
#[derive(Default)]
struct Taken {
    count: usize,
    refused: usize,
    /// The first refused lines.
    errors: Vec<(usize, String)>,
}

impl Taken {
    fn refuse(&mut self, line: usize, reason: String) {
        self.refused += 1;
        if self.errors.len() < MOST_ERRORS {
            self.errors.push((line, reason));
        }
    }

    fn into_body(self) -> String {
        let mut body = String::new();
        let mut object = ObjectWriter::new(&mut body);
        object
            .count("taken", self.count)
            .count("refused", self.refused);
        object.member("errors", |out| {
            let mut array = ArrayWriter::new(out);
            for (line, reason) in &self.errors {
                array.element(|out| {
                    let mut object = ObjectWriter::new(out);
                    object.count("line", *line).string("reason", reason);
                    object.finish();
                });
            }
            array.finish();
        });
        object.finish();
        body
    }
}

async fn take_lines(lines: &mut BodyLines, mut intake: Intake<'_>) -> Result<Taken, Problem> {
    let limits = lines.limits();
    let mut taken = Taken::default();
    while let Some((number, line)) = lines.next().await? {
        let document = match &line {
            BodyLine::TooLong => Err(of_line(BodyError::TooLarge {
                limit: limits.body_bytes,
            })),
            BodyLine::Whole(line) if is_blank(line) => continue,
            BodyLine::Whole(line) => read_document(line, &limits),
        };
        match document {
            Ok(document) => intake.take(number, document).await?,
            Err(reason) => taken.refuse(number, reason),
        }
    }
    taken.count = intake.finish().await?;
    Ok(taken)
}

/// Blank lines separate; they are none of the documents.
fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// Reads a line, or says why it is refused.
fn read_document(line: &[u8], limits: &Limits) -> Result<Document, String> {
    let json = json::read_body(line, limits).map_err(of_line)?;
    let object = json
        .as_object()
        .ok_or(BodyError::NotAnObject)
        .map_err(of_line)?;
    let (id, text, metadata) = read_fields(object).map_err(|error| error.to_string())?;
    Document::new(id, text, metadata.unwrap_or_default()).map_err(|error| error.to_string())
}

type DocumentFields<'j> = (&'j str, &'j str, Option<lakehouse_vector::Metadata>);

fn read_fields<'j>(object: &'j json::Object<'_>) -> Result<DocumentFields<'j>, json::FieldError> {
    let fields = Fields::new(object).only(&["id", "text", "metadata"])?;
    Ok((
        fields.required("id", "a string of 1 to 256 bytes", read_id)?,
        fields.required("text", "a string", Json::as_str)?,
        fields.optional("metadata", "an object", read_metadata)?,
    ))
}

/// The error of a body, said of a line.
fn of_line(error: BodyError) -> String {
    error.to_string().replacen("request body", "line", 1)
}

fn document_id(uri: &Uri) -> Result<String, Problem> {
    path::decoded(path::segment(uri, 5))
        .ok_or_else(|| Problem::bad_request("document id is not valid UTF-8"))
}
