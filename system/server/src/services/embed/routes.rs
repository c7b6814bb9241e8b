//! `POST /v1/embed`, and `POST /ai/embed`, its legacy dialect.

use std::{borrow::Cow, sync::Arc};

use axum::{extract::State, response::Response};
use lakehouse_models::embed::{Embedded, Embedding};
use lakehouse_wire::{
    AtLeast,
    embed::{EXAMPLE, EmbedAnswer, EmbedRequest, LegacyEmbedAnswer, UnitVector},
    read_body,
};

use super::Embed;
use crate::http::{
    answer,
    body::WholeBody,
    problem::Problem,
    route::{Route, tagged},
};

const VECTORS: &str = "One unit vector for each text, in the texts' order.";
const BAD_REQUEST: &str =
    "The request is not as described, a text is blank, or the model is unknown.";

pub(super) fn routes() -> impl Iterator<Item = Route<Arc<Embed>>> {
    let routes = [
        Route::post("/v1/embed", embed)
            .named("embed", "Embed texts")
            .request::<EmbedRequest>(EXAMPLE)
            .response::<EmbedAnswer>(200, VECTORS)
            .problem(400, BAD_REQUEST)
            .problem(502, "The provider failed."),
        Route::post("/ai/embed", legacy_embed)
            .named("legacyEmbed", "Embed texts, in the legacy dialect")
            .request::<EmbedRequest>(EXAMPLE)
            .response::<LegacyEmbedAnswer>(200, VECTORS)
            .problem(400, BAD_REQUEST)
            .problem(502, "The provider failed."),
    ];
    tagged("embed", routes)
}

async fn embed(State(service): State<Arc<Embed>>, body: WholeBody) -> Result<Response, Problem> {
    let json = body.json()?;
    let request: EmbedRequest = read_body(&json)?;
    let embedded = embed_texts(&service, &request).await?;
    Ok(answer::ok(&EmbedAnswer {
        model: embedded.model,
        dimension: dimension(&embedded),
        vectors: vectors(&embedded),
    }))
}

async fn legacy_embed(
    State(service): State<Arc<Embed>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let json = body.json()?;
    let request: EmbedRequest = read_body(&json)?;
    let embedded = embed_texts(&service, &request).await?;
    Ok(answer::ok(&LegacyEmbedAnswer {
        model: embedded.model,
        dimensions: dimension(&embedded),
        embeddings: vectors(&embedded),
    }))
}

async fn embed_texts<'a>(
    service: &'a Embed,
    request: &EmbedRequest<'a>,
) -> Result<Embedded<'a>, Problem> {
    let texts = request.texts.0.iter().map(|text| Cow::Borrowed(text.0));
    let texts: Vec<_> = texts.collect();
    Ok(service.embedders().embed(request.model, &texts).await?)
}

fn dimension(embedded: &Embedded<'_>) -> AtLeast<1> {
    let first = embedded.embeddings.first();
    AtLeast::from_length(first.map_or(0, Embedding::dimension))
}

fn vectors<'a>(embedded: &'a Embedded<'_>) -> Vec<UnitVector<'a>> {
    let vector = |embedding: &'a Embedding| UnitVector::Text(embedding.json());
    embedded.embeddings.iter().map(vector).collect()
}
