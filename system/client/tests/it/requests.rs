//! Requests that the client sends, and answers that it reads.

use lakehouse_client::Validation;
use lakehouse_json as json;
use lakehouse_wire::{
    matrix::{CreateCorpus, MatrixSearch},
    read_body,
    validate::{self, ValidateRequest, ValidationRefusal},
};

use crate::service::Service;

const CORPUS: &str = r#"{"name":"workers","model":"hash-768","dimension":768,"documents":0}"#;

#[tokio::test]
async fn names_are_encoded_in_paths() {
    let (service, client) = Service::start(&[(200, CORPUS), (201, CORPUS)]).await;
    let model = client.corpus("a/b", |corpus| corpus.model.to_owned());
    assert_eq!(model.await.unwrap(), "hash-768");
    let request = CreateCorpus {
        model: Some("hash-768"),
    };
    let created = client.create_corpus("a-b_c.d", &request, |_| ());
    created.await.unwrap();
    let want = [
        "GET /v1/matrix/corpora/a%2Fb application/json ",
        r#"PUT /v1/matrix/corpora/a-b_c.d application/json {"model":"hash-768"}"#,
    ];
    assert_eq!(service.requests(), want);
}

#[tokio::test]
async fn documents_are_sent_as_lines() {
    let answer = r#"{"taken":1,"refused":1,"errors":[{"line":2,"reason":"text is empty"}]}"#;
    let (service, client) = Service::start(&[(200, answer)]).await;
    let sent = client.send_documents("workers", "{}\nx\n", |taken| {
        let error = &taken.errors.0[0];
        (taken.taken.get(), error.line.get(), error.reason.to_owned())
    });
    assert_eq!(sent.await.unwrap(), (1, 2, "text is empty".to_owned()));
    let want = "POST /v1/matrix/corpora/workers/documents application/x-ndjson {}\nx\n";
    assert_eq!(service.requests(), [want]);
}

#[tokio::test]
async fn searches_are_sent_and_their_hits_read() {
    let answer = r#"{"hits":[{"id":"w-1","corpus":"workers","distance":0.5,"base_distance":0.5,"metadata":{"role":"Picker"}}],"playbook":{"used":false,"role":null,"role_source":"none","boosted":0,"injected":0,"rejected":[]},"corpora":[{"corpus":"workers","status":"ok","hits":1}]}"#;
    let (service, client) = Service::start(&[(200, answer)]).await;
    let request = r#"{"query_text":"need a picker","corpora":["workers"],"k":1}"#;
    let tree = json::parse(request, json::MAX_DEPTH).unwrap();
    let search: MatrixSearch<'_> = read_body(&tree).unwrap();
    let ids = client.search(&search, |answer| {
        let ids = answer.hits.iter().map(|hit| hit.id.to_owned());
        ids.collect::<Vec<_>>()
    });
    assert_eq!(ids.await.unwrap(), ["w-1"]);
    let sent = &service.requests()[0];
    assert!(
        sent.starts_with("POST /v1/matrix/search application/json {\"query_text\""),
        "{sent}"
    );
}

#[tokio::test]
async fn rejected_artifacts_are_not_errors() {
    let passed = r#"{"kind":"sms","findings":[],"elapsed_ms":0.1}"#;
    let refused = r#"{"Policy":{"reason":"body has a placeholder"}}"#;
    let all = r#"{"failures":[{"Policy":{"reason":"body has a placeholder"}}]}"#;
    let (service, client) = Service::start(&[(200, passed), (422, refused), (422, all)]).await;
    let tree = json::parse(validate::EXAMPLE, json::MAX_DEPTH).unwrap();
    let request: ValidateRequest<'_> = read_body(&tree).unwrap();
    let kinds = [
        client.validate(&request, false, kind_of).await.unwrap(),
        client.validate(&request, false, kind_of).await.unwrap(),
        client.validate(&request, true, kind_of).await.unwrap(),
    ];
    assert_eq!(kinds, ["passed", "first", "all"]);
    assert!(service.requests()[2].starts_with("POST /v1/validate?all=true "));
}

fn kind_of(validation: Validation<'_>) -> &'static str {
    match validation {
        Validation::Passed(_) => "passed",
        Validation::Refused(ValidationRefusal::First(_)) => "first",
        Validation::Refused(ValidationRefusal::All(_)) => "all",
    }
}
