//! Making, listing and dropping corpora.

use lakehouse_base::ErrorCode;
use lakehouse_matrix::{CorpusDescription, CorpusName};
use lakehouse_vector::{IndexConfig, IndexName, Metric};

use super::house::{House, corpus_name};

fn description(name: &str, model: &str, dimension: usize) -> CorpusDescription {
    CorpusDescription {
        name: name.to_owned(),
        model: model.to_owned(),
        dimension,
        documents: 0,
    }
}

#[tokio::test]
async fn a_corpus_is_made_once() {
    let house = House::open().await;
    let workers = corpus_name("workers");
    let want = description("workers", "hash-768", 768);
    let made = house.matrix.create_corpus(&workers, None).await.unwrap();
    assert_eq!(made, (want.clone(), true));
    let again = house.matrix.create_corpus(&workers, Some("hash-768")).await;
    assert_eq!(again.unwrap(), (want.clone(), false));
    assert_eq!(house.matrix.corpus(&workers).unwrap(), want);
    let error = house.matrix.create_corpus(&workers, Some("m")).await;
    let error = error.unwrap_err();
    assert_eq!(
        error.to_string(),
        "corpus `workers` exists with model `hash-768`"
    );
    assert_eq!(error.code(), ErrorCode::Conflict);

    house.matrix.drop_corpus(&workers).await.unwrap();
    for error in [
        house.matrix.corpus(&workers).unwrap_err(),
        house.matrix.drop_corpus(&workers).await.unwrap_err(),
        house.matrix.document(&workers, "w-1").unwrap_err(),
        house
            .matrix
            .delete_document(&workers, "w-1")
            .await
            .unwrap_err(),
        house
            .matrix
            .take_documents(&workers)
            .map(|_| ())
            .unwrap_err(),
    ] {
        assert_eq!(error.to_string(), "unknown corpus `workers`");
        assert_eq!(error.code(), ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn an_index_is_a_corpus_when_it_has_a_space_and_is_not_the_playbook() {
    let house = House::open().await;
    let make = async |name: &str, space: Option<&str>| {
        let config = IndexConfig {
            dimension: 768,
            distance: Metric::Cosine,
            space: space.map(str::to_owned),
        };
        let name = IndexName::parse(name).unwrap();
        house.engine.create(&name, config).await.unwrap();
    };
    make("plain", None).await;
    make("zebra", Some("hash-768")).await;
    make("playbook_memory", Some("hash-768")).await;
    house.fill("animals", &[("1", "a", "{}")]).await;
    let names: Vec<_> = house
        .matrix
        .corpora()
        .into_iter()
        .map(|one| one.name)
        .collect();
    assert_eq!(names, ["animals", "zebra"]);
    let error = house.matrix.corpus(&corpus_name("plain")).unwrap_err();
    assert_eq!(error.to_string(), "unknown corpus `plain`");
    let error = house
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
async fn a_corpus_of_a_model_that_fails_is_not_made() {
    let (house, seen) = House::with_upstream().await;
    let workers = corpus_name("workers");
    seen.fail(true);
    let error = house
        .matrix
        .create_corpus(&workers, None)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "ollama: answered status 500");
    assert_eq!(error.code(), ErrorCode::Upstream);
    assert_eq!(house.matrix.corpora(), []);
    seen.fail(false);
    let made = house.matrix.create_corpus(&workers, None).await.unwrap();
    assert_eq!(made, (description("workers", "m", 3), true));
    assert_eq!(seen.calls(), 2);
    // What exists is not asked for.
    seen.fail(true);
    let again = house.matrix.create_corpus(&workers, Some("m")).await;
    assert!(!again.unwrap().1);
    assert_eq!(seen.calls(), 2);
}
