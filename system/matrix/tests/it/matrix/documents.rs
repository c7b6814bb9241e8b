//! Ingestion of documents, and access to single ones.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use lakehouse_base::{ErrorCode, UpstreamError, UpstreamFault};
use lakehouse_matrix::{Document, EmptyText, IngestError, Ingested};
use lakehouse_models::embed::hash::embed_text;
use lakehouse_models::embed::{EmbedError, EmbedRequest, Embedder, Embedding};
use lakehouse_vector::Metadata;

use super::fixture::{Fixture, Options, corpus_name};

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
    assert_eq!(ingestion.finish().await.unwrap().count, 5);
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

/// An upstream that fails with the status that a text of the request begins with, and keeps the
/// requests.
#[derive(Default)]
struct Picky(Mutex<Vec<String>>);

#[async_trait]
impl Embedder for Picky {
    fn provider(&self) -> &'static str {
        "ollama"
    }

    async fn embed(&self, request: EmbedRequest<'_>) -> Result<Vec<Embedding>, EmbedError> {
        let texts: Vec<_> = request.texts.iter().map(|text| &**text).collect();
        self.0.lock().unwrap().push(texts.join(","));
        for text in &texts {
            let status = text.split(' ').next().and_then(|word| word.parse().ok());
            let fault = match status {
                Some(0) => UpstreamFault::Malformed,
                Some(status) => UpstreamFault::Status {
                    status,
                    words: "too long".to_owned(),
                },
                None => continue,
            };
            return Err(UpstreamError::new("ollama", fault).into());
        }
        Ok(texts.iter().map(|text| embed_text(text)).collect())
    }
}

/// Ingests texts on the lines 1, 2, …, and returns the result, the stored documents and the
/// requests to the model.
async fn ingest_picky(texts: &[&str]) -> (Result<Ingested, IngestError>, usize, Vec<String>) {
    let picky = Arc::new(Picky::default());
    let options = Options {
        provider: Some(Arc::clone(&picky) as Arc<dyn Embedder>),
        ..Options::default()
    };
    let fixture = Fixture::with(options).await;
    let workers = corpus_name("workers");
    fixture.matrix.create_corpus(&workers, None).await.unwrap();
    picky.0.lock().unwrap().clear();
    let mut ingestion = fixture.matrix.ingest(&workers).unwrap();
    for (index, text) in texts.iter().enumerate() {
        let document = Document::new(format!("d-{index}"), *text, Metadata::empty()).unwrap();
        ingestion.add(index + 1, document).await.unwrap();
    }
    let ingested = ingestion.finish().await;
    let stored = fixture.matrix.corpus(&workers).unwrap().documents;
    let requests = picky.0.lock().unwrap().clone();
    (ingested, stored, requests)
}

#[tokio::test]
async fn a_text_that_the_model_does_not_take_is_rejected_on_its_line() {
    let (ingested, stored, requests) = ingest_picky(&["a", "b", "400 c", "d", "e"]).await;
    let ingested = ingested.unwrap();
    assert_eq!((ingested.count, ingested.rejected, stored), (4, 1, 4));
    assert_eq!(ingested.reasons[0].line, 3);
    assert_eq!(
        ingested.reasons[0].reason,
        "ollama: answered status 400: too long"
    );
    assert_eq!(
        requests,
        ["a,b,400 c,d,e", "a,b,400 c", "a,b", "400 c", "d,e"]
    );
}

/// The numbers of texts that were taken and refused, or the failure.
type Outcome = Result<(usize, usize), &'static str>;

#[tokio::test]
async fn failures_of_texts_are_distinguished_from_those_of_the_model() {
    let cases: [(&[&str], Outcome); 11] = [
        (&["400 a"], Ok((0, 1))),
        (&["413 a", "422 b", "400 c"], Ok((0, 3))),
        (&["a", "500 b"], Ok((1, 1))),
        (&["500 a", "b"], Ok((1, 1))),
        (&["a", "0 b", "500 c", "400 d", "e"], Ok((2, 3))),
        (&["500 a", "500 b", "c", "d"], Ok((2, 2))),
        (&["500 a"], Err("ollama: answered status 500: too long")),
        (&["0 a"], Err("ollama: answer is malformed")),
        (
            &["400 a", "500 b"],
            Err("ollama: answered status 400: too long"),
        ),
        (
            &["500 a", "500 b", "500 c", "d"],
            Err("ollama: answered status 500: too long"),
        ),
        (
            &["a", "503 b"],
            Err("ollama: answered status 503: too long"),
        ),
    ];
    for (texts, want) in cases {
        let (ingested, stored, _) = ingest_picky(texts).await;
        match (ingested, want) {
            (Ok(ingested), Ok(want)) => {
                assert_eq!((ingested.count, ingested.rejected), want, "{texts:?}");
                assert_eq!(stored, want.0, "{texts:?}");
            }
            (Err(error), Err(want)) => {
                let tail = "; 0 documents were taken, the first that was not is on line 1";
                assert_eq!(error.to_string(), format!("{want}{tail}"), "{texts:?}");
                assert_eq!(stored, 0, "{texts:?}");
            }
            (ingested, want) => panic!("{texts:?}: {ingested:?}, not {want:?}"),
        }
    }
}

#[tokio::test]
async fn a_batch_takes_a_bounded_number_of_calls() {
    let texts: Vec<_> = (0..256).map(|n| format!("400 {n}")).collect();
    let texts: Vec<_> = texts.iter().map(String::as_str).collect();
    let (ingested, _, requests) = ingest_picky(&texts).await;
    let ingested = ingested.unwrap();
    assert_eq!((ingested.count, ingested.rejected), (0, 256));
    assert_eq!(ingested.reasons.len(), 100);
    assert_eq!(requests.len(), 2 * 256 - 1);
}
