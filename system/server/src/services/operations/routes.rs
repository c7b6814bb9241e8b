//! `/health`, `/ready`, `/metrics` and `/openapi.json`.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use lakehouse_json::ObjectWriter;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Operations;
use crate::{schema, services::Check};

/// The operational routes, still without their state.
pub fn routes() -> OpenApiRouter<Arc<Operations>> {
    OpenApiRouter::default()
        .routes(routes!(health))
        .routes(routes!(ready))
        .routes(routes!(metrics))
        .routes(routes!(openapi))
}

/// Whether the process runs.
#[utoipa::path(
    get,
    path = "/health",
    tag = "operations",
    responses((status = 200, description = "The process runs.", body = schema::Health)),
)]
async fn health() -> Response {
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
async fn ready(State(operations): State<Arc<Operations>>) -> Response {
    let checks = operations.checks().await;
    let is_ready = checks.iter().all(|check| check.result.is_ok());
    let mut body = String::new();
    let mut object = ObjectWriter::new(&mut body);
    object.string("status", if is_ready { "ready" } else { "not_ready" });
    object.member("checks", |out| {
        let mut object = ObjectWriter::new(out);
        for Check { name, result } in &checks {
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
async fn metrics(State(operations): State<Arc<Operations>>) -> Response {
    let content_type = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (content_type, operations.metrics()).into_response()
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "operations",
    responses((status = 200, description = "The OpenAPI 3.1 document.", body = Object, content_type = "application/json")),
)]
async fn openapi(State(operations): State<Arc<Operations>>) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (content_type, operations.document()).into_response()
}
