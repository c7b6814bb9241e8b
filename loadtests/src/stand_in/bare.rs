//! The ceiling: a server that does nothing but answer, with bytes that another gave before.

use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use serde::Deserialize;
use tokio::net::TcpListener;

/// Settings of the bare route.
#[derive(clap::Args)]
pub struct Arguments {
    /// JSON lines `{"request":"…","answer":"…"}`: what is answered to which body; without it
    /// every body is answered with what stands on standard input
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Line {
    request: String,
    answer: String,
}

/// What is answered.
enum Answers {
    One(Bytes),
    ByBody(HashMap<Bytes, Bytes>),
}

/// Serves on a free port, which is printed.
pub async fn run(arguments: Arguments) -> Result<()> {
    let answers = Arc::new(match arguments.answers {
        Some(path) => {
            let text = std::fs::read_to_string(&path);
            read(&text.with_context(|| format!("`{}`", path.display()))?)?
        }
        None => {
            let mut body = Vec::new();
            std::io::stdin().read_to_end(&mut body)?;
            Answers::One(body.into())
        }
    });
    let route = post(move |body: Bytes| {
        let answers = Arc::clone(&answers);
        async move { answer(&answers, &body) }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let router = Router::new()
        .route("/v1/embed", route.clone())
        .route("/v1/matrix/search", route);
    axum::serve(listener, router).await?;
    Ok(())
}

fn read(text: &str) -> Result<Answers> {
    let lines = text.lines().map(|line| {
        let line: Line = serde_json::from_str(line)?;
        Ok((line.request.into(), line.answer.into()))
    });
    let by_body: Result<_, serde_json::Error> = lines.collect();
    Ok(Answers::ByBody(by_body.context("the file of answers")?))
}

fn answer(answers: &Answers, body: &Bytes) -> Response {
    let known = match answers {
        Answers::One(answer) => Some(answer),
        Answers::ByBody(by_body) => by_body.get(body),
    };
    match known {
        Some(answer) => ([(CONTENT_TYPE, "application/json")], answer.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
