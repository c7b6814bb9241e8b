//! Tests of the engine over every kind of store: creating, dropping, opening, rejecting.

use std::path::Path;
use std::sync::Arc;

use futures::StreamExt;
use lakehouse_base::ErrorCode;
use lakehouse_store::Store;
use lakehouse_vector::{
    Engine, EngineOptions, GraphKind, Index, IndexConfig, Item, Metadata, Metric, Search,
    VectorError,
};

use crate::support::{config, files, item, name, open, small};

fn memory(folder: &Path) -> Store {
    lakehouse_store::open("memory://", &folder.join("cache")).unwrap()
}

/// Runs a check over each kind of store.
async fn over_each_store(check: impl AsyncFn(EngineOptions)) {
    for store in [files, memory] {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        check(small(folder.path(), store, GraphKind::Flat)).await;
    }
}

async fn reopened(engine: Arc<Engine>, options: &EngineOptions) -> Arc<Engine> {
    engine.close().await;
    open(options).await
}

#[tokio::test]
async fn indexes_are_created_once_and_survive_restarts() {
    over_each_store(async |options| {
        let engine = open(&options).await;
        let cosine = config(3, Metric::Cosine);
        let (index, made) = engine.create(&name("a"), cosine.clone()).await.unwrap();
        assert!(made && index.is_empty());
        let (_, made) = engine.create(&name("a"), cosine).await.unwrap();
        assert!(!made);
        let spaced = IndexConfig {
            space: Some("hash-768".to_owned()),
            ..config(4, Metric::Dot)
        };
        engine.create(&name("b"), spaced.clone()).await.unwrap();

        let engine = reopened(engine, &options).await;
        let names: Vec<_> = engine.list().iter().map(|i| i.name().to_string()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(*engine.get("b").unwrap().config(), spaced);
        let error = engine.create(&name("b"), config(3, Metric::Cosine)).await;
        let error = error.unwrap_err();
        assert_eq!(error.code(), ErrorCode::Conflict);
        assert_eq!(
            error.to_string(),
            "index `b` exists with dimension 4, distance `dot`, backend `hnsw`, space `hash-768`"
        );
        let error = engine.create(&name("c"), config(4097, Metric::Dot)).await;
        assert_eq!(error.unwrap_err().code(), ErrorCode::BadRequest);
    })
    .await;
}

#[tokio::test]
async fn dropped_indexes_stay_dropped_and_free_their_name() {
    over_each_store(async |options| {
        let engine = open(&options).await;
        let (index, _) = engine
            .create(&name("a"), config(1, Metric::Dot))
            .await
            .unwrap();
        index
            .upsert(vec![item("x", vec![1.0], "{}")])
            .await
            .unwrap();
        index.save().await.unwrap();
        index
            .upsert(vec![item("y", vec![2.0], "{}")])
            .await
            .unwrap();
        assert!(engine.drop_index("a").await.unwrap());
        assert!(!engine.drop_index("a").await.unwrap());
        assert!(engine.get("a").is_none());

        let error = index.upsert(vec![item("z", vec![3.0], "{}")]).await;
        assert_eq!(error.unwrap_err().to_string(), "index `a` was dropped");
        let error = index.search(&Search::new(&[1.0], 1)).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
        assert!(matches!(index.save().await, Err(VectorError::Dropped(_))));
        let left: Vec<_> = options.store.objects().list(None).collect().await;
        assert!(left.is_empty(), "{left:?}");

        let engine = reopened(engine, &options).await;
        assert!(engine.list().is_empty());
        let (index, made) = engine
            .create(&name("a"), config(2, Metric::Dot))
            .await
            .unwrap();
        assert!(made && index.is_empty());
        index
            .upsert(vec![item("x", vec![1.0, 2.0], "{}")])
            .await
            .unwrap();
        let engine = reopened(engine, &options).await;
        assert_eq!(engine.get("a").unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn snapshots_open_elsewhere_without_the_log() {
    over_each_store(async |options| {
        let engine = open(&options).await;
        let (index, _) = engine
            .create(&name("a"), config(2, Metric::Euclidean))
            .await
            .unwrap();
        let full = Item {
            text: Some("kept beside".into()),
            ..item("x", vec![1.0, 2.0], r#"{"role":"Picker"}"#)
        };
        index.upsert(vec![full.clone()]).await.unwrap();
        index.save().await.unwrap();
        let again = index.save().await;
        again.unwrap();
        index
            .upsert(vec![item("unsaved", vec![1.0, 2.0], "{}")])
            .await
            .unwrap();

        let elsewhere = EngineOptions {
            root: options.root.join("elsewhere"),
            ..options.clone()
        };
        let other = open(&elsewhere).await;
        let index = other.get("a").unwrap();
        assert_eq!(index.get("x").unwrap(), full);
        assert_eq!(index.len(), 1);
        engine.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_second_engine_on_one_root_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    let engine = open(&options).await;
    let error = Engine::open(options.clone()).await.unwrap_err();
    assert!(matches!(error, VectorError::Locked(_)), "{error}");
    engine.close().await;
    engine.close().await;
    let error = engine.create(&name("a"), config(1, Metric::Dot)).await;
    assert!(matches!(error, Err(VectorError::Closed(_))));
    Engine::open(options).await.unwrap();
}

#[tokio::test]
async fn invalid_writes_are_rejected_whole_with_the_first_error() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    let engine = open(&options).await;
    let (index, _) = engine
        .create(&name("x"), config(2, Metric::Cosine))
        .await
        .unwrap();
    let long = "i".repeat(257);
    let cases = [
        (
            "a",
            vec![1.0],
            "item 1 (`a`): vector has 1 components, index `x` has 2",
        ),
        (
            "a",
            vec![1.0, 2e15],
            "item 1 (`a`): component 1 of the vector is not within ±1e15",
        ),
        (
            "a",
            vec![f32::NAN, 0.0],
            "item 1 (`a`): component 0 of the vector is not within ±1e15",
        ),
        (
            "a",
            vec![0.0, -0.0],
            "item 1 (`a`): vector is zero and has no direction",
        ),
        (
            "",
            vec![1.0, 0.0],
            "item 1: id must be a string of 1 to 256 bytes",
        ),
        (
            &long,
            vec![1.0, 0.0],
            "item 1: id must be a string of 1 to 256 bytes",
        ),
    ];
    for (id, vector, want) in cases {
        let bad = Item {
            id: id.into(),
            vector,
            metadata: Metadata::empty(),
            text: None,
        };
        let items = vec![item("good", vec![1.0, 0.0], "{}"), bad];
        let error = index.upsert(items).await.unwrap_err();
        assert_eq!(error.to_string(), want);
        assert_eq!(error.code(), ErrorCode::BadRequest);
    }
    assert_eq!((index.len(), index.version()), (0, 0));
    assert!(index.check_space(None).is_ok());
    assert_eq!(
        index.check_space(Some("hash-768")).unwrap_err().to_string(),
        "index `x` holds vectors of space `null`, not `hash-768`"
    );
}

/// An engine with its files in a folder, and an index of one-dimensional vectors.
async fn line(folder: &Path) -> (Arc<Engine>, Arc<Index>) {
    let engine = open(&small(folder, files(folder), GraphKind::Flat)).await;
    let (name, config) = (name("x"), config(1, Metric::Euclidean));
    let (index, _) = engine.create(&name, config).await.unwrap();
    (engine, index)
}

#[tokio::test]
async fn ties_are_ordered_by_id_even_at_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let (_engine, index) = line(folder.path()).await;
    let ids = ["ä", "b", "a", "B", "aa", "10", "9"];
    let items = ids.iter().map(|id| item(id, vec![2.0], "{}"));
    index.upsert(items.collect()).await.unwrap();
    index
        .upsert(vec![item("near", vec![1.5], "{}")])
        .await
        .unwrap();
    let hits = index.search(&Search::new(&[1.0], 5)).await.unwrap();
    let got: Vec<_> = hits.iter().map(|hit| &*hit.id).collect();
    assert_eq!(got, ["near", "10", "9", "B", "a"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn search_results_are_reusable_until_the_index_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (_engine, index) = line(folder.path()).await;
    let items = (0..30).map(|at| item(&format!("{at:02}"), vec![at as f32], "{}"));
    index.upsert(items.collect()).await.unwrap();
    let search = Search::new(&[30.0], 3);
    let (found, hits) = index.search_to_keep(&search).await.unwrap();
    assert_eq!(index.hits_of(&found), Some(hits));

    let gone = (0..20).map(|at| format!("{at:02}").into()).collect();
    index.delete(gone).await.unwrap();
    assert_eq!(index.hits_of(&found), None, "of an earlier version");

    // A rewrite moves the rows without changing the version.
    let (found, hits) = index.search_to_keep(&search).await.unwrap();
    let version = index.version();
    index.settle().await.unwrap();
    assert_eq!((index.version(), index.stats().tombstones), (version, 0));
    let again = index.hits_of(&found);
    assert!(again.is_none_or(|again| again == hits));
    let (found, hits) = index.search_to_keep(&search).await.unwrap();
    assert_eq!(index.hits_of(&found), Some(hits));
}
