//! `POST /v1/embed`, and `POST /ai/embed`, its legacy dialect.

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use lakehouse_json as json;
use lakehouse_json::{Fields, Json};
use lakehouse_models::embed::{Embedded, Embedding};

use utoipa_axum::{router::OpenApiRouter, routes};

use super::Embed;
use crate::{
    http::{body::WholeBody, problem::Problem},
    schema,
};

pub(super) fn routes() -> OpenApiRouter<Arc<Embed>> {
    OpenApiRouter::default()
        .routes(routes!(embed))
        .routes(routes!(legacy_embed))
}

/// How many texts one request may have.
const MOST_TEXTS: usize = 256;

/// Texts to vectors.
#[utoipa::path(
    post,
    path = "/v1/embed",
    tag = "embed",
    request_body = schema::EmbedBody,
    responses(
        (status = 200, description = "One unit vector for each text, in order.", body = schema::EmbedAnswer),
        (status = 400, description = "The request is not of its form, a text is empty, or the model is unknown.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 502, description = "The provider failed.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
async fn embed(State(service): State<Arc<Embed>>, body: WholeBody) -> Result<Response, Problem> {
    answer(
        &service,
        &body,
        Dialect {
            dimension: "dimension",
            vectors: "vectors",
        },
    )
    .await
}

/// Texts to vectors, with the legacy names of the answer's members.
#[utoipa::path(
    post,
    path = "/ai/embed",
    tag = "embed",
    request_body = schema::EmbedBody,
    responses(
        (status = 200, description = "One unit vector for each text, in order.", body = schema::LegacyEmbedAnswer),
        (status = 400, description = "The request is not of its form, a text is empty, or the model is unknown.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 502, description = "The provider failed.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
async fn legacy_embed(
    State(service): State<Arc<Embed>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    answer(
        &service,
        &body,
        Dialect {
            dimension: "dimensions",
            vectors: "embeddings",
        },
    )
    .await
}

/// The names of the answer's members.
#[derive(Clone, Copy)]
struct Dialect {
    dimension: &'static str,
    vectors: &'static str,
}

async fn answer(service: &Embed, body: &WholeBody, dialect: Dialect) -> Result<Response, Problem> {
    let json = body.json()?;
    let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
    let fields = Fields::new(object).only(&["texts", "model"])?;
    let texts = fields.required("texts", "an array of 1 to 256 strings", read_texts)?;
    let model = fields.optional("model", "a string", Json::as_str)?;
    let embedded = service.embedders().embed(model, &texts).await?;
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((content_type, write(&embedded, dialect)).into_response())
}

fn read_texts<'j>(value: &'j Json<'_>) -> Option<Vec<Cow<'j, str>>> {
    let elements = value.as_array()?;
    if !(1..=MOST_TEXTS).contains(&elements.len()) {
        return None;
    }
    elements
        .iter()
        .map(|element| element.as_str().map(Cow::Borrowed))
        .collect()
}

/// Puts the vectors' ready-made texts together.
fn write(embedded: &Embedded<'_>, dialect: Dialect) -> Vec<u8> {
    let Embedded { model, embeddings } = embedded;
    let dimension = embeddings.first().map_or(0, Embedding::dimension);
    let head = format!(
        "{{\"model\":{},\"{}\":{dimension},\"{}\":[",
        json::string(model),
        dialect.dimension,
        dialect.vectors,
    );
    let vectors: usize = embeddings
        .iter()
        .map(|embedding| embedding.json().len() + 1)
        .sum();
    let mut out = Vec::with_capacity(head.len() + vectors + 2);
    out.extend_from_slice(head.as_bytes());
    for (index, embedding) in embeddings.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(embedding.json());
    }
    out.extend_from_slice(b"]}");
    out
}
