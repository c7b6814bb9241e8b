//! `/v1/matrix`: documents in chunks, and metrics.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::body::Body;
use futures::stream;
use lakehouse_server::{http::config::BodyBytes, services::embed::config::EmbedProvider};
use serde_json::json;

use super::Service;

const CORPUS: &str = "/v1/matrix/corpora/workers";
const DOCUMENTS: &str = "/v1/matrix/corpora/workers/documents";

async fn service() -> Service {
    let service = Service::new().await;
    assert_eq!(service.put(CORPUS, "{}").await.status, 201);
    service
}

fn lines(count: usize) -> String {
    let line = |number| json!({ "id": format!("w-{number}"), "text": format!("worker {number}") });
    (0..count)
        .map(|number| line(number).to_string() + "\n")
        .collect()
}

#[tokio::test]
async fn documents_do_not_depend_on_chunk_boundaries() {
    for size in [1, 7, 4096] {
        let service = service().await;
        let body = lines(300) + "\n{";
        let pieces: Vec<_> = body.as_bytes().chunks(size).map(<[u8]>::to_vec).collect();
        let pieces = stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>));
        let taken = service.post(DOCUMENTS, Body::from_stream(pieces)).await;
        let errors = json!([{ "line": 302, "reason": "line is not valid JSON" }]);
        assert_eq!(
            taken.json(),
            json!({ "taken": 300, "refused": 1, "errors": errors })
        );
        assert_eq!(service.get(CORPUS).await.json()["documents"], 300);
    }
}

#[tokio::test]
async fn the_size_limit_applies_to_each_line() {
    let service = Service::with(|config| config.limits.body_bytes = BodyBytes::new(64)).await;
    service.put(CORPUS, "{}").await;
    let taken = service.post(DOCUMENTS, lines(1000)).await.json();
    assert_eq!(
        (&taken["taken"], &taken["refused"]),
        (&json!(1000), &json!(0))
    );
    let long = format!("{}\n{}", "x".repeat(200_000), lines(1));
    let taken = service.post(DOCUMENTS, long).await.json();
    let errors = json!([{ "line": 1, "reason": "line is larger than 64 bytes" }]);
    assert_eq!(taken, json!({ "taken": 1, "refused": 1, "errors": errors }));
}

#[tokio::test]
async fn the_first_hundred_rejected_lines_are_listed() {
    let taken = service()
        .await
        .post(DOCUMENTS, "1\n".repeat(150))
        .await
        .json();
    assert_eq!(taken["refused"], 150);
    let errors = taken["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 100);
    assert_eq!(errors[99]["line"], 100);
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_reported() {
    let pieces = [Ok(lines(1)), Err(std::io::Error::other("broken"))];
    let body = Body::from_stream(stream::iter(pieces));
    let answer = service().await.post(DOCUMENTS, body).await;
    assert_eq!(answer.detail(400), "request body was cut off");
}

#[tokio::test]
async fn a_client_waits_for_the_model() {
    let service = Service::with(|config| {
        config.embed.provider = EmbedProvider::Ollama;
        config.embed.ollama.url = "http://127.0.0.1:1".parse().unwrap();
        config.limits.body_bytes = BodyBytes::new(1024);
    })
    .await;
    let created = service.put(
        "/v1/vectors/indexes/workers",
        r#"{"dimension":2,"space":"m"}"#,
    );
    assert_eq!(created.await.status, 201);
    let sent = Arc::new(AtomicUsize::new(0));
    let endless = {
        let sent = Arc::clone(&sent);
        stream::iter(std::iter::repeat_with(move || {
            sent.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::io::Error>(lines(1))
        }))
    };
    let answer = service.post(DOCUMENTS, Body::from_stream(endless)).await;
    let detail = answer.detail(502);
    let want =
        "ollama: cannot connect; 0 documents were taken, the first that was not is on line 1";
    assert_eq!(detail, want);
    // One batch, and what is discarded before the answer.
    let sent = sent.load(Ordering::Relaxed);
    assert!(sent < 1000, "{sent}");
}

#[tokio::test]
async fn corpora_are_indexes_with_a_space() {
    let service = service().await;
    service.post(DOCUMENTS, lines(2)).await.json();
    let vector = service
        .get("/v1/vectors/indexes/workers/items/w-1")
        .await
        .json();
    let search = json!({ "vector": vector["vector"], "k": 1, "space": "hash-768" });
    let found = service
        .post("/v1/vectors/indexes/workers/search", search.to_string())
        .await
        .json();
    assert_eq!(found["hits"][0]["id"], "w-1");
    let item = json!({ "items": [{ "id": "bare", "vector": vector["vector"] }] });
    service
        .post("/v1/vectors/indexes/workers/items", item.to_string())
        .await
        .json();
    let query = json!({ "query_text": "worker 1", "corpora": ["workers"], "k": 2 });
    let found = service
        .post("/v1/matrix/retrieve", query.to_string())
        .await
        .json();
    assert_eq!(found["hits"][0]["id"], "bare");
    assert_eq!(found["hits"][0]["text"], json!(null));
    assert_eq!(found["hits"][1]["text"], "worker 1");
}

#[tokio::test]
async fn searches_are_counted() {
    let service = service().await;
    let search = r#"{"query_text":"q","corpora":["workers"]}"#;
    let legacy = r#"{"query":"q","index_name":"workers"}"#;
    service.post("/v1/matrix/search", search).await.json();
    service.post("/vectors/search", legacy).await.json();
    service.post("/v1/matrix/search", "{}").await.detail(400);
    let metrics = service.get("/metrics").await.body;
    let line = "lakehouse_searches_total{surface=\"matrix\"} 2\n";
    assert!(metrics.contains(line), "{metrics}");
}
