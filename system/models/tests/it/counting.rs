//! A model server that counts its calls; the tests of the crate `matrix` use it, too.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use lakehouse_models::{embed::OllamaEmbedder, upstream::Upstream};
use serde_json::Value;
use tokio::{net::TcpListener, sync::Notify};

/// What the counting upstream has seen, and whether it answers.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) calls: AtomicUsize,
    pub(crate) bodies: Mutex<Vec<String>>,
    pub(crate) fails: AtomicBool,
    /// While it is set, calls wait for `go_on`.
    pub(crate) holds: AtomicBool,
    pub(crate) go_on: Notify,
    pub(crate) dimension: AtomicUsize,
}

impl Seen {
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Waits until the upstream has seen that many calls.
    pub(crate) async fn called(&self, times: usize) {
        while self.calls() < times {
            tokio::task::yield_now().await;
        }
    }

    /// Lets waiting calls go, and those that come.
    pub(crate) fn release(&self) {
        self.holds.store(false, Ordering::SeqCst);
        self.go_on.notify_waiters();
    }
}

/// An Ollama that embeds a text as `[length, 1, 0, …]`.
pub(crate) async fn counting() -> (OllamaEmbedder, Arc<Seen>) {
    let seen = Arc::new(Seen::default());
    seen.dimension.store(3, Ordering::SeqCst);
    let handler = {
        let seen = Arc::clone(&seen);
        move |body: Bytes| answer(Arc::clone(&seen), body)
    };
    let router = Router::new().route("/api/embed", axum::routing::post(handler));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let url = format!("http://{address}/");
    let upstream = Upstream::new("ollama", &url, Duration::from_millis(700), None).unwrap();
    (OllamaEmbedder::new(upstream), seen)
}

async fn answer(seen: Arc<Seen>, body: Bytes) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    seen.bodies.lock().unwrap().push(body.clone());
    let go_on = seen.go_on.notified();
    seen.calls.fetch_add(1, Ordering::SeqCst);
    if seen.holds.load(Ordering::SeqCst) {
        go_on.await;
    }
    if seen.fails.load(Ordering::SeqCst) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let request: Value = serde_json::from_str(&body).unwrap();
    let dimension = seen.dimension.load(Ordering::SeqCst);
    let vector = |text: &Value| {
        let mut vector = vec![0.0; dimension];
        vector[0] = text.as_str().unwrap().chars().count() as f64;
        vector[1] = 1.0;
        vector
    };
    let vectors: Vec<_> = request["input"]
        .as_array()
        .unwrap()
        .iter()
        .map(vector)
        .collect();
    axum::Json(serde_json::json!({"model": "m", "embeddings": vectors})).into_response()
}
