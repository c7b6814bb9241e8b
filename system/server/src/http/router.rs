//! All routes with everything that a request goes through.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{MatchedPath, Request},
    http::{HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use lakehouse_base::ErrorCode;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::{
    config::LimitsConfig,
    limits::{RequestLimits, limit},
    measure::measure,
    metrics::Metrics,
    openapi::AllowedMethods,
    panic,
    problem::Problem,
    trace::trace,
};

/// Joins the routes that count against the limits with those that are always answered.
pub(crate) fn assemble(
    limited: Router,
    unlimited: Router,
    allowed: AllowedMethods,
    limits: &LimitsConfig,
    metrics: Metrics,
) -> Router {
    let allowed = Arc::new(allowed);
    let outside_in = ServiceBuilder::new()
        .layer(from_fn(trace))
        .layer(from_fn_with_state(metrics, measure))
        .layer(CatchPanicLayer::custom(panic::respond))
        .layer(from_fn(whole_segments))
        .layer(Extension(limits.of_body()));
    limited
        .layer(from_fn_with_state(RequestLimits::new(limits), limit))
        .merge(unlimited)
        .fallback(no_route)
        .method_not_allowed_fallback(async move |request: Request| {
            method_not_allowed(&request, &allowed)
        })
        .layer(outside_in)
}

/// Keeps paths with an empty segment from the routes, which would take it for a name or an id.
async fn whole_segments(request: Request, next: Next) -> Response {
    let mut segments = request.uri().path().split('/').skip(1);
    if segments.any(str::is_empty) {
        return no_route(request).await.into_response();
    }
    next.run(request).await
}

async fn no_route(request: Request) -> Problem {
    let (method, path) = (request.method(), request.uri().path());
    Problem::new(
        ErrorCode::NotFound,
        format!("no route for `{method} {path}`"),
    )
}

fn method_not_allowed(request: &Request, allowed: &AllowedMethods) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    let pattern = request.extensions().get::<MatchedPath>();
    let allowed = pattern.map_or(&[][..], |pattern| allowed.of(pattern.as_str()));
    let quoted: Vec<_> = allowed.iter().map(|method| format!("`{method}`")).collect();
    let quoted = quoted.join(", ");
    let detail = format!("`{method}` is not allowed on `{path}`; allowed: {quoted}");
    let mut response = Problem::new(ErrorCode::MethodNotAllowed, detail).into_response();
    if let Ok(allowed) = HeaderValue::try_from(allowed.join(", ")) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}
