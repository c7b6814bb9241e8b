//! `POST /v1/embed` and its legacy dialect.

use axum::body::Body;
use futures::stream;
use lakehouse_server::{
    config::{NonEmptyPath, NonEmptyText},
    services::embed::config::EmbedProvider,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::Service;
use crate::model_folder::{ModelFolder, Tensor};

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

#[tokio::test]
async fn a_model_in_a_folder_is_the_default_beside_the_built_in_one() {
    // The vectors of `pick` and `##er` are (3, 0) and (0, 4).
    let mut vectors = [0.0; 16];
    (vectors[8], vectors[11]) = (3.0, 4.0);
    let folder = ModelFolder::new(&[Tensor::f32("embeddings", &[8, 2], &vectors)]);
    let service = Service::with(|config| {
        config.embed.provider = EmbedProvider::Local;
        config.embed.model = Some(NonEmptyText::new("tiny"));
        config.embed.local.folder = Some(NonEmptyPath::new(folder.path()));
    })
    .await;
    let answer = service.post("/v1/embed", r#"{"texts":["picker"]}"#).await;
    assert_eq!(
        answer.body,
        r#"{"model":"tiny","dimension":2,"vectors":[[0.6,0.8]]}"#
    );
    let hash = r#"{"texts":["picker"],"model":"hash-768"}"#;
    let answer: Value = serde_json::from_str(&service.post("/v1/embed", hash).await.body).unwrap();
    assert_eq!(answer["dimension"], 768);
    let other = r#"{"texts":["picker"],"model":"m"}"#;
    let answer = service.post("/v1/embed", other).await;
    assert_eq!(answer.detail(400), "unknown model `m`");
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
