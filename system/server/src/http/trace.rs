//! The trace id of a request: read or created, passed to the handlers as a request extension,
//! returned in the response's header, and written into a problem's body.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use lakehouse_base::TraceId;

use crate::http::problem::Problem;

/// The header with the trace id, in requests and responses.
pub const HEADER: HeaderName = HeaderName::from_static("x-lakehouse-trace-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Attaches the trace id to the request, and writes the response's header and a problem's body.
pub async fn trace(mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let trace_id = TraceId::resolve(text(headers, &HEADER), text(headers, &TRACEPARENT));
    request.extensions_mut().insert(trace_id.clone());
    let method = request.method().clone();
    let uri = request.uri().clone();

    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if problem.status().is_server_error() {
            let (status, detail) = (problem.status().as_u16(), problem.detail());
            let path = uri.path();
            tracing::warn!(%trace_id, %method, path, status, detail, "request failed");
        }
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::from(problem.body(&trace_id));
    }
    // Every character of a trace id is allowed in a header.
    if let Ok(value) = HeaderValue::from_str(trace_id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
