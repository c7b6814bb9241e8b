//! All routes with all that a request goes through.

use std::sync::Arc;

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use lakehouse_base::ErrorCode;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    App, Problem,
    middleware::{
        limits::{RequestLimits, limit},
        measure::measure,
        panic,
        trace::trace,
    },
    openapi, routes,
};

/// The whole service of an app, ready to be served or called.
pub fn build_router(app: Arc<App>) -> Router {
    let limits = RequestLimits::new(&app.limits);
    let (limited, _) = routes::limited().split_for_parts();
    let (unlimited, _) = routes::unlimited().split_for_parts();
    let outside_in = ServiceBuilder::new()
        .layer(from_fn(trace))
        .layer(from_fn_with_state(Arc::clone(&app), measure))
        .layer(CatchPanicLayer::custom(panic::respond));
    limited
        .layer(from_fn_with_state(limits, limit))
        .merge(unlimited)
        .fallback(no_route)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(whole_segments))
        .layer(outside_in)
        .with_state(app)
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

async fn method_not_allowed(request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    let pattern = request.extensions().get::<MatchedPath>();
    let allowed = pattern.map_or(&[][..], |pattern| {
        openapi::allowed_methods(pattern.as_str())
    });
    let quoted: Vec<_> = allowed.iter().map(|method| format!("`{method}`")).collect();
    let quoted = quoted.join(", ");
    let detail = format!("`{method}` is not allowed on `{path}`; allowed: {quoted}");
    let mut response = Problem::new(ErrorCode::MethodNotAllowed, detail).into_response();
    if let Ok(allowed) = HeaderValue::try_from(allowed.join(", ")) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}
