//! `POST /v1/matrix/search` and `POST /v1/matrix/retrieve`.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use lakehouse_json as json;
use lakehouse_json::{ArrayWriter, Fields, Json, ObjectWriter, push_f64};
use lakehouse_matrix::{
    MatrixQuery,
    matrix::{Answer, CorpusReport, MatrixHit, PlaybookUse, Rejected, Why},
    role::RoleKey,
};

use crate::{
    http::{answer, body::WholeBody, problem::Problem},
    schema,
    services::{
        matrix::MatrixService,
        vectors::routes::search::{read_exclude_ids, read_filter, read_k},
    },
};

const MOST_CORPORA: usize = 16;

/// The documents nearest to what a coordinator says.
#[utoipa::path(
    post,
    path = "/v1/matrix/search",
    tag = "matrix",
    request_body = schema::matrix::SearchBody,
    responses(
        (status = 200, description = "The nearest documents, what the playbook did, and how each corpus went.", body = schema::matrix::SearchAnswer),
        (status = 400, description = "The request is not of its form, or the text is blank.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "None of the corpora could be searched, and the first does not exist.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 502, description = "None of the corpora could be searched, and the first one's model failed.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn search(
    State(service): State<Arc<MatrixService>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    answer_search(&service, &body, false).await
}

/// The same with the documents' texts, and filtered by a condition of SQL.
#[utoipa::path(
    post,
    path = "/v1/matrix/retrieve",
    tag = "matrix",
    request_body = schema::matrix::RetrieveBody,
    responses(
        (status = 200, description = "The nearest documents, what the playbook did, and how each corpus went.", body = schema::matrix::SearchAnswer),
        (status = 400, description = "The request is not of its form, the text is blank, or the condition is none.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "None of the corpora could be searched, and the first does not exist.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 502, description = "None of the corpora could be searched, and the first one's model failed.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn retrieve(
    State(service): State<Arc<MatrixService>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    answer_search(&service, &body, true).await
}

async fn answer_search(
    service: &MatrixService,
    body: &WholeBody,
    text: bool,
) -> Result<Response, Problem> {
    let json = body.json()?;
    let known = if text {
        &RETRIEVE_FIELDS[..]
    } else {
        &SEARCH_FIELDS
    };
    let Request { query, explain } = Request::read(&json, known)?;
    let found = if text {
        service.matrix.retrieve(query).await?
    } else {
        service.matrix.search(query).await?
    };
    service.searches.increment(1);
    Ok(answer::json(write(&found, Members { text, explain })))
}

const RETRIEVE_FIELDS: [&str; 9] = [
    "query_text",
    "corpora",
    "k",
    "exclude_ids",
    "filter",
    "use_playbook",
    "query_role",
    "explain",
    "sql_filter",
];
const SEARCH_FIELDS: [&str; 8] = *RETRIEVE_FIELDS.first_chunk().unwrap();

struct Request<'j> {
    query: MatrixQuery<'j>,
    explain: bool,
}

impl<'j> Request<'j> {
    fn read(json: &'j Json<'_>, known: &[&'static str]) -> Result<Self, Problem> {
        let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
        let fields = Fields::new(object).only(known)?;
        let query_text = fields.required("query_text", "a string", Json::as_str)?;
        let corpora = fields.required("corpora", "an array of 1 to 16 strings", read_corpora)?;
        let k = read_k(&fields, "k")?;
        let exclude_ids = read_exclude_ids(&fields)?;
        let filter = read_filter(object)?;
        let use_playbook = fields.optional("use_playbook", "a boolean", Json::as_bool)?;
        let query_role = fields.optional("query_role", "a string", Json::as_str)?;
        let explain = fields.optional("explain", "a boolean", Json::as_bool)?;
        // Only where it is known is it there.
        let sql_filter = fields.optional("sql_filter", "a string", Json::as_str)?;
        let query = MatrixQuery {
            k,
            exclude_ids,
            filter,
            sql_filter,
            use_playbook: use_playbook.unwrap_or(false),
            query_role,
            ..MatrixQuery::new(query_text, corpora)
        };
        Ok(Self {
            query,
            explain: explain.unwrap_or(false),
        })
    }
}

fn read_corpora<'j>(json: &'j Json<'_>) -> Option<Vec<&'j str>> {
    let elements = json.as_array()?;
    if !(1..=MOST_CORPORA).contains(&elements.len()) {
        return None;
    }
    elements.iter().map(Json::as_str).collect()
}

/// Which members a hit has besides.
#[derive(Clone, Copy)]
struct Members {
    text: bool,
    explain: bool,
}

fn write(found: &Answer, members: Members) -> String {
    let hits: usize = found.hits.iter().map(size_hint).sum();
    let mut body = String::with_capacity(hits + 512);
    let mut object = ObjectWriter::new(&mut body);
    object.member("hits", |out| {
        let mut array = ArrayWriter::new(out);
        for hit in &found.hits {
            array.element(|out| write_hit(out, hit, members));
        }
        array.finish();
    });
    object.member("playbook", |out| write_playbook(out, &found.playbook));
    object.member("corpora", |out| {
        let mut array = ArrayWriter::new(out);
        for report in &found.corpora {
            array.element(|out| write_report(out, report));
        }
        array.finish();
    });
    object.finish();
    body
}

fn size_hint(hit: &MatrixHit) -> usize {
    let text = hit.text.as_ref().map_or(0, |text| text.len());
    hit.id.len() + hit.metadata.as_str().len() + text + 160
}

fn write_hit(out: &mut String, hit: &MatrixHit, members: Members) {
    let mut object = ObjectWriter::new(out);
    object.string("id", &hit.id).string("corpus", &hit.corpus);
    if members.text {
        object.optional_string("text", hit.text.as_deref());
    }
    object
        .f32("distance", hit.distance)
        .f32("base_distance", hit.base_distance)
        .raw("metadata", hit.metadata.as_str());
    if members.explain {
        object.member("why", |out| write_why(out, &hit.why));
    }
    object.finish();
}

fn write_why(out: &mut String, why: &Why) {
    let mut object = ObjectWriter::new(out);
    object
        .string("shape", why.shape.as_str())
        .optional_string("playbook", why.playbook.as_deref());
    match why.score {
        Some(score) => object.member("score", |out| push_f64(out, score)),
        None => object.raw("score", "null"),
    };
    object.member("factor", |out| push_f64(out, why.factor));
    object.finish();
}

fn write_playbook(out: &mut String, playbook: &PlaybookUse) {
    let mut object = ObjectWriter::new(out);
    let role = playbook.role.key.as_ref().map(RoleKey::as_str);
    object
        .bool("used", playbook.used)
        .optional_string("role", role)
        .string("role_source", playbook.role.source.as_str())
        .count("boosted", playbook.boosted)
        .count("injected", playbook.injected);
    object.member("rejected", |out| {
        let mut array = ArrayWriter::new(out);
        for rejected in &playbook.rejected {
            array.element(|out| write_rejected(out, rejected));
        }
        array.finish();
    });
    object.finish();
}

fn write_rejected(out: &mut String, rejected: &Rejected) {
    let mut object = ObjectWriter::new(out);
    object
        .string("playbook", &rejected.playbook)
        .string("answer_id", &rejected.answer_id)
        .string("answer_corpus", &rejected.answer_corpus)
        .string("reason", rejected.reason.as_str());
    object.finish();
}

fn write_report(out: &mut String, report: &CorpusReport) {
    let mut object = ObjectWriter::new(out);
    object.string("corpus", &report.corpus);
    match &report.outcome {
        Ok(hits) => object.string("status", "ok").count("hits", *hits),
        Err(reason) => object.string("status", "failed").string("reason", reason),
    };
    object.finish();
}
