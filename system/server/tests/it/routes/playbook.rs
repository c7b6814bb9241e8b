//! `/v1/matrix/playbooks`: recordings from creation to deletion.

use serde_json::{Value, json};

use super::Service;

const RECORD: &str = "/v1/matrix/playbooks/record";

async fn service() -> Service {
    let service = Service::new().await;
    let corpus = "/v1/matrix/corpora/workers";
    service.put(corpus, "{}").await.json();
    let document = |id: &str, text: &str, role: &str| {
        let metadata = json!({ "role": role, "city": "Detroit" });
        json!({ "id": id, "text": text, "metadata": metadata }).to_string() + "\n"
    };
    let documents = [
        document("w-1", "Ana Ruiz, Picker in Detroit", "Picker"),
        document("w-2", "Marcus Bell, Picker in Detroit MI", "Picker"),
        document("w-3", "Priya Shah, Packer in Detroit", "Packer"),
    ];
    let taken = service
        .post(&format!("{corpus}/documents"), documents.concat())
        .await;
    assert_eq!(taken.json()["taken"], 3);
    service
}

async fn search(service: &Service, use_playbook: bool) -> Value {
    let query = json!({
        "query_text": "Need 2 pickers in Detroit",
        "corpora": ["workers"],
        "use_playbook": use_playbook,
        "explain": true,
    });
    service
        .post("/v1/matrix/search", query.to_string())
        .await
        .json()
}

async fn record(service: &Service, answer_id: &str, score: &str, role: &str) -> String {
    let body = format!(
        r#"{{"query_text":"Need 2 pickers in Detroit","answer_id":"{answer_id}","answer_corpus":"workers","score":{score},"role":"{role}"}}"#
    );
    let recorded = service.post(RECORD, body).await.json();
    recorded["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_recording_has_an_effect_until_it_is_deleted() {
    let service = service().await;
    let cold = search(&service, false).await;
    let id = record(&service, "w-2", "1.0", "Pickers").await;
    let warm = search(&service, true).await;
    assert_eq!(warm["playbook"]["boosted"], 1);
    let moved = warm["hits"].as_array().unwrap();
    let moved = moved.iter().find(|hit| hit["id"] == "w-2").unwrap();
    assert_eq!(moved["why"]["playbook"], json!(id));
    let (distance, base) = (&moved["distance"], &moved["base_distance"]);
    let half = base.as_f64().unwrap() * 0.5;
    assert!((distance.as_f64().unwrap() - half).abs() < 1e-6, "{moved}");
    assert_eq!(search(&service, false).await, cold);

    let path = format!("/v1/matrix/playbooks/{id}");
    assert_eq!(service.get(&path).await.json()["score"], json!(1.0));
    let delete = axum::http::Request::delete(&path).body(axum::body::Body::empty());
    service.send(delete.unwrap()).await.json();
    let after = search(&service, true).await;
    assert_eq!(after["hits"], cold["hits"]);
}

#[tokio::test]
async fn recording_again_replaces_the_score_and_a_negative_one_demotes() {
    let service = service().await;
    let first = record(&service, "w-1", "1", "picker").await;
    assert_eq!(record(&service, "w-1", "-1", "Pickers").await, first);
    let path = format!("/v1/matrix/playbooks/{first}");
    assert_eq!(service.get(&path).await.json()["score"], -1);
    let found = search(&service, true).await;
    let hits = found["hits"].as_array().unwrap();
    let moved = hits.iter().find(|hit| hit["id"] == "w-1").unwrap();
    assert_eq!(moved["why"]["factor"], json!(1.5));
}

#[tokio::test]
async fn recordings_of_another_role_have_no_effect() {
    let service = service().await;
    let cold = search(&service, false).await;
    // Not the very question that is asked, which is answered whatever its role.
    let body = r#"{"query_text":"Need 3 pickers in Detroit","answer_id":"w-3","answer_corpus":"workers","score":1,"role":"Packer"}"#;
    let recorded = service.post(RECORD, body).await.json();
    let id = recorded["id"].as_str().unwrap();
    let found = search(&service, true).await;
    assert_eq!(found["hits"], cold["hits"]);
    let rejected = json!([{ "playbook": id, "answer_id": "w-3", "answer_corpus": "workers", "reason": "role_mismatch" }]);
    assert_eq!(found["playbook"]["rejected"], rejected);
}
