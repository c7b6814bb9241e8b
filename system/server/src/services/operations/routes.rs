//! `/health`, `/ready`, `/metrics` and `/openapi.json`.

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use lakehouse_wire::{
    JsonObject,
    operations::{Checks, Health, HealthStatus, Readiness, ReadinessStatus},
};

use super::Operations;
use crate::http::{
    answer,
    route::{Route, tagged},
};

const METRICS_TYPE: &str = "text/plain; version=0.0.4";

/// The operational routes, still without their state.
pub fn routes() -> Vec<Route<Arc<Operations>>> {
    let routes = [
        Route::get("/health", health)
            .named("health", "Check that the process runs")
            .response::<Health>(200, "The process runs."),
        Route::get("/ready", ready)
            .named("ready", "Check that requests can be served")
            .response::<Readiness>(200, "Every check passed.")
            .response::<Readiness>(503, "A check failed; it has the reason."),
        Route::get("/metrics", metrics)
            .named(
                "metrics",
                "Get the metrics in the text format of Prometheus",
            )
            .content::<&str>(200, METRICS_TYPE, "The metrics."),
        Route::get("/openapi.json", openapi)
            .named("openapi", "Get this document")
            .response::<JsonObject>(200, "The OpenAPI 3.1 document."),
    ];
    tagged("operations", routes).collect()
}

async fn health() -> Response {
    answer::ok(&Health {
        status: HealthStatus::Ok,
        service: "gateway",
        version: env!("CARGO_PKG_VERSION"),
    })
}

async fn ready(State(operations): State<Arc<Operations>>) -> Response {
    let checks = operations.checks().await;
    let (status, readiness) = match checks.iter().all(|check| check.result.is_ok()) {
        true => (StatusCode::OK, ReadinessStatus::Ready),
        false => (StatusCode::SERVICE_UNAVAILABLE, ReadinessStatus::NotReady),
    };
    let result = |result: Result<(), String>| match result {
        Ok(()) => Cow::Borrowed("ok"),
        Err(reason) => Cow::Owned(reason),
    };
    let checks = checks.into_iter();
    let checks = checks.map(|check| (check.name, result(check.result)));
    let body = Readiness {
        status: readiness,
        checks: Checks(checks.collect()),
    };
    answer::with_status(status, &body)
}

async fn metrics(State(operations): State<Arc<Operations>>) -> Response {
    ([(header::CONTENT_TYPE, METRICS_TYPE)], operations.metrics()).into_response()
}

async fn openapi(State(operations): State<Arc<Operations>>) -> Response {
    answer::json(StatusCode::OK, operations.document())
}
