use lakehouse_loadtests::stand_in::upstream::{DIMENSION, embed, router};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::serve;

const TEXTS: [&str; 4] = [
    "CNC Operator in Akron, OH. Calipers, Fanuc controls. 9 years.",
    "Akron, OH: forklift operator",
    "",
    "·· 12 — ぱ",
];

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn vectors_have_length_one() {
    for text in TEXTS {
        let vector = embed(text);
        assert_eq!(vector.len(), DIMENSION, "{text}");
        let norm = dot(&vector, &vector);
        assert!((norm - 1.0).abs() < 1e-5, "`{text}` has the norm {norm}");
    }
}

#[test]
fn texts_are_near_that_share_words() {
    let query = embed("Need 4x CNC Operators in Akron OH at 06:00 for Johns Fabrication");
    let nearness = |text| dot(&query, &embed(text));
    let both = nearness("CNC Operator with 9 years of experience, based in Akron, OH.");
    let role = nearness("CNC Operator with 9 years of experience, based in Tacoma, WA.");
    let place = nearness("Packer with 9 years of experience, based in Akron, OH.");
    let neither = nearness("Packer with 9 years of experience, based in Tacoma, WA.");
    assert!(
        both > role + 0.1 && both > place + 0.1,
        "{both} {role} {place}"
    );
    assert!(
        role > neither + 0.1 && place > neither + 0.1,
        "{role} {place} {neither}"
    );
}

async fn ask(url: &str, body: Value) -> (StatusCode, Value) {
    let response = Client::new()
        .post(format!("{url}/api/embed"))
        .json(&body)
        .send()
        .await
        .expect("an answer");
    let status = response.status();
    (status, response.json().await.expect("JSON"))
}

#[tokio::test]
async fn several_texts_at_once_have_the_vectors_of_each() {
    let url = serve(router()).await;
    let request = json!({ "model": "m", "input": TEXTS, "truncate": false });
    let (status, all) = ask(&url, request.clone()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(all["model"], "m");
    assert_eq!(ask(&url, request).await.1, all, "asked twice");
    let vectors: Vec<Vec<f32>> =
        serde_json::from_value(all["embeddings"].clone()).expect("vectors");
    for (i, text) in TEXTS.into_iter().enumerate() {
        assert_eq!(vectors[i], embed(text), "`{text}`");
        let (_, one) = ask(&url, json!({ "model": "m", "input": text })).await;
        assert_eq!(one["embeddings"], json!([all["embeddings"][i]]), "`{text}`");
    }
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let url = serve(router()).await;
    for body in [
        json!({ "model": "m" }),
        json!({ "model": "m", "input": 1 }),
        json!([]),
    ] {
        assert_eq!(
            ask(&url, body.clone()).await.0,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    let ready = reqwest::get(&url).await.expect("an answer");
    assert_eq!(ready.status(), StatusCode::OK);
}
