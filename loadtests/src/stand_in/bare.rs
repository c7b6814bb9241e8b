//! The upper bound of a server's rate: a server that only returns recorded answers.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use anstream::println;
use anyhow::{Context, Result};
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use serde::Deserialize;
use tokio::net::TcpListener;

/// Options of the bare route.
#[derive(clap::Args)]
pub struct Arguments {
    /// JSON lines `{"request":"…","answer":"…"}`: the answer to each body
    #[arg(value_name = "FILE")]
    answers: PathBuf,
}

#[derive(Deserialize)]
struct Line {
    request: String,
    answer: String,
}

/// Serves on a free port, and prints the URL.
pub async fn run(arguments: Arguments) -> Result<()> {
    let path = &arguments.answers;
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    let answers = Arc::new(read(&text)?);
    let route = post(move |body: Bytes| {
        let answers = Arc::clone(&answers);
        async move { answer(&answers, &body) }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let router = Router::new()
        .route("/health", get(()))
        .route("/v1/embed", route.clone())
        .route("/v1/matrix/search", route);
    axum::serve(listener, router).await?;
    Ok(())
}

fn read(text: &str) -> Result<HashMap<Bytes, Bytes>> {
    let lines = text.lines().map(|line| {
        let line: Line = serde_json::from_str(line)?;
        Ok((line.request.into(), line.answer.into()))
    });
    let answers: Result<_, serde_json::Error> = lines.collect();
    answers.context("cannot parse the recorded answers")
}

fn answer(answers: &HashMap<Bytes, Bytes>, body: &Bytes) -> Response {
    match answers.get(body) {
        Some(answer) => ([(CONTENT_TYPE, "application/json")], answer.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
