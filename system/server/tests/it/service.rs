//! The process: its start, its end, and its log.

use std::{collections::BTreeMap, path::Path, process::Command};

use lakehouse_rig::model_server::{Instance, ModelServer};
use lakehouse_server::exit;
use reqwest::{Client, Response};
use tokio::task::JoinHandle;

use crate::process::{BINARY, Process, wait_until, within_limit};

#[tokio::test]
async fn an_address_in_use_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let first = Process::start(folder.path()).await;
    let address = first.url.strip_prefix("http://").unwrap().to_owned();
    let output = Command::new(BINARY)
        .args(["serve", "--bind", &address])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with(&format!("lakehouse: cannot listen on `{address}`: ")),
        "{error}"
    );
    assert_eq!(output.status.code(), Some(i32::from(exit::BIND)));
    assert!(first.stop().await.contains("stopping"));
}

#[tokio::test]
async fn the_url_is_the_only_line_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path()).await;
    let url = server.url.clone();
    let port = url.strip_prefix("http://127.0.0.1:").unwrap();
    assert_ne!(port.parse::<u16>().unwrap(), 0);
    let (log, more) = server.stop_and_read().await;
    assert_eq!(more, "");
    let version = env!("CARGO_PKG_VERSION");
    let data = folder.path().display();
    let line = format!(
        "listening on {url} version=\"{version}\" data={data} \
         services=\"embedder hash-768 (built in), no roster\"\n"
    );
    assert!(log.contains(&line), "{log}");
    assert!(log.contains("stopped took_ms="), "{log}");
}

/// A server with a request whose embedding the model server holds back.
struct Held {
    models: ModelServer,
    model: Instance,
    server: Process,
    request: JoinHandle<reqwest::Result<Response>>,
}

impl Held {
    async fn new(state: &Path) -> Self {
        let models = ModelServer::start(None).await.unwrap();
        let model = models.instance("held");
        model.hold();
        let environment = [
            ("LAKEHOUSE_EMBED__PROVIDER", "ollama".to_owned()),
            ("LAKEHOUSE_EMBED__OLLAMA__URL", model.url()),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value));
        let server = Process::start_with(BTreeMap::from(environment), state).await;
        let client = Client::builder().no_proxy().build().unwrap();
        let request = client
            .post(format!("{}/v1/embed", server.url))
            .body(r#"{"texts":["a"]}"#);
        let request = tokio::spawn(request.send());
        within_limit(model.received(1)).await;
        Self {
            models,
            model,
            server,
            request,
        }
    }
}

#[tokio::test]
async fn running_requests_are_answered_before_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let held = Held::new(folder.path()).await;
    held.server.terminate();
    wait_until(|| held.server.log().contains("stopping")).await;
    held.model.release();
    let answer = within_limit(held.request).await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    held.server.stop().await;
    held.models.stop().await;
}

#[tokio::test]
async fn requests_that_do_not_end_are_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let held = Held::new(folder.path()).await;
    let log = held.server.stop().await;
    assert!(
        log.contains("gave up requests that were still running"),
        "{log}"
    );
    assert!(held.request.await.unwrap().is_err());
    held.models.stop().await;
}
