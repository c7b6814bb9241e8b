//! The process: its start, its end, and its log.

use std::{process::Command, time::Duration};

use lakehouse_server::exit;

use crate::wire::process::Server;

#[test]
fn an_address_in_use_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let first = Server::start([], folder.path());
    let address = first.url.strip_prefix("http://").unwrap().to_owned();
    let output = Command::new(env!("CARGO_BIN_EXE_lakehouse"))
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
    assert!(first.stop().contains("stopping"));
}

#[test]
fn the_url_is_the_only_line_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start([], folder.path());
    let url = server.url.clone();
    let port = url.strip_prefix("http://127.0.0.1:").unwrap();
    assert_ne!(port.parse::<u16>().unwrap(), 0);
    let (log, more) = server.stop_and_read();
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

#[tokio::test]
async fn running_requests_are_answered_before_the_end() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = format!("http://{}", listener.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let environment = [
        ("LAKEHOUSE_EMBED__PROVIDER".to_owned(), "ollama".to_owned()),
        ("LAKEHOUSE_EMBED__OLLAMA__URL".to_owned(), upstream),
        (
            "LAKEHOUSE_EMBED__OLLAMA__TIMEOUT_MS".to_owned(),
            "1000".to_owned(),
        ),
        ("LAKEHOUSE_LOG__FORMAT".to_owned(), "text".to_owned()),
    ];
    let server = Server::start(environment, folder.path());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client
        .post(format!("{}/v1/embed", server.url))
        .body(r#"{"texts":["a"]}"#);
    let running = tokio::spawn(request.send());
    // The upstream never answers the call, so the request ends by its own time limit.
    let _call = listener.accept().await.unwrap();
    let stopped = tokio::task::spawn_blocking(move || server.stop());
    let answer = tokio::time::timeout(Duration::from_secs(5), running).await;
    assert_eq!(answer.unwrap().unwrap().unwrap().status(), 502);
    assert!(stopped.await.unwrap().contains("stopping"));
}

#[tokio::test]
async fn requests_that_do_not_end_are_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = format!("http://{}", listener.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let environment = [
        ("LAKEHOUSE_EMBED__PROVIDER".to_owned(), "ollama".to_owned()),
        ("LAKEHOUSE_EMBED__OLLAMA__URL".to_owned(), upstream),
    ];
    let server = Server::start(environment, folder.path());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client
        .post(format!("{}/v1/embed", server.url))
        .body(r#"{"texts":["a"]}"#);
    let running = tokio::spawn(request.send());
    let _call = listener.accept().await.unwrap();
    let log = tokio::task::spawn_blocking(move || server.stop())
        .await
        .unwrap();
    assert!(
        log.contains("gave up requests that were still running"),
        "{log}"
    );
    assert!(running.await.unwrap().is_err());
}
