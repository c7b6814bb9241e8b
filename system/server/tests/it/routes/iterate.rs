//! `POST /v1/iterate`: what happens around the loop. Its answers are pinned by the wire snapshots.

use std::fs;

use lakehouse_server::{config::Milliseconds, services::chat::config::OllamaChatConfig};

use super::Service;

const BODY: &str = r#"{"kind":"fill","prompt":"p","provider":"ollama","model":"m"}"#;

/// A server whose provider refuses connections.
async fn service() -> Service {
    Service::with(|config| {
        config.chat.ollama = Some(OllamaChatConfig {
            url: "http://127.0.0.1:1".parse().unwrap(),
            timeout_ms: Milliseconds::new(1000),
        });
    })
    .await
}

#[tokio::test]
async fn runs_are_recorded_and_counted_but_rejected_requests_are_not() {
    let service = service().await;
    for _ in 0..2 {
        assert_eq!(service.post("/v1/iterate", BODY).await.status, 502);
    }
    assert_eq!(service.post("/v1/iterate", "{}").await.status, 400);
    let log = fs::read_to_string(service.data().join("sessions.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(log.ends_with("}\n"), "{log}");
    let metrics = service.get("/metrics").await.body;
    assert!(
        metrics.contains("lakehouse_iterations_total{verdict=\"infra_error\"} 2\n"),
        "{metrics}"
    );
}

#[tokio::test]
async fn existing_lines_of_the_log_are_kept() {
    let service = service().await;
    let file = service.data().join("sessions.jsonl");
    fs::write(&file, "{\"daemon\":\"another\"}\n").unwrap();
    service.post("/v1/iterate", BODY).await;
    let log = fs::read_to_string(file).unwrap();
    let (first, rest) = log.split_once('\n').unwrap();
    assert_eq!(first, "{\"daemon\":\"another\"}");
    assert!(
        rest.starts_with("{\"schema\":\"session.iterate.v1\","),
        "{rest}"
    );
}
