//! The OpenAPI document compared with the routes.

use std::collections::BTreeSet;

use axum::{body::Body, http::Request};
use serde_json::Value;

use super::{Service, roster};

async fn document(service: &Service) -> Value {
    serde_json::from_str(&service.get("/openapi.json").await.body).unwrap()
}

#[tokio::test]
async fn every_documented_operation_answers_and_no_other_method_does() {
    let service = Service::new().await;
    let document = document(&service).await;
    let mut count = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            // `delete` can be an item's id, and `record` a recording's.
            let is_of_an_id = matches!(method, "get" | "delete");
            if is_of_an_id && (path.ends_with("/items/delete") || path.ends_with("/record")) {
                continue;
            }
            let request = Request::builder().method(&*method.to_uppercase()).uri(path);
            let answer = service.send(request.body(Body::empty()).unwrap()).await;
            let documented = item.get(method).is_some();
            assert_eq!(
                answer.status != 405,
                documented,
                "{method} {path}: {}",
                answer.status
            );
            if documented {
                let responses = &item[method]["responses"];
                let status = answer.status.as_u16().to_string();
                assert!(
                    responses.get(&status).is_some(),
                    "{method} {path}: {status}"
                );
                count += 1;
            } else {
                assert!(answer.headers.contains_key("allow"), "{method} {path}");
            }
        }
    }
    assert!(count > 30, "{count} operations");
}

#[tokio::test]
async fn operations_have_ids_of_their_own_and_describe_their_parameters() {
    let document = document(&Service::new().await).await;
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(
                !id.is_empty() && ids.insert(id.to_owned()),
                "{method} {path}: {id}"
            );
            assert_ne!(operation["summary"], "", "{method} {path}");
            let parameters = operation["parameters"].as_array();
            let parameters = parameters.into_iter().flatten();
            let described = parameters.filter(|parameter| parameter["in"] == "path");
            let described: Vec<_> = described.map(|p| p["name"].as_str().unwrap()).collect();
            let named = path
                .split('/')
                .filter_map(|segment| segment.strip_prefix('{'));
            let named: Vec<_> = named.map(|name| name.trim_end_matches('}')).collect();
            assert_eq!(described, named, "{method} {path}");
        }
    }
}

/// The examples of the document, sent in an order in which each finds what it needs.
#[tokio::test]
async fn examples_succeed() {
    let service = Service::with(|config| config.validate.roster = Some(roster())).await;
    let document = document(&service).await;
    let mut requests = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let mut path = path.clone();
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                let example = parameter["example"].as_str().unwrap_or_default();
                path = path.replace(&format!("{{{name}}}"), example);
            }
            let contents = operation["requestBody"]["content"].as_object();
            let content = contents.and_then(|contents| contents.values().next());
            let body = match content.map(|content| &content["example"]) {
                Some(Value::String(lines)) => lines.clone(),
                Some(example) => example.to_string(),
                None => String::new(),
            };
            // What creates comes first, then what writes, reads, and deletes or drops.
            let order = match method.as_str() {
                "put" => 0,
                "post" if path.ends_with("/documents") || path.ends_with("/items") => 1,
                "post" if path.ends_with("/record") => 2,
                "post" | "get" => 3,
                _ if path.starts_with("/v1/matrix/playbooks") => 4,
                _ if path.contains("/items/") || path.contains("/documents/") => 5,
                _ => 6,
            };
            requests.push((order, method.to_uppercase(), path, body));
        }
    }
    requests.sort();
    for (_, method, path, body) in requests {
        // No model writes drafts here, and one index is dropped under two names.
        if path == "/v1/iterate" || path.starts_with("/vectors/index/") {
            continue;
        }
        let request = Request::builder().method(&*method).uri(&path);
        let answer = service.send(request.body(Body::from(body)).unwrap()).await;
        assert!(
            answer.status.is_success(),
            "{method} {path}: {} {}",
            answer.status,
            answer.body
        );
    }
}

/// The value, or the one that it refers to.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let reference = value["$ref"].as_str().and_then(|r| r.strip_prefix('#'));
    reference.map_or(value, |pointer| document.pointer(pointer).unwrap())
}

#[tokio::test]
async fn every_reference_is_resolved() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref") {
                    found.push(reference.clone());
                }
                members.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = document(&Service::new().await).await;
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 20, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    assert_eq!(document["openapi"], "3.1.0");
}

#[tokio::test]
async fn every_response_declares_the_trace_header() {
    let document = document(&Service::new().await).await;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                let response = resolved(&document, response);
                let header = &response["headers"]["x-lakehouse-trace-id"];
                let header = resolved(&document, header);
                assert!(header["schema"].is_object(), "{method} {path} {status}");
            }
        }
    }
}
