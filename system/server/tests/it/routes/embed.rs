//! `POST /v1/embed` and its legacy dialect.

use axum::body::Body;
use futures::stream;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::Service;

#[tokio::test]
async fn both_dialects_return_the_same_vectors() {
    let service = Service::new().await;
    let body = r#"{"texts":["Need 3 pickers","a","Need 3 pickers"]}"#;
    let answer: Value = serde_json::from_str(&service.post("/v1/embed", body).await.body).unwrap();
    let legacy: Value = serde_json::from_str(&service.post("/ai/embed", body).await.body).unwrap();
    assert_eq!(answer["vectors"], legacy["embeddings"]);
    assert_eq!(
        (&answer["dimension"], &legacy["dimensions"]),
        (&json!(768), &json!(768))
    );
    assert_eq!(answer["vectors"][0], answer["vectors"][2]);
    assert_ne!(answer["vectors"][0], answer["vectors"][1]);
}

#[tokio::test]
async fn a_body_in_chunks_is_read_whole() {
    let service = Service::new().await;
    let pieces = ["{\"texts\"", ":[\"", "a", "\"]}"].map(Ok::<_, std::io::Error>);
    let in_pieces = service
        .post("/v1/embed", Body::from_stream(stream::iter(pieces)))
        .await;
    let whole = service.post("/v1/embed", r#"{"texts":["a"]}"#).await;
    assert_eq!(in_pieces.body, whole.body);

    let broken = [Ok("{\"texts\""), Err(std::io::Error::other("broken"))];
    let answer = service
        .post("/v1/embed", Body::from_stream(stream::iter(broken)))
        .await;
    assert_eq!(answer.status, 400);
    assert!(
        answer.body.contains("request body was cut off"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn an_endless_body_is_rejected() {
    let service = Service::new().await;
    let piece = "x".repeat(100_000);
    let endless = stream::iter(std::iter::repeat_with(move || {
        Ok::<_, std::io::Error>(piece.clone())
    }));
    let answer = service.post("/v1/embed", Body::from_stream(endless)).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn cache_hits_and_misses_are_counted() {
    let service = Service::new().await;
    for _ in 0..3 {
        service.post("/v1/embed", r#"{"texts":["a","b"]}"#).await;
    }
    let metrics = service.get("/metrics").await.body;
    for line in [
        "lakehouse_embed_cache_hits_total 4\n",
        "lakehouse_embed_cache_misses_total 2\n",
        "lakehouse_embed_cache_entries 2\n",
    ] {
        assert!(metrics.contains(line), "{metrics}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_text_has_one_unit_vector(texts in prop::collection::vec("\\PC*[a-z]", 1..8)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let answer = runtime.block_on(async {
            Service::new().await.post("/v1/embed", json!({ "texts": texts }).to_string()).await
        });
        prop_assert_eq!(answer.status, 200);
        let answer: Value = serde_json::from_str(&answer.body).unwrap();
        let vectors = answer["vectors"].as_array().unwrap();
        prop_assert_eq!(vectors.len(), texts.len());
        for vector in vectors {
            let squares = vector.as_array().unwrap().iter().map(|v| v.as_f64().unwrap().powi(2));
            let norm = squares.sum::<f64>().sqrt();
            prop_assert!((norm - 1.0).abs() < 1e-6, "{norm}");
        }
    }
}
