//! `/health`, `/ready`, `/metrics` and `/openapi.json`.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use lakehouse_json::ObjectWriter;

use crate::{App, openapi, schema};

/// Whether the process runs.
#[utoipa::path(
    get,
    path = "/health",
    tag = "operations",
    responses((status = 200, description = "The process runs.", body = schema::Health)),
)]
pub async fn health() -> Response {
    let mut body = String::new();
    let mut object = ObjectWriter::new(&mut body);
    object
        .string("status", "ok")
        .string("service", "gateway")
        .string("version", env!("CARGO_PKG_VERSION"));
    object.finish();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Whether requests can be served.
#[utoipa::path(
    get,
    path = "/ready",
    tag = "operations",
    responses(
        (status = 200, description = "They can.", body = schema::Readiness),
        (status = 503, description = "They cannot; a failing check tells why.", body = schema::Readiness),
    ),
)]
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let checks = app.checks().await;
    let is_ready = checks.iter().all(|(_, result)| result.is_ok());
    let mut body = String::new();
    let mut object = ObjectWriter::new(&mut body);
    object.string("status", if is_ready { "ready" } else { "not_ready" });
    object.member("checks", |out| {
        let mut object = ObjectWriter::new(out);
        for (name, result) in &checks {
            object.string(name, result.as_ref().map_or_else(String::as_str, |()| "ok"));
        }
        object.finish();
    });
    object.finish();
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// What was counted, in Prometheus' text format.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operations",
    responses((status = 200, description = "The numbers.", body = String, content_type = "text/plain; version=0.0.4")),
)]
pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    let indexes = app.engine.list();
    let indexes: Vec<_> = indexes.iter().map(|index| index.stats()).collect();
    let (vectors, searches) = (app.embedders.cache_stats(), app.matrix.cache_stats());
    let text = app.metrics.render(vectors, searches, &indexes);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "operations",
    responses((status = 200, description = "The OpenAPI 3.1 document.", body = Object, content_type = "application/json")),
)]
pub async fn openapi() -> Response {
    (
        [(header::CONTENT_TYPE, "application/json")],
        openapi::document(),
    )
        .into_response()
}
