//! An upstream that counts its calls, on a port of its own.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use lakehouse_retrieval::{OllamaEmbedder, OpenAiEmbedder};
use lakehouse_upstream::Upstream;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::Notify,
};

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
    (ollama(address), seen)
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

pub(crate) fn ollama(address: SocketAddr) -> OllamaEmbedder {
    OllamaEmbedder::new(upstream("ollama", address, None))
}

pub(crate) fn openai(address: SocketAddr, api_key: Option<&str>) -> OpenAiEmbedder {
    OpenAiEmbedder::new(upstream("openai", address, api_key.map(str::to_owned)))
}

fn upstream(provider: &'static str, address: SocketAddr, api_key: Option<String>) -> Upstream {
    let url = format!("http://{address}/");
    Upstream::new(provider, &url, Duration::from_millis(700), api_key).unwrap()
}

/// An upstream that answers one status and body to everything.
pub(crate) async fn fixed(status: u16, body: &'static [u8]) -> SocketAddr {
    let fallback = move |_: Uri| async move { (StatusCode::from_u16(status).unwrap(), body) };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(fallback);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// An upstream that reads a request, writes these bytes and closes; `None` never writes.
/// Returns where it is; the requests' texts are pushed to `requests`.
pub(crate) async fn raw(
    answer: Option<&'static str>,
    requests: Arc<Mutex<Vec<String>>>,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 65536];
            let length = stream.read(&mut request).await.unwrap_or(0);
            requests
                .lock()
                .unwrap()
                .push(String::from_utf8_lossy(&request[..length]).into_owned());
            match answer {
                Some(answer) => {
                    // The other side may be gone already, which is what some cases are about.
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
                None => std::future::pending().await,
            }
        }
    });
    address
}
