//! What a request passes through, around handlers that are defined here.

use axum::{
    Extension, Router,
    body::Body,
    http::{Request, Response},
    middleware::from_fn,
    routing::get,
};
use lakehouse_base::{ErrorCode, TraceId};
use lakehouse_server::http::{panic, problem::Problem, trace::trace};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

async fn call(handlers: Router, path: &str) -> (Response<Body>, String) {
    let service = handlers
        .layer(CatchPanicLayer::custom(panic::respond))
        .layer(from_fn(trace));
    let request = Request::get(path)
        .header("x-lakehouse-trace-id", "t-1")
        .body(Body::empty());
    let (head, body) = service
        .oneshot(request.unwrap())
        .await
        .unwrap()
        .into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    (Response::from_parts(head, Body::empty()), text)
}

#[tokio::test]
async fn panics_become_problems_without_their_text() {
    async fn handler() {
        panic!("the secret of {}", 1);
    }
    let (response, body) = call(Router::new().route("/", get(handler)), "/").await;
    assert_eq!(response.status(), 500);
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    assert_eq!(response.headers()["x-lakehouse-trace-id"], "t-1");
    let want = r#"{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"internal error","trace_id":"t-1"}"#;
    assert_eq!(body, want);
}

#[tokio::test]
async fn handlers_receive_the_trace_id_of_the_response() {
    async fn handler(Extension(trace_id): Extension<TraceId>) -> String {
        trace_id.to_string()
    }
    let (response, body) = call(Router::new().route("/", get(handler)), "/").await;
    assert_eq!(body, "t-1");
    assert_eq!(response.headers()["x-lakehouse-trace-id"], "t-1");
}

#[tokio::test]
async fn error_codes_have_a_status_and_a_title() {
    let cases = [
        (ErrorCode::BadRequest, 400, "Bad Request"),
        (ErrorCode::Forbidden, 403, "Forbidden"),
        (ErrorCode::NotFound, 404, "Not Found"),
        (ErrorCode::MethodNotAllowed, 405, "Method Not Allowed"),
        (ErrorCode::Conflict, 409, "Conflict"),
        (ErrorCode::TooLarge, 413, "Content Too Large"),
        (ErrorCode::TargetTooLong, 414, "URI Too Long"),
        (ErrorCode::UnsupportedType, 415, "Unsupported Media Type"),
        (ErrorCode::Unprocessable, 422, "Unprocessable Content"),
        (
            ErrorCode::HeaderTooLarge,
            431,
            "Request Header Fields Too Large",
        ),
        (ErrorCode::Internal, 500, "Internal Server Error"),
        (ErrorCode::NotImplemented, 501, "Not Implemented"),
        (ErrorCode::Unavailable, 503, "Service Unavailable"),
        (ErrorCode::Upstream, 502, "Bad Gateway"),
        (ErrorCode::Overloaded, 503, "Service Unavailable"),
        (ErrorCode::TimedOut, 504, "Gateway Timeout"),
        (ErrorCode::StorageFull, 507, "Insufficient Storage"),
    ];
    for (code, status, title) in cases {
        let handler = move || async move { Problem::new(code, "what \"it\" is") };
        let (response, body) = call(Router::new().route("/", get(handler)), "/").await;
        assert_eq!(response.status(), status);
        let want = format!(
            r#"{{"type":"about:blank","title":"{title}","status":{status},"detail":"what \"it\" is","trace_id":"t-1"}}"#
        );
        assert_eq!(body, want);
        let has_retry_after = response.headers().contains_key("retry-after");
        assert_eq!(has_retry_after, code == ErrorCode::Overloaded, "{code:?}");
    }
}
