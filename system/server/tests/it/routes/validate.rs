//! `POST /v1/validate`, and reloading the roster.

use std::fs;

use lakehouse_server::config::NonEmptyPath;

use super::{Service, roster};

#[tokio::test]
async fn verdicts_are_counted_by_kind() {
    let service = Service::with(|config| config.validate.roster = Some(roster())).await;
    let cases = [
        (
            r#"{"kind":"fill","artifact":{"fills":[{"worker_id":"w-1001"}]}}"#,
            200,
        ),
        (r#"{"kind":"fill","artifact":1}"#, 422),
        (r#"{"kind":"fill","artifact":{"fills":[]}}"#, 422),
        (
            r#"{"kind":"fill","artifact":{"fills":[{"worker_id":"w-9"}]}}"#,
            422,
        ),
        (
            r#"{"kind":"fill","artifact":{"fills":[{"worker_id":"w-1002"}]},"context":{"client":"Beacon Freight"}}"#,
            422,
        ),
        (r#"{"kind":"fill"}"#, 400),
    ];
    for (body, status) in cases {
        assert_eq!(
            service.post("/v1/validate", body).await.status,
            status,
            "{body}"
        );
    }
    let metrics = service.get("/metrics").await.body;
    for verdict in ["passed", "schema", "completeness", "consistency", "policy"] {
        let line =
            format!("lakehouse_validations_total{{kind=\"fill\",verdict=\"{verdict}\"}} 1\n");
        assert!(metrics.contains(&line), "{line}{metrics}");
    }
}

#[tokio::test]
async fn the_query_is_checked_before_the_body() {
    let service = Service::new().await;
    let cases = [
        ("", "request body is not valid JSON"),
        ("?", "request body is not valid JSON"),
        ("?all=true", "request body is not valid JSON"),
        ("?%61ll=%74rue&", "request body is not valid JSON"),
        ("?all=1&all=false", "request body is not valid JSON"),
        ("?all", "query parameter `all` must be `true` or `false`"),
        (
            "?all=TRUE",
            "query parameter `all` must be `true` or `false`",
        ),
        (
            "?All=true",
            "unknown query parameter `All`; expected one of `all`",
        ),
        (
            "?all=1&b=1&c=1",
            "unknown query parameter `b`; expected one of `all`",
        ),
        (
            "?%FF",
            "unknown query parameter `\u{FFFD}`; expected one of `all`",
        ),
    ];
    for (query, detail) in cases {
        let answer = service.post(&format!("/v1/validate{query}"), "{").await;
        assert_eq!(answer.status, 400);
        assert!(
            answer.body.contains(&format!("\"detail\":\"{detail}\"")),
            "{query} {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn a_failed_reload_keeps_the_roster() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roster.jsonl");
    fs::copy(&*roster(), &file).unwrap();
    let service =
        Service::with(|config| config.validate.roster = Some(NonEmptyPath::new(&file))).await;
    fs::remove_file(&file).unwrap();
    let answer = service.post("/v1/validate/roster/reload", "").await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("\"detail\":\"roster cannot be read\""),
        "{}",
        answer.body
    );
    let body = r#"{"kind":"fill","artifact":{"fills":[{"worker_id":"w-1001"}]}}"#;
    assert_eq!(service.post("/v1/validate", body).await.status, 200);
}
