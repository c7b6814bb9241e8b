//! The documents of a corpus.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::Uri,
    response::Response,
};
use lakehouse_base::Limits;
use lakehouse_json as json;
use lakehouse_json::BodyError;
use lakehouse_matrix::{Ingestion, RejectedDocument};
use lakehouse_wire::{
    Array, AtLeast, Nullable,
    matrix::{
        AfterId, CorpusName, DEFAULT_IDS, DOCUMENTS_EXAMPLE, Document, DocumentId, DocumentIds,
        DocumentLine, DocumentsTaken, IdLimit, LineError, MAX_IDS, MAX_LINE_ERRORS,
    },
    read_body,
    vectors::Deleted,
};

use super::{NOT_WRITTEN, UNKNOWN_CORPUS, corpus_name};
use crate::{
    http::{
        answer,
        ndjson::{BodyLine, BodyLines},
        path,
        problem::Problem,
        route::Route,
    },
    services::{
        matrix::MatrixService,
        vectors::convert::{carried, metadata},
    },
};

const DOCUMENTS: &str = "/v1/matrix/corpora/{corpus}/documents";
const DOCUMENT: &str = "/v1/matrix/corpora/{corpus}/documents/{id}";
const BAD_NAME: &str = "The name or the id is not as described.";
const UNKNOWN_DOCUMENT: &str = "There is no such corpus or document.";

pub(super) fn routes() -> [Route<Arc<MatrixService>>; 4] {
    [
        Route::get(DOCUMENTS, document_ids)
            .named("listDocuments", "List the ids of documents")
            .path_parameter::<CorpusName>()
            .query_parameter::<AfterId>()
            .query_parameter::<IdLimit>()
            .response::<DocumentIds>(200, "Ids, in the order of their bytes.")
            .problem(400, "The name or the query is not as described.")
            .problem(404, UNKNOWN_CORPUS),
        Route::post(DOCUMENTS, ingest)
            .named(
                "sendDocuments",
                "Insert or replace documents as they arrive",
            )
            .path_parameter::<CorpusName>()
            .lines::<DocumentLine>(DOCUMENTS_EXAMPLE)
            .response::<DocumentsTaken>(
                200,
                "All lines were read. The documents taken are durable, and every search that \
                 begins now sees them.",
            )
            .problem(
                400,
                "The name is not as described, the body was cut off, or the vectors of the model \
                 are rejected.",
            )
            .problem(404, UNKNOWN_CORPUS)
            .problem(502, "The model failed. The documents taken before stay.")
            .problem(507, NOT_WRITTEN),
        Route::get(DOCUMENT, document)
            .named("getDocument", "Get a document")
            .path_parameter::<CorpusName>()
            .path_parameter::<DocumentId>()
            .response::<Document>(200, "The document.")
            .problem(400, BAD_NAME)
            .problem(404, UNKNOWN_DOCUMENT),
        Route::delete(DOCUMENT, delete_document)
            .named("deleteDocument", "Delete a document")
            .path_parameter::<CorpusName>()
            .path_parameter::<DocumentId>()
            .response::<Deleted>(200, "It was deleted.")
            .problem(400, BAD_NAME)
            .problem(404, UNKNOWN_DOCUMENT)
            .problem(507, NOT_WRITTEN),
    ]
}

async fn ingest(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
    mut lines: BodyLines,
) -> Result<Response, Problem> {
    let outcome = async {
        let ingestion = service.matrix.ingest(&corpus_name(&uri)?)?;
        lines.check_content_type()?;
        ingest_lines(&mut lines, ingestion).await
    };
    match outcome.await {
        Ok(taken) => {
            service.written.upserted(taken.count);
            Ok(answer::ok(&taken.to_wire()))
        }
        Err(problem) => {
            lines.discard().await;
            Err(problem)
        }
    }
}

async fn document_ids(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let name = corpus_name(&uri)?;
    let (after, limit) = read_page(query.as_deref().unwrap_or_default())?;
    let ids = service.matrix.document_ids(&name, after, limit).await?;
    let ids = Array(ids.iter().map(|id| &**id).collect());
    Ok(answer::ok(&DocumentIds { ids }))
}

async fn document(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = corpus_name(&uri)?;
    let document = service.matrix.document(&name, &document_id(&uri)?)?;
    Ok(answer::ok(&Document {
        id: &document.id,
        text: Nullable(document.text.as_deref()),
        metadata: carried(&document.metadata),
    }))
}

async fn delete_document(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = corpus_name(&uri)?;
    let id = document_id(&uri)?;
    service.matrix.delete_document(&name, &id).await?;
    service.written.deleted(1);
    let deleted = AtLeast::new(1);
    Ok(answer::ok(&Deleted { deleted }))
}

/// Reads a query: the id after which the list begins, and its largest length. The last of several
/// values counts.
fn read_page(query: &str) -> Result<(String, usize), Problem> {
    let (mut after, mut limit) = (String::new(), DEFAULT_IDS);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "after" => after = value.into_owned(),
            "limit" => limit = read_limit(&value)?,
            _ => {
                let detail =
                    format!("unknown query parameter `{name}`; expected one of `after`, `limit`");
                return Err(Problem::bad_request(detail));
            }
        }
    }
    Ok((after, limit))
}

fn read_limit(text: &str) -> Result<usize, Problem> {
    // `parse` would accept a sign.
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let limit = text
        .parse()
        .ok()
        .filter(|limit| (1..=MAX_IDS).contains(limit));
    limit.filter(|_| is_digits).ok_or_else(|| {
        let detail = format!("query parameter `limit` must be an integer from 1 to {MAX_IDS}");
        Problem::bad_request(detail)
    })
}

/// The result of reading the lines of a body.
#[derive(Default)]
struct Taken {
    count: usize,
    refused: usize,
    /// The first refused lines, no more than an answer may have.
    errors: Vec<(usize, String)>,
}

impl Taken {
    fn refuse(&mut self, line: usize, reason: String) {
        self.refused += 1;
        // The model rejects documents of a batch after later lines were read.
        let place = self.errors.partition_point(|(other, _)| *other < line);
        self.errors.insert(place, (line, reason));
        self.errors.truncate(MAX_LINE_ERRORS);
    }

    fn to_wire(&self) -> DocumentsTaken<'_> {
        let errors = self.errors.iter().map(|(line, reason)| LineError {
            line: AtLeast::from_length(*line),
            reason,
        });
        DocumentsTaken {
            taken: AtLeast::from_length(self.count),
            refused: AtLeast::from_length(self.refused),
            errors: Array(errors.collect()),
        }
    }
}

async fn ingest_lines(
    lines: &mut BodyLines,
    mut ingestion: Ingestion<'_>,
) -> Result<Taken, Problem> {
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
            Ok(document) => ingestion.add(number, document).await?,
            Err(reason) => taken.refuse(number, reason),
        }
    }
    let ingested = ingestion.finish().await?;
    taken.count = ingested.count;
    let without_reason = ingested.rejected - ingested.reasons.len();
    for RejectedDocument { line, reason } in ingested.reasons {
        taken.refuse(line, reason);
    }
    taken.refused += without_reason;
    Ok(taken)
}

/// Blank lines separate documents.
fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// Reads a line, or returns the reason why it is rejected.
fn read_document(line: &[u8], limits: &Limits) -> Result<lakehouse_matrix::Document, String> {
    let json = json::read_body(line, limits).map_err(of_line)?;
    let line: DocumentLine = read_body(&json).map_err(|error| error.to_string())?;
    let DocumentLine {
        id,
        text,
        metadata: object,
    } = line;
    lakehouse_matrix::Document::new(id.0, text.0, metadata(object))
        .map_err(|error| error.to_string())
}

/// The error of a body as that of a line.
fn of_line(error: BodyError) -> String {
    error.to_string().replacen("request body", "line", 1)
}

fn document_id(uri: &Uri) -> Result<String, Problem> {
    path::decoded(path::segment(uri, 5))
        .ok_or_else(|| Problem::bad_request("document id is not valid UTF-8"))
}
