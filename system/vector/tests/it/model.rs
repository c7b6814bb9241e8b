//! Compares random histories of writes, searches, restarts, crashes, saves, folds and rewrites with a
//! map and a scan.

use std::collections::BTreeMap;
use std::sync::Arc;

use lakehouse_vector::{
    Bounds, Engine, Filter, GraphKind, Hit, Index, Item, Metadata, Metric, Scalar, Search,
};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::{config, files, item, name, open, small, vector};

const DIMENSION: usize = 5;
const IDS: u32 = 60;

#[derive(Debug, Clone)]
enum Step {
    /// Upserts that many items in one write.
    Upsert(usize),
    Delete(usize),
    Search,
    Restart,
    /// Drops the engine without closing it.
    Crash,
    Save,
    /// Waits for graph builds, folds and rewrites.
    Settle,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1usize..20).prop_map(Step::Upsert),
        3 => (1usize..6).prop_map(Step::Delete),
        8 => Just(Step::Search),
        1 => Just(Step::Restart),
        1 => Just(Step::Crash),
        1 => Just(Step::Save),
        2 => Just(Step::Settle),
    ]
}

fn graph() -> impl Strategy<Value = GraphKind> {
    prop_oneof![Just(GraphKind::Flat), Just(GraphKind::HnswRs)]
}

fn metric() -> impl Strategy<Value = Metric> {
    prop_oneof![
        Just(Metric::Cosine),
        Just(Metric::Euclidean),
        Just(Metric::Dot)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn indexes_match_a_map_and_a_scan(
        seed in any::<u64>(),
        graph in graph(),
        metric in metric(),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(run(seed, graph, metric, &steps));
    }
}

async fn run(seed: u64, graph: GraphKind, metric: Metric, steps: &[Step]) {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), graph);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut model = Model {
        metric,
        items: BTreeMap::new(),
    };
    let mut engine = open(&options).await;
    let (mut index, made) = engine
        .create(&name("x"), config(DIMENSION, metric))
        .await
        .unwrap();
    assert!(made);
    for step in steps {
        match step {
            Step::Upsert(count) => {
                let items: Vec<_> = (0..*count).map(|_| random_item(&mut rng)).collect();
                let before = index.version();
                index.upsert(items.clone()).await.unwrap();
                assert!(index.version() > before);
                items.into_iter().for_each(|item| model.upsert(item));
            }
            Step::Delete(count) => {
                let ids: Vec<_> = (0..*count).map(|_| random_id(&mut rng)).collect();
                let want = ids.iter().filter(|id| model.items.remove(*id).is_some());
                let want = want.count();
                assert_eq!(index.delete(ids).await.unwrap(), want);
            }
            Step::Search => {
                for _ in 0..4 {
                    model.check_search(&index, &mut rng);
                }
            }
            Step::Restart => {
                engine.close().await;
                engine = open(&options).await;
                index = engine.get("x").unwrap();
                assert_eq!(index.stats().saved_version, index.version());
            }
            Step::Crash => {
                drop((index, engine));
                engine = open(&options).await;
                index = engine.get("x").unwrap();
            }
            Step::Save => {
                index.save().await.unwrap();
                assert_eq!(index.stats().saved_version, index.version());
            }
            Step::Settle => settle(&index).await,
        }
        model.check(&index);
    }
    let engine: Arc<Engine> = engine;
    engine.close().await;
}

async fn settle(index: &Index) {
    index.settle().await.unwrap();
    let stats = index.stats();
    let shares = if stats.graph.is_some() { 2 } else { 5 };
    assert!(stats.tombstones < 16 || stats.tombstones * shares < stats.items + stats.tombstones);
    if stats.items > 40 {
        let graph = stats.graph.expect("a graph over more than 40 items");
        assert_eq!(
            (stats.delta, graph.rows),
            (0, stats.items + stats.tombstones)
        );
    }
}

fn random_id(rng: &mut ChaCha8Rng) -> Box<str> {
    format!("id-{}", rng.random_range(0..IDS)).into()
}

fn random_item(rng: &mut ChaCha8Rng) -> Item {
    let id = random_id(rng);
    let (years, role) = (
        rng.random_range(0..5),
        ["Picker", "Packer"][rng.random_range(0..2)],
    );
    let metadata = format!(r#"{{"years":{years},"role":"{role}","note":"of {id}"}}"#);
    let text = rng.random_bool(0.3).then(|| format!("text of {id}").into());
    let vector = vector(rng, DIMENSION);
    Item {
        text,
        ..item(&id, vector, &metadata)
    }
}

fn random_filter(rng: &mut ChaCha8Rng) -> Filter {
    let role = Filter::Eq {
        field: "role".into(),
        value: Scalar::from("Picker"),
    };
    let low = f64::from(rng.random_range(0..5));
    let years = Filter::Range {
        field: "years".into(),
        bounds: Bounds::Numbers(std::ops::Bound::Included(low), std::ops::Bound::Unbounded),
    };
    match rng.random_range(0..4) {
        0 => role,
        1 => years,
        2 => Filter::And(vec![role, years]),
        _ => Filter::Not(Box::new(years)),
    }
}

struct Model {
    metric: Metric,
    items: BTreeMap<Box<str>, Item>,
}

impl Model {
    fn upsert(&mut self, mut item: Item) {
        if self.metric == Metric::Cosine {
            let norm = item
                .vector
                .iter()
                .map(|x| f64::from(*x).powi(2))
                .sum::<f64>();
            for value in &mut item.vector {
                *value = (f64::from(*value) / norm.sqrt()) as f32;
            }
        }
        self.items.insert(item.id.clone(), item);
    }

    fn check(&self, index: &Index) {
        assert_eq!(index.len(), self.items.len());
        assert_eq!(index.get("absent"), None);
        for (id, want) in &self.items {
            assert_same(&index.get(id).expect("it was put in"), want);
        }
        let mut scanned: Vec<_> = index.scan_items().collect();
        scanned.sort_by(|a, b| a.0.cmp(&b.0));
        let want = self.items.values();
        let want: Vec<_> = want.map(|i| (i.id.clone(), i.metadata.clone())).collect();
        assert_eq!(scanned, want);
        let mut notes: Vec<_> = self.items.values().map(note).collect();
        notes.sort();
        let texts = index.distinct_texts("note");
        assert_eq!(texts.iter().map(|t| &**t).collect::<Vec<_>>(), notes);
    }

    fn check_search(&self, index: &Index, rng: &mut ChaCha8Rng) {
        let query = vector(rng, DIMENSION);
        let filter = rng.random_bool(0.5).then(|| random_filter(rng));
        let some_ids = |rng: &mut ChaCha8Rng, most| -> Vec<Box<str>> {
            let count = rng.random_range(0..most);
            (0..count).map(|_| random_id(rng)).collect()
        };
        let excluded = some_ids(rng, 10);
        let only = rng.random_bool(0.2).then(|| some_ids(rng, 40));
        let refs =
            |ids: &'_ [Box<str>]| -> Vec<String> { ids.iter().map(ToString::to_string).collect() };
        let (excluded, only) = (refs(&excluded), only.as_deref().map(refs));
        let excluded: Vec<&str> = excluded.iter().map(String::as_str).collect();
        let only: Option<Vec<&str>> = only
            .as_ref()
            .map(|ids| ids.iter().map(String::as_str).collect());
        let k = rng.random_range(0..30);
        let hits = index
            .search_blocking(&Search {
                filter: filter.as_ref(),
                exclude_ids: &excluded,
                only_ids: only.as_deref(),
                ..Search::new(&query, k)
            })
            .unwrap();
        let passes = |item: &&Item| {
            filter.as_ref().is_none_or(|f| f.passes(&item.metadata))
                && !excluded.contains(&&*item.id)
                && only.as_ref().is_none_or(|ids| ids.contains(&&*item.id))
        };
        let passing: Vec<&Item> = self.items.values().filter(passes).collect();
        self.check_hits(&hits, &query, &passing, k);
    }

    /// The exact nearest, in order. A graph of 60 rows searched with `ef` 64 visits all of them.
    fn check_hits(&self, hits: &[Hit], query: &[f32], passing: &[&Item], k: usize) {
        let mut unit = query.to_vec();
        if self.metric == Metric::Cosine {
            let norm = query.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
            for value in &mut unit {
                *value = (f64::from(*value) / norm.sqrt()) as f32;
            }
        }
        for hit in hits {
            let item = passing.iter().find(|item| item.id == hit.id);
            let item = item.expect("a hit that passes");
            assert_eq!(hit.metadata, item.metadata);
        }
        let distance = |item: &Item| self.metric.distance(&unit, &item.vector);
        let mut want: Vec<_> = passing
            .iter()
            .map(|item| (distance(item), item.id.clone()))
            .collect();
        want.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        want.truncate(k);
        let got: Vec<_> = hits
            .iter()
            .map(|hit| (hit.distance, hit.id.clone()))
            .collect();
        assert_eq!(got, want);
    }
}

fn note(item: &Item) -> String {
    match item.metadata.get("note") {
        Some(Scalar::Text(text)) => text.into(),
        other => panic!("{other:?}"),
    }
}

fn assert_same(got: &Item, want: &Item) {
    let (metadata, text): (&Metadata, _) = (&got.metadata, &got.text);
    assert_eq!(
        (&got.id, metadata, text),
        (&want.id, &want.metadata, &want.text)
    );
    for (got, want) in got.vector.iter().zip(&want.vector) {
        assert!((got - want).abs() < 1e-6, "{got} instead of {want}");
    }
}
