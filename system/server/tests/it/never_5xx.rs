//! No input leads to a status 5xx, and every problem is well-formed.

use axum::{
    body::Body,
    http::{Method, Request, Uri},
};
use proptest::prelude::*;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::routes::{Answer, Service, roster};

/// Any JSON value, with member names that the routes know.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-3_i64..20).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            "fill",
            "email",
            "sms",
            "playbook",
            "hash-768",
            "ollama",
            "workers",
            "w-1001",
            "313-555-0101",
            "ana.ruiz@example.com",
            "2026-05-04",
            "06:00",
            "a{{b}}",
            "078-05-1120",
            "cosine",
            "hnsw",
            "years >= 3 AND NOT role IN ('a')",
        ])
        .prop_map(Value::from),
    ];
    let name = prop_oneof![
        prop::sample::select(vec![
            "texts",
            "model",
            "kind",
            "artifact",
            "context",
            "fills",
            "worker_id",
            "name",
            "to",
            "subject",
            "body",
            "count",
            "date",
            "start",
            "end",
            "query_text",
            "answer_id",
            "answer_corpus",
            "score",
            "role",
            "prompt",
            "provider",
            "max_iterations",
            "dimension",
            "distance",
            "items",
            "id",
            "ids",
            "vector",
            "metadata",
            "k",
            "filter",
            "eq",
            "not",
            "and",
            "field",
            "value",
            "exclude_ids",
            "text",
            "corpora",
            "use_playbook",
            "query_role",
            "sql_filter",
            "index_name",
            "question",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(name.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A body that is sometimes well-formed.
fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let artifact = (
        prop::sample::select(vec!["fill", "email", "sms", "playbook"]),
        any_json(),
    );
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        any_json().prop_map(|json| json.to_string().into_bytes()),
        artifact.prop_map(|(kind, artifact)| {
            serde_json::json!({ "kind": kind, "artifact": artifact })
                .to_string()
                .into_bytes()
        }),
        any_item().prop_map(|item| serde_json::json!({ "items": [item] })
            .to_string()
            .into_bytes()),
        any_item().prop_map(|item| {
            serde_json::json!({ "vector": item["vector"] })
                .to_string()
                .into_bytes()
        }),
        (any::<String>(), any::<String>(), any_json()).prop_map(|(id, text, metadata)| {
            let line = serde_json::json!({ "id": id, "text": text, "metadata": metadata });
            format!("{line}\n\n{line}").into_bytes()
        }),
        (any::<String>(), any::<bool>(), any_json()).prop_map(|(text, use_playbook, filter)| {
            serde_json::json!({
                "query_text": text,
                "corpora": ["workers"],
                "use_playbook": use_playbook,
                "filter": { "not": filter },
            })
            .to_string()
            .into_bytes()
        }),
        prop::collection::vec(any::<String>(), 0..5).prop_map(|texts| {
            serde_json::json!({ "texts": texts })
                .to_string()
                .into_bytes()
        }),
    ]
}

/// An item with two components, as in the index `a`.
fn any_item() -> impl Strategy<Value = Value> {
    let vector = prop::collection::vec(any::<f64>(), 2);
    (any::<String>(), vector, any_json()).prop_map(
        |(id, vector, metadata)| serde_json::json!({ "id": id, "vector": vector, "metadata": { "a": metadata } }),
    )
}

/// The paths of the document: with the names of what there is, with others, and with a query.
fn documented_paths(document: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(document).unwrap();
    let templates = document["paths"].as_object().unwrap().keys();
    let parameters = [("a", "%ff"), ("workers", "w-1001"), ("x", "delete")];
    let filled = templates.flat_map(|template| {
        parameters.map(|(name, id)| {
            let path = template.replace("{index}", name).replace("{corpus}", name);
            path.replace("{id}", id)
        })
    });
    let mut paths: Vec<_> = filled.collect();
    paths.push("/v1/validate?all=true".to_owned());
    // A failing check makes it 503.
    paths.retain(|path| path != "/ready");
    paths
}

fn any_path(documented: Vec<String>) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(documented),
        1 => "/[ -~]{0,40}".prop_filter("a path", |path| path.parse::<Uri>().is_ok()),
    ]
}

fn check(
    runtime: &Runtime,
    service: &Service,
    request: Request<Body>,
) -> Result<(), TestCaseError> {
    let shown = format!("{} {}", request.method(), request.uri());
    let is_head = request.method() == Method::HEAD;
    let Answer {
        status,
        headers,
        body,
    } = runtime.block_on(service.send(request));
    prop_assert!(!status.is_server_error(), "{shown}: {status} {body}");
    prop_assert!(headers.contains_key("x-lakehouse-trace-id"), "{shown}");
    if headers
        .get("content-type")
        .is_some_and(|value| value == "application/problem+json")
        && !is_head
    {
        let problem: Value = serde_json::from_str(&body).unwrap();
        let names: Vec<_> = problem.as_object().unwrap().keys().cloned().collect();
        let mut want = ["type", "title", "status", "detail", "trace_id"].map(str::to_owned);
        want.sort();
        prop_assert_eq!(names, want);
        prop_assert_eq!(&problem["status"], status.as_u16());
        prop_assert_eq!(
            &problem["trace_id"],
            headers["x-lakehouse-trace-id"].to_str().unwrap()
        );
        prop_assert!(!problem["detail"].as_str().unwrap().is_empty(), "{shown}");
    }
    Ok(())
}

#[test]
fn no_input_leads_to_a_server_error() {
    let runtime = Runtime::new().unwrap();
    let service = runtime.block_on(Service::with(|config| {
        config.validate.roster = Some(roster());
    }));
    runtime.block_on(async {
        let a = service
            .put("/v1/vectors/indexes/a", r#"{"dimension":2}"#)
            .await;
        let workers = service.put("/v1/matrix/corpora/workers", "{}").await;
        assert_eq!((a.status.as_u16(), workers.status.as_u16()), (201, 201));
    });
    let document = runtime.block_on(service.get("/openapi.json")).body;
    let documented = documented_paths(&document);
    assert!(documented.len() > 30, "{documented:?}");
    let methods = prop_oneof![
        6 => Just(Method::POST),
        1 => prop::sample::select(vec![Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS]),
        1 => "[A-Z]{1,8}".prop_map(|name| Method::from_bytes(name.as_bytes()).unwrap()),
    ];
    let headers = prop::collection::vec(
        (
            prop::sample::select(vec!["x-lakehouse-trace-id", "traceparent", "content-type"]),
            "[ -~]{0,60}",
        ),
        0..3,
    );
    let config = ProptestConfig {
        cases: 1500,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(method in methods, path in any_path(documented), headers in headers, body in any_body())| {
        let mut request = Request::builder().method(method).uri(&path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        check(&runtime, &service, request.body(Body::from(body)).unwrap())?;
    });
}
