//! `/v1/vectors`: metrics, encodings and visibility. The snapshots pin the answers.

use serde_json::json;

use super::Service;

const INDEX: &str = "/v1/vectors/indexes/a";

async fn service() -> Service {
    let service = Service::new().await;
    let created = service
        .put(INDEX, r#"{"dimension":2,"distance":"euclidean"}"#)
        .await;
    assert_eq!(created.status, 201);
    service
}

#[tokio::test]
async fn writes_and_searches_are_counted() {
    let service = service().await;
    let items = json!({ "items": [{"id": "a", "vector": [1, 0]}, {"id": "b", "vector": [0, 1]}] });
    service
        .post(&format!("{INDEX}/items"), items.to_string())
        .await
        .json();
    for body in [r#"{"vector":[1,0]}"#, r#"{"vector":[1,0]}"#, "{}"] {
        service.post(&format!("{INDEX}/search"), body).await;
    }
    let deleted = service
        .post(&format!("{INDEX}/items/delete"), r#"{"ids":["a","x"]}"#)
        .await;
    assert_eq!(deleted.json(), json!({ "deleted": 1 }));
    let metrics = service.get("/metrics").await.body;
    for line in [
        "lakehouse_searches_total{surface=\"vectors\"} 2\n",
        "lakehouse_items_written_total{change=\"upserted\"} 2\n",
        "lakehouse_items_written_total{change=\"deleted\"} 1\n",
        "lakehouse_indexes 1\n",
        "lakehouse_index_items 1\n",
        "route=\"/v1/vectors/indexes/{index}/search\"",
    ] {
        assert!(metrics.contains(line), "{line}{metrics}");
    }
}

#[tokio::test]
async fn every_id_can_be_read_back() {
    let service = service().await;
    for id in [
        "a/b",
        "..",
        "delete",
        "100%",
        "%41",
        "a?b#c",
        "é\u{1F600}",
        "\n\"",
        " ",
    ] {
        let items = json!({ "items": [{"id": id, "vector": [1, 0]}] });
        service
            .post(&format!("{INDEX}/items"), items.to_string())
            .await
            .json();
        let encoded: String = id.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let item = service.get(&format!("{INDEX}/items/{encoded}")).await;
        assert_eq!(item.json()["id"], id);
    }
}

#[tokio::test]
async fn numbers_are_rounded_once_from_the_nearest_double() {
    let service = service().await;
    // Slightly above the middle of two floats: parsed directly as a float it would be rounded up.
    let body = r#"{"items":[{"id":"a","vector":[1.00000005960464477540, 16777217]}]}"#;
    service.post(&format!("{INDEX}/items"), body).await.json();
    let item = service.get(&format!("{INDEX}/items/a")).await.json();
    assert_eq!(item["vector"], json!([1.0, 16_777_216.0]));
}

#[tokio::test]
async fn acknowledged_writes_are_visible_to_all_clients() {
    let service = service().await;
    let writer = |worker: usize| {
        let service = &service;
        async move {
            for round in 0..20 {
                let id = format!("{worker}-{round}");
                let items = json!({ "items": [{"id": id, "vector": [worker, round]}] });
                service
                    .post(&format!("{INDEX}/items"), items.to_string())
                    .await
                    .json();
                let search = json!({ "vector": [worker, round], "k": 1 });
                let found = service
                    .post(&format!("{INDEX}/search"), search.to_string())
                    .await
                    .json();
                assert_eq!(found["hits"][0]["id"], id);
            }
        }
    };
    futures::future::join_all((0..4).map(writer)).await;
    assert_eq!(service.get(INDEX).await.json()["items"], 80);
}
