//! A scripted upstream: it gives the case's answers, and remembers the calls.

use std::{
    collections::VecDeque,
    convert::Infallible,
    io,
    net::{SocketAddr, TcpListener as StdListener},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use tokio::{net::TcpListener, sync::watch};

use super::case::Answer;

#[derive(Clone)]
pub(super) struct Upstream {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    /// The number of calls in this case.
    calls: watch::Sender<usize>,
    /// The number of cases that have ended.
    over: watch::Sender<usize>,
}

#[derive(Default)]
struct Script {
    answers: VecDeque<Answer>,
    asked: Vec<String>,
}

impl Upstream {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Self {
            address: listener.local_addr().unwrap(),
            script: Arc::default(),
            calls: watch::Sender::new(0),
            over: watch::Sender::new(0),
        };
        let router = Router::new().fallback(answer).with_state(upstream.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        upstream
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Begins a case.
    pub(super) fn expect(&self, answers: &[Answer]) {
        self.script.lock().unwrap().answers = answers.to_vec().into();
        self.calls.send_replace(0);
    }

    /// Waits for that many calls in this case.
    pub(super) async fn asked(&self, times: usize) {
        self.calls
            .subscribe()
            .wait_for(|calls| *calls >= times)
            .await
            .unwrap();
    }

    /// Releases the held calls.
    pub(super) fn release(&self) {
        self.over.send_modify(|over| *over += 1);
    }

    /// Ends a case and returns its calls. Every answer must have been used.
    pub(super) fn take(&self) -> Vec<String> {
        let mut script = self.script.lock().unwrap();
        assert!(
            script.answers.is_empty(),
            "{} answers were not used",
            script.answers.len()
        );
        std::mem::take(&mut script.asked)
    }
}

/// A URL that refuses connections.
pub(super) fn closed_url() -> String {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn answer(State(upstream): State<Upstream>, request: Request) -> Response {
    let head = format!("{} {}", request.method(), request.uri());
    let body = axum::body::to_bytes(request.into_body(), usize::MAX)
        .await
        .unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let mut over = upstream.over.subscribe();
    let answer = {
        let mut script = upstream.script.lock().unwrap();
        script.asked.push(format!("{head}\n{body}"));
        script.answers.pop_front()
    };
    upstream.calls.send_modify(|calls| *calls += 1);
    // An unexpected call shows in the snapshot.
    let Some(answer) = answer else {
        return StatusCode::IM_A_TEAPOT.into_response();
    };
    if answer.hold {
        over.changed().await.unwrap();
    }
    let status = StatusCode::from_u16(answer.status).unwrap();
    let whole = stream::iter([Ok::<_, io::Error>(Bytes::from(answer.body))]);
    if answer.cut {
        let broken = stream::iter([Err(io::Error::other("cut"))]);
        return (status, Body::from_stream(whole.chain(broken))).into_response();
    }
    (
        status,
        Body::from_stream(whole.map(|chunk| Ok::<_, Infallible>(chunk.unwrap()))),
    )
        .into_response()
}
