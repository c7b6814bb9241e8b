//! Indexes large enough to use a graph, of both kinds: recall is high, excluded items are not returned,
//! and `k` hits are returned if `k` items pass.

use std::collections::{BTreeMap, BTreeSet};

use lakehouse_vector::{EngineOptions, Filter, GraphKind, Index, Item, Metric, Scalar, Search};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::{config, files, item, name, open, small};

const DIMENSION: usize = 16;
const ROWS: usize = 1500;
/// Small enough that the graph is cheaper than a scan of the rows.
const K: usize = 5;
const EF: usize = 32;

fn row(at: usize, rng: &mut ChaCha8Rng) -> Item {
    let share = [10, 100].map(|n| format!("\"of_{n}\":{}", at.is_multiple_of(n)));
    let vector = (0..DIMENSION)
        .map(|_| rng.random_range(-1.0..1.0))
        .collect();
    item(
        &format!("{at:05}"),
        vector,
        &format!("{{{}}}", share.join(",")),
    )
}

macro_rules! answers {
    ($($test:ident: $kind:ident, $metric:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
        async fn $test() {
            let folder = tempfile::tempdir().unwrap();
            let options = EngineOptions {
                exact_up_to: 300,
                delta_max: 250,
                ..small(folder.path(), files(folder.path()), GraphKind::$kind)
            };
            run(&options, Metric::$metric).await;
        }
    )*};
}

answers! {
    flat_by_cosine: Flat, Cosine;
    flat_by_euclidean: Flat, Euclidean;
    flat_by_dot: Flat, Dot;
    hnsw_rs_by_cosine: HnswRs, Cosine;
}

async fn run(options: &EngineOptions, metric: Metric) {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let engine = open(options).await;
    let (index, _) = engine
        .create(&name("x"), config(DIMENSION, metric))
        .await
        .unwrap();
    let mut model = BTreeMap::new();
    let mut put = async |ats: Vec<usize>, model: &mut BTreeMap<Box<str>, Item>| {
        let items: Vec<_> = ats.into_iter().map(|at| row(at, &mut rng)).collect();
        index.upsert(items.clone()).await.unwrap();
        model.extend(items.into_iter().map(|item| (item.id.clone(), item)));
    };
    for from in (0..ROWS).step_by(500) {
        put((from..from + 500).collect(), &mut model).await;
    }
    index.settle().await.unwrap();
    assert_eq!(index.stats().graph.unwrap().rows, ROWS);
    check(&index, &model, metric);

    // The delta replaces rows of the graph, and some items are deleted.
    put((0..200).collect(), &mut model).await;
    let gone: Vec<Box<str>> = (1000..1100).map(|at| format!("{at:05}").into()).collect();
    gone.iter().for_each(|id| drop(model.remove(id)));
    assert_eq!(index.delete(gone).await.unwrap(), 100);
    let stats = index.stats();
    assert_eq!((stats.delta, stats.tombstones), (200, 300));
    check(&index, &model, metric);

    // After a restart without a graph in the snapshot (one kind has none), it is rebuilt.
    engine.close().await;
    drop(index);
    let engine = open(options).await;
    let index = engine.get("x").unwrap();
    check(&index, &model, metric);
    index.settle().await.unwrap();
    let graph = index.stats().graph.unwrap();
    assert_eq!(graph.kind, options.graph);
    check(&index, &model, metric);

    // First too few tombstones for a rebuild, then enough.
    let mut delete = async |ats: std::ops::Range<usize>, tombstones: usize| {
        let gone: Vec<Box<str>> = ats.map(|at| format!("{at:05}").into()).collect();
        gone.iter().for_each(|id| drop(model.remove(id)));
        index.delete(gone).await.unwrap();
        index.settle().await.unwrap();
        let stats = index.stats();
        assert_eq!((stats.tombstones, stats.delta), (tombstones, 0));
        check(&index, &model, metric);
    };
    let before = index.stats().tombstones;
    delete(1100..1400, before + 300).await;
    delete(200..700, 0).await;
    engine.close().await;
}

/// An index with its own threshold gets a graph sooner, and does not use it for searches that must be
/// exact.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn graph_thresholds_can_be_set_per_index() {
    let folder = tempfile::tempdir().unwrap();
    let options = EngineOptions {
        exact_up_to: ROWS,
        exact_up_to_of: [("sooner".into(), ROWS - 100)].into(),
        ..small(folder.path(), files(folder.path()), GraphKind::Flat)
    };
    let engine = open(&options).await;
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let items: Vec<_> = (0..ROWS).map(|at| row(at, &mut rng)).collect();
    let mut indexes = Vec::new();
    for at in ["sooner", "x"] {
        let config = config(DIMENSION, Metric::Dot);
        let (index, _) = engine.create(&name(at), config).await.unwrap();
        index.upsert(items.clone()).await.unwrap();
        index.settle().await.unwrap();
        indexes.push(index);
    }
    let has_graph: Vec<_> = indexes.iter().map(|i| i.stats().graph.is_some()).collect();
    assert_eq!(has_graph, [true, false]);

    let nearest = |query: &[f32], index: &Index| {
        let narrow = Search {
            ef: Some(1),
            ..Search::new(query, 1)
        };
        index.search_blocking(&narrow).unwrap().remove(0).id
    };
    let mut misses = || {
        let queries = (0..64).map(|at| row(at, &mut rng).vector);
        let is_missed = |q: &Vec<f32>| nearest(q, &indexes[0]) != nearest(q, &indexes[1]);
        queries.filter(is_missed).count()
    };
    assert!(misses() > 0, "so narrow a search of a graph misses some");
    for index in &indexes {
        let gone = items[..100].iter().map(|item| item.id.clone());
        assert_eq!(index.delete(gone.collect()).await.unwrap(), 100);
        index.settle().await.unwrap();
    }
    assert!(indexes[0].stats().graph.is_some());
    assert_eq!(misses(), 0);
    engine.close().await;
}

fn check(index: &Index, model: &BTreeMap<Box<str>, Item>, metric: Metric) {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let (mut found, mut wanted) = (0, 0);
    for share in [1, 10, 100] {
        for _ in 0..8 {
            let query: Vec<f32> = (0..DIMENSION)
                .map(|_| rng.random_range(-1.0..1.0))
                .collect();
            let field = format!("of_{share}");
            let filter = (share > 1).then(|| Filter::Eq {
                field: field.as_str().into(),
                value: Scalar::from(true),
            });
            let excluded: Vec<String> = (0..20)
                .map(|_| format!("{:05}", rng.random_range(0..ROWS)))
                .collect();
            let excluded: Vec<&str> = excluded.iter().map(String::as_str).collect();
            let hits = index
                .search_blocking(&Search {
                    filter: filter.as_ref(),
                    exclude_ids: &excluded,
                    ef: Some(EF),
                    ..Search::new(&query, K)
                })
                .unwrap();
            let passes = |item: &&Item| {
                filter.as_ref().is_none_or(|f| f.passes(&item.metadata))
                    && !excluded.contains(&&*item.id)
            };
            let passing = model.values().filter(passes);
            let mut exact: Vec<_> = passing
                .map(|item| (exact(metric, &item.vector, &query), &item.id))
                .collect();
            exact.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert_eq!(hits.len(), exact.len().min(K));
            for hit in &hits {
                let passing = exact.iter().find(|(_, id)| **id == hit.id);
                let (want, _) = passing.expect("a hit that passes");
                assert_eq!(hit.distance, *want, "{hit:?}");
            }
            let ids: BTreeSet<_> = hits.iter().map(|hit| &hit.id).collect();
            found += exact
                .iter()
                .take(K)
                .filter(|(_, id)| ids.contains(id))
                .count();
            wanted += hits.len();
        }
    }
    assert!(
        found * 100 >= wanted * 90,
        "{found} of the {wanted} nearest"
    );
}

fn exact(metric: Metric, vector: &[f32], query: &[f32]) -> f64 {
    let unit = |v: &[f32]| {
        let norm = v.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
        v.iter()
            .map(|x| (f64::from(*x) / norm) as f32)
            .collect::<Vec<_>>()
    };
    match metric {
        Metric::Cosine => metric.distance(&unit(query), &unit(vector)),
        _ => metric.distance(query, vector),
    }
}
