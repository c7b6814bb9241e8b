//! Ingestion of documents, and access to single ones.

use lakehouse_base::ErrorCode;
use lakehouse_matrix::{Document, EmptyText};
use lakehouse_models::embed::hash::embed_text;
use lakehouse_vector::Metadata;

use super::fixture::{Fixture, corpus_name};

#[tokio::test]
async fn documents_are_items_with_a_text() {
    let fixture = Fixture::new().await;
    let workers = corpus_name("workers");
    let metadata = r#"{"role":"Picker","n":1.0}"#;
    fixture
        .fill(
            "workers",
            &[("w-1", "x", "{}"), ("w-1", "Ann, picker", metadata)],
        )
        .await;
    let document = fixture.matrix.document(&workers, "w-1").unwrap();
    assert_eq!(document.text.as_deref(), Some("Ann, picker"));
    assert_eq!(document.metadata.as_str(), metadata);
    assert_eq!(fixture.matrix.corpus(&workers).unwrap().documents, 1);
    let item = fixture.engine.get("workers").unwrap().get("w-1").unwrap();
    let want = embed_text("Ann, picker");
    for (value, want) in item.vector.iter().zip(want.values()) {
        assert!((value - want).abs() < 1e-6);
    }
    fixture
        .matrix
        .delete_document(&workers, "w-1")
        .await
        .unwrap();
    let error = fixture.matrix.delete_document(&workers, "w-1").await;
    for error in [
        error.unwrap_err(),
        fixture.matrix.document(&workers, "w-1").unwrap_err(),
    ] {
        assert_eq!(error.to_string(), "corpus `workers` has no document `w-1`");
        assert_eq!(error.code(), ErrorCode::NotFound);
    }
}

#[test]
fn blank_texts_are_rejected() {
    for blank in ["", " \t\u{3000}"] {
        assert_eq!(Document::new("1", blank, Metadata::empty()), Err(EmptyText));
    }
    assert_eq!(EmptyText.to_string(), "text is empty");
}

#[tokio::test]
async fn a_failing_model_ends_the_ingestion_and_keeps_earlier_documents() {
    let (fixture, seen) = Fixture::with_upstream().await;
    let workers = corpus_name("workers");
    fixture.matrix.create_corpus(&workers, None).await.unwrap();
    let mut ingestion = fixture.matrix.ingest(&workers).unwrap();
    let document = |number: usize| {
        let text = "x".repeat(number + 1);
        Document::new(format!("w-{number}"), text, Metadata::empty()).unwrap()
    };
    for number in 0..300 {
        // As if every second line were blank or rejected.
        ingestion
            .add(number * 2 + 1, document(number))
            .await
            .unwrap();
    }
    assert_eq!(seen.calls(), 2, "the corpus and one batch");
    assert_eq!(fixture.matrix.corpus(&workers).unwrap().documents, 256);
    seen.fail(true);
    let error = ingestion.finish().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "ollama: answered status 500; 256 documents were taken, the first that was not is on line 513"
    );
    assert_eq!(error.code(), ErrorCode::Upstream);
    assert_eq!(fixture.matrix.corpus(&workers).unwrap().documents, 256);
}

#[tokio::test]
async fn long_documents_do_not_wait_for_a_full_batch() {
    let fixture = Fixture::new().await;
    let workers = corpus_name("workers");
    fixture.matrix.create_corpus(&workers, None).await.unwrap();
    let mut ingestion = fixture.matrix.ingest(&workers).unwrap();
    for number in 0..5 {
        let text = "long ".repeat(200_000);
        let document = Document::new(format!("w-{number}"), text, Metadata::empty()).unwrap();
        ingestion.add(number + 1, document).await.unwrap();
    }
    assert_eq!(fixture.matrix.corpus(&workers).unwrap().documents, 5);
    assert_eq!(ingestion.finish().await.unwrap(), 5);
}

#[tokio::test]
async fn dropping_the_corpus_ends_the_ingestion() {
    let fixture = Fixture::new().await;
    let workers = corpus_name("workers");
    fixture.matrix.create_corpus(&workers, None).await.unwrap();
    let mut ingestion = fixture.matrix.ingest(&workers).unwrap();
    fixture.matrix.drop_corpus(&workers).await.unwrap();
    let document = Document::new("w-1", "x", Metadata::empty()).unwrap();
    ingestion.add(7, document).await.unwrap();
    let error = ingestion.finish().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown corpus `workers`; 0 documents were taken, the first that was not is on line 7"
    );
    assert_eq!(error.code(), ErrorCode::NotFound);
}
