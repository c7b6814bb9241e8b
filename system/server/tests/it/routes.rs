//! The routes without a socket, a file per surface.

mod embed;
mod iterate;
mod operations;
mod validate;

use std::path::Path;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use lakehouse_server::{App, build_router, config::Config};
use tempfile::TempDir;
use tower::ServiceExt;

/// A service and the folder that its data is in.
pub(crate) struct Service {
    router: Router,
    data: TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Service {
    /// The service of the default configuration, its data in a temporary folder.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// As [`new`](Self::new), with what `change` sets.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.data.root = data.path().to_owned();
        change(&mut config);
        let router = build_router(App::new(&config).unwrap());
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

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer {
            status: head.status,
            headers: head.headers,
            body,
        }
    }
}

/// The roster of the fixtures.
pub(crate) fn roster() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/roster.jsonl")
}

#[tokio::test]
async fn services_of_one_process_do_not_share_their_numbers() {
    let (one, other) = (Service::new(), Service::new());
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
