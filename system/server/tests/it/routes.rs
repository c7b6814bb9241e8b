//! The routes without a socket, one file per surface.

mod embed;
mod iterate;
mod matrix;
mod operations;
mod playbook;
mod validate;
mod vectors;
mod viewer;

use std::path::Path;

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Request, StatusCode, response},
};
use lakehouse_server::{
    compose::{Composition, Config},
    config::NonEmptyPath,
};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

/// The server's router, and the folder of its data.
pub(crate) struct Service {
    router: Router,
    data: TempDir,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Service {
    /// The default configuration, with its data in a temporary folder.
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// As [`new`](Self::new), with a changed configuration.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.data.root = NonEmptyPath::new(data.path());
        change(&mut config);
        let router = Composition::open(&config).await.unwrap().router();
        Self { router, data }
    }

    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send(Request::post(path).body(body.into()).unwrap())
            .await
    }

    pub(crate) async fn put(&self, path: &str, body: &str) -> Answer {
        self.send(Request::put(path).body(body.to_owned().into()).unwrap())
            .await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (head, body) = self.exchange(request).await;
        Answer {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// The head and the bytes of an answer, whose body need not be text.
    pub(crate) async fn exchange(&self, mut request: Request<Body>) -> (response::Parts, Bytes) {
        let host = HeaderValue::from_static("localhost");
        request.headers_mut().entry("host").or_insert(host);
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (head, body)
    }
}

impl Answer {
    /// The body of an answer that must be a success.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.body);
        serde_json::from_str(&self.body).unwrap()
    }

    /// The detail of a problem with that status.
    #[track_caller]
    pub(crate) fn detail(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        let problem: Value = serde_json::from_str(&self.body).unwrap();
        problem["detail"].as_str().unwrap().to_owned()
    }
}

/// The roster of the fixtures.
pub(crate) fn roster() -> NonEmptyPath {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    NonEmptyPath::new(manifest.join("../../fixtures/roster.jsonl"))
}

#[tokio::test]
async fn compositions_in_one_process_have_separate_metrics() {
    let (one, other) = (Service::new().await, Service::new().await);
    one.get("/health").await;
    assert!(one.get("/metrics").await.body.contains("route=\"/health\""));
    assert!(
        !other
            .get("/metrics")
            .await
            .body
            .contains("route=\"/health\"")
    );
}
