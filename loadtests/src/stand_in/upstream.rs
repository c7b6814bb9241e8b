//! The model server: Ollama's embeddings without a model, so that systems are compared and not
//! their embedders.
//!
//! A vector is the hashed words of its text (Weinberger et al. 2009), of length 1: texts are near
//! when they share words. Nearly all components are 0 and are written so, which keeps answers
//! short.

use std::fmt::Write;

use anyhow::Result;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;

/// Components of every vector, as many as `nomic-embed-text` gives.
pub const DIMENSION: usize = 768;

/// Serves on a free port, which is printed.
///
/// # Errors
/// When there is no port.
pub async fn run() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    // An answer of two small packets would wait for the first one's acknowledgement.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, router()).await?;
    Ok(())
}

/// The routes of Ollama that embedders use.
pub fn router() -> Router {
    Router::new()
        .route("/", get("Ollama is running"))
        .route("/api/version", get(Json(json!({ "version": "0.0.0" }))))
        .route("/api/tags", get(Json(json!({ "models": [] }))))
        .route("/api/embed", post(answer))
        .layer(DefaultBodyLimit::disable())
}

/// The unit vector of a text.
pub fn embed(text: &str) -> Vec<f32> {
    let mut sums = [0.0_f64; DIMENSION];
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    for word in words {
        add_word(&mut sums, &word.to_lowercase());
    }
    let norm = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
    if norm == 0.0 {
        // No words, or they cancelled out: zero has no direction, and nobody takes it.
        sums[(fnv_1a(text) % DIMENSION as u64) as usize] = 1.0;
        return sums.map(|sum| sum as f32).to_vec();
    }
    sums.map(|sum| (sum / norm) as f32).to_vec()
}

/// Words that say nothing of what is looked for.
const COMMON: [&str; 16] = [
    "a",
    "and",
    "as",
    "at",
    "available",
    "based",
    "for",
    "in",
    "looking",
    "need",
    "of",
    "on",
    "the",
    "to",
    "with",
    "works",
];

fn add_word(sums: &mut [f64; DIMENSION], word: &str) {
    if COMMON.contains(&word) {
        return;
    }
    let plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
    let stem = &word[..word.len() - usize::from(plural)];
    // Numbers and states say less than names of roles and places.
    let weight = if stem.len() > 2 { 2.0 } else { 1.0 };
    let hash = fnv_1a(stem);
    let sign = if hash >> 63 == 1 { -weight } else { weight };
    sums[(hash % DIMENSION as u64) as usize] += sign;
}

/// FNV-1a, 64 bits.
fn fnv_1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[derive(Deserialize)]
struct Request {
    model: String,
    input: Input,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Input {
    One(String),
    Several(Vec<String>),
}

async fn answer(body: axum::body::Bytes) -> Response {
    let request: Request = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(error) => {
            let body = json!({ "error": error.to_string() });
            return (StatusCode::BAD_REQUEST, Json(body)).into_response();
        }
    };
    let texts = match request.input {
        Input::One(text) => vec![text],
        Input::Several(texts) => texts,
    };
    let body = write_answer(&request.model, &texts);
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

fn write_answer(model: &str, texts: &[String]) -> String {
    let mut body = String::with_capacity(128 + texts.len() * DIMENSION * 4);
    body.push_str("{\"model\":");
    body.push_str(&serde_json::Value::from(model).to_string());
    body.push_str(",\"embeddings\":[");
    for (i, text) in texts.iter().enumerate() {
        body.push_str(if i == 0 { "[" } else { ",[" });
        for (j, component) in embed(text).into_iter().enumerate() {
            if j > 0 {
                body.push(',');
            }
            if component == 0.0 {
                body.push('0');
            } else {
                write!(body, "{component}").expect("a string takes everything");
            }
        }
        body.push(']');
    }
    body.push_str("]}");
    body
}
