//! Understood searches follow the document in every member, and lack what is switched off.

use lakehouse_server::services::matrix::config::Used;
use serde_json::{Value, json};

use super::document::{Document, Exchange};
use crate::routes::Service;

const SEARCH: &str = "/v1/matrix/search";

/// A server with two people.
async fn filled(service: Service) -> Service {
    let corpus = "/v1/matrix/corpora/workers";
    assert_eq!(service.put(corpus, "{}").await.status, 201);
    let people = [
        json!({ "id": "w-1", "text": "a", "metadata": {
            "role": "Forklift Operator", "city": "Detroit", "state": "MI", "name": "Ana Ruiz" } }),
        json!({ "id": "w-2", "text": "b", "metadata": {
            "role": "Loader", "city": "Detroit", "state": "MI" } }),
    ];
    let lines = people.map(|person| person.to_string()).join("\n");
    let taken = service.post(&format!("{corpus}/documents"), lines).await;
    assert_eq!(taken.json()["taken"], 2);
    service
}

fn request(text: &str) -> String {
    json!({ "query_text": text, "corpora": ["workers"] }).to_string()
}

#[tokio::test]
async fn every_member_follows_the_document() {
    let service = filled(Service::new().await).await;
    let mut document = Document::new(&service.get("/openapi.json").await.body);
    // Each text with the members that it must fill.
    for (text, filled) in [
        (
            "2 hilo drivers near Detroit, nights, with OSHA 10, 3 years, under $18.50, zebra",
            "roles/0 related/0 places/0/city shifts/0 certificates/0 count years/least pay/below rest/0",
        ),
        (
            "loader, tomorrow 6 am, not in Ohio, no nights, no welders, no CDL A, for Beacon Freight",
            "not/places/0/state not/shifts/0 not/roles/0 not/certificates/0 dates/0 times/0 client",
        ),
        ("Ana Ruiz", "person/by person/text"),
        ("313-555-0102", "person/by nobody/0/what"),
        ("forklift operators in Boise", "nobody/0/nearest"),
        ("unavailable loaders", "availability"),
    ] {
        let request = request(text);
        let answer = service.post(SEARCH, request.clone()).await;
        let understood = &answer.json()["understood"];
        for member in filled.split(' ') {
            let value = understood.pointer(&format!("/{member}"));
            let is_filled = value.is_some_and(|value| !value.is_null());
            assert!(is_filled, "{text}: `{member}` of {understood}");
        }
        let checked = document.check(&Exchange {
            method: "POST",
            path: SEARCH,
            request: request.as_bytes(),
            status: answer.status.as_u16(),
            content_type: answer.headers["content-type"].to_str().unwrap(),
            response: &answer.body,
        });
        assert_eq!(checked, Ok(()), "{text}");
    }
}

#[tokio::test]
async fn the_document_rejects_other_members_and_values() {
    let service = filled(Service::new().await).await;
    let mut document = Document::new(&service.get("/openapi.json").await.body);
    let request = request("2 forklift operators in Detroit");
    let answer = service.post(SEARCH, request.clone()).await.json();
    let changes: [fn(&mut Value); 6] = [
        |understood| understood["roles"][0]["how"] = json!("luck"),
        |understood| understood["places"][0]["known"] = json!("yes"),
        |understood| understood["count"] = json!(1000),
        |understood| understood["person"] = json!({ "by": "face", "text": "" }),
        |understood| understood["new"] = json!(1),
        |understood| drop(understood.as_object_mut().unwrap().remove("nobody")),
    ];
    for change in changes {
        let mut answer = answer.clone();
        change(&mut answer["understood"]);
        let checked = document.check(&Exchange {
            method: "POST",
            path: SEARCH,
            request: request.as_bytes(),
            status: 200,
            content_type: "application/json",
            response: &answer.to_string(),
        });
        assert!(checked.is_err(), "{answer}");
    }
}

#[tokio::test]
async fn a_part_that_is_switched_off_leaves_its_members_empty() {
    let without_places = Service::with(|config| {
        config.matrix.understand.places = Used(false);
    });
    let service = filled(without_places.await).await;
    let answer = service.post(SEARCH, request("loaders in Detroit")).await;
    let understood = &answer.json()["understood"];
    assert_eq!(understood["places"], json!([]));
    assert_eq!(understood["roles"][0]["role"], "Loader");

    let without_look_up = Service::with(|config| {
        config.matrix.understand.look_up = Used(false);
    });
    let service = filled(without_look_up.await).await;
    let answer = service.post(SEARCH, request("Ana Ruiz")).await;
    assert_eq!(answer.json()["understood"]["person"], Value::Null);
}
