use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use lakehouse_loadtests::stand_in::lies::Lie;
use lakehouse_loadtests::stand_in::proxy;
use reqwest::Client;
use serde_json::{Value, json};

use super::serve;

const TRACE: &str = "x-lakehouse-trace-id";
/// JSON that no serializer of this workspace writes.
const SPACED: &str = "{ \"b\": 1.50, \"a\" : [ ] }\n";

/// Echoes the request.
async fn echo(request: Request) -> Response {
    let trace = request.headers()[TRACE].clone();
    let asked = format!("{} {}", request.method(), request.uri());
    let body = axum::body::to_bytes(request.into_body(), 1 << 20)
        .await
        .expect("a body");
    let headers = [
        ("x-asked", asked.parse().expect("a header")),
        (TRACE, trace),
    ];
    (StatusCode::IM_A_TEAPOT, headers, body).into_response()
}

async fn through(server: Router, lie: Option<Lie>) -> String {
    let server = serve(server).await;
    serve(proxy::router(&server, lie).await.expect("a proxy")).await
}

#[tokio::test]
async fn requests_and_answers_are_forwarded_unchanged() {
    let url = through(Router::new().fallback(echo), None).await;
    for (method, path, body) in [
        ("POST", "/v1/validate?all=true&x=%2f", SPACED.as_bytes()),
        ("PUT", "/v1/matrix/corpora/w%61", b"\x00\xff no JSON"),
        ("GET", "/", b""),
    ] {
        let method = method.parse().expect("a method");
        let asked = format!("{method} {path}");
        let response = Client::new()
            .request(method, format!("{url}{path}"))
            .header(TRACE, "t-1")
            .body(body)
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.status(), StatusCode::IM_A_TEAPOT);
        assert_eq!(response.headers()["x-asked"], asked.as_str());
        assert_eq!(response.headers()[TRACE], "t-1");
        assert_eq!(response.bytes().await.expect("a body"), body);
    }
}

#[tokio::test]
async fn lies_change_only_the_answers_that_they_concern() {
    let answer = |_: Bytes| async { json!({ "hits": [1, 2], "z": 1, "a": 2 }).to_string() };
    let server = Router::new()
        .route("/v1/matrix/search", post(answer))
        .route("/v1/other", post(|| async { SPACED }));
    let url = through(server, Some(Lie::TooFewHits)).await;
    let ask = async |path: &str| {
        let request = Client::new().post(format!("{url}{path}")).json(&json!({}));
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.expect("a body")
    };
    let search: Value = serde_json::from_str(&ask("/v1/matrix/search").await).expect("JSON");
    assert_eq!(search, json!({ "hits": [1], "z": 1, "a": 2 }));
    assert_eq!(ask("/v1/other").await, SPACED);
}

#[tokio::test]
async fn connections_are_reused() {
    let accepted = Arc::new(AtomicU32::new(0));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let server = format!("http://{}", listener.local_addr().expect("an address"));
    let count = accepted.clone();
    let listener = axum::serve::ListenerExt::tap_io(listener, move |_| {
        count.fetch_add(1, Ordering::Relaxed);
    });
    let router = Router::new().fallback(|| async { "x" });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let url = serve(proxy::router(&server, None).await.expect("a proxy")).await;
    for _ in 0..5 {
        let answer = reqwest::get(&url).await.expect("an answer");
        assert_eq!(answer.text().await.expect("a body"), "x");
    }
    assert_eq!(accepted.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn unreachable_servers_are_a_bad_gateway() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let server = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let url = serve(proxy::router(&server, None).await.expect("a proxy")).await;
    let answer = reqwest::get(&url).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(answer.text().await.expect("a body").lines().count(), 1);
}

#[tokio::test]
async fn invalid_urls_are_rejected() {
    for url in ["127.0.0.1:1", "https://127.0.0.1:1", "/x"] {
        let error = proxy::router(url, None).await.expect_err(url);
        assert!(error.to_string().contains(url), "{error}");
    }
}
