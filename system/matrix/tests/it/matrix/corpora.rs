//! Creating, listing and dropping corpora.

use lakehouse_base::ErrorCode;
use lakehouse_matrix::{CorpusDescription, CorpusName};
use lakehouse_vector::{IndexConfig, IndexName, Metric};

use super::fixture::{Fixture, corpus_name};

fn description(name: &str, model: &str, dimension: usize) -> CorpusDescription {
    CorpusDescription {
        name: name.to_owned(),
        model: model.to_owned(),
        dimension,
        documents: 0,
    }
}

#[tokio::test]
async fn corpora_are_created_once() {
    let fixture = Fixture::new().await;
    let workers = corpus_name("workers");
    let want = description("workers", "hash-768", 768);
    let created = fixture.matrix.create_corpus(&workers, None).await.unwrap();
    assert_eq!(created, (want.clone(), true));
    let again = fixture
        .matrix
        .create_corpus(&workers, Some("hash-768"))
        .await;
    assert_eq!(again.unwrap(), (want.clone(), false));
    assert_eq!(fixture.matrix.corpus(&workers).unwrap(), want);
    let error = fixture.matrix.create_corpus(&workers, Some("m")).await;
    let error = error.unwrap_err();
    assert_eq!(
        error.to_string(),
        "corpus `workers` exists with model `hash-768`"
    );
    assert_eq!(error.code(), ErrorCode::Conflict);

    fixture.matrix.drop_corpus(&workers).await.unwrap();
    for error in [
        fixture.matrix.corpus(&workers).unwrap_err(),
        fixture.matrix.drop_corpus(&workers).await.unwrap_err(),
        fixture.matrix.document(&workers, "w-1").unwrap_err(),
        fixture
            .matrix
            .delete_document(&workers, "w-1")
            .await
            .unwrap_err(),
        fixture.matrix.ingest(&workers).map(|_| ()).unwrap_err(),
    ] {
        assert_eq!(error.to_string(), "unknown corpus `workers`");
        assert_eq!(error.code(), ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn indexes_with_a_space_are_corpora_except_the_playbook() {
    let fixture = Fixture::new().await;
    let create = async |name: &str, space: Option<&str>| {
        let config = IndexConfig {
            dimension: 768,
            distance: Metric::Cosine,
            space: space.map(str::to_owned),
        };
        let name = IndexName::parse(name).unwrap();
        fixture.engine.create(&name, config).await.unwrap();
    };
    create("plain", None).await;
    create("zebra", Some("hash-768")).await;
    create("playbook_memory", Some("hash-768")).await;
    fixture.fill("animals", &[("1", "a", "{}")]).await;
    let names: Vec<_> = fixture
        .matrix
        .corpora()
        .into_iter()
        .map(|one| one.name)
        .collect();
    assert_eq!(names, ["animals", "zebra"]);
    let error = fixture.matrix.corpus(&corpus_name("plain")).unwrap_err();
    assert_eq!(error.to_string(), "unknown corpus `plain`");
    let error = fixture
        .matrix
        .create_corpus(&corpus_name("plain"), None)
        .await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "index `plain` exists with dimension 768, distance `cosine`, backend `hnsw`, space `null`"
    );
    for bad in ["playbook_memory", "", "Workers", "a/b"] {
        let error = CorpusName::parse(bad).unwrap_err();
        assert_eq!(
            error.to_string(),
            "corpus name must be 1 to 64 characters of `a-z0-9_-`, the first a letter or digit, \
             and not `playbook_memory`",
            "{bad}"
        );
    }
}

#[tokio::test]
async fn corpora_are_not_created_if_the_model_fails() {
    let (fixture, seen) = Fixture::with_upstream().await;
    let workers = corpus_name("workers");
    seen.fail(true);
    let error = fixture
        .matrix
        .create_corpus(&workers, None)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "ollama: answered status 500");
    assert_eq!(error.code(), ErrorCode::Upstream);
    assert_eq!(fixture.matrix.corpora(), []);
    seen.fail(false);
    let created = fixture.matrix.create_corpus(&workers, None).await.unwrap();
    assert_eq!(created, (description("workers", "m", 3), true));
    assert_eq!(seen.calls(), 2);
    // For an existing corpus, the model is not called.
    seen.fail(true);
    let again = fixture.matrix.create_corpus(&workers, Some("m")).await;
    assert!(!again.unwrap().1);
    assert_eq!(seen.calls(), 2);
}
