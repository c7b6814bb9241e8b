//! Counts every request and how long it took, and notices indexes that refuse writes.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};

use crate::{App, Problem};

/// Counts the request under its route's pattern, and keeps what `/ready` is to tell of its answer.
pub async fn measure(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map(MatchedPath::as_str);
    app.metrics
        .request(&method, route, response.status(), begun.elapsed());
    if let Some(problem) = response.extensions().get::<Problem>()
        && let Some(index) = problem.refusing_index()
    {
        app.refusals.note(&app.engine, index, problem.detail());
    }
    response
}
