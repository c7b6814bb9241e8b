//! Searches in tiers find what a search of each tier finds.

use lakehouse_vector::{EngineOptions, Filter, GraphKind, Hit, Index, Metric, Search};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::support::{config, files, item, name, open, small, vector};

const DIMENSION: usize = 5;

fn eq(field: &str, value: f64) -> Filter {
    Filter::Eq {
        field: field.into(),
        value: value.into(),
    }
}

/// What a search of each tier finds, without the items of the tiers before.
async fn one_by_one(index: &Index, search: &Search<'_>) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    for (tier, filter) in search.tiers.iter().enumerate() {
        let before = search.tiers[..tier].iter().copied().cloned();
        let mut filters: Vec<_> = before.map(|before| Filter::Not(before.into())).collect();
        filters.extend(search.filter.cloned());
        filters.push((*filter).clone());
        let of_tier = Search {
            filter: Some(&Filter::And(filters)),
            tiers: &[],
            ..*search
        };
        let found = index.search(&of_tier).await.unwrap().into_iter();
        let missing = search.k - hits.len();
        hits.extend(found.map(|hit| Hit { tier, ..hit }).take(missing));
    }
    hits
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn tiers_are_searched_one_after_another() {
    // With a graph, and without.
    for exact_up_to in [40, 1000] {
        check(exact_up_to).await;
    }
}

async fn check(exact_up_to: usize) {
    let folder = tempfile::tempdir().unwrap();
    let options = EngineOptions {
        exact_up_to,
        ..small(folder.path(), files(folder.path()), GraphKind::Flat)
    };
    let engine = open(&options).await;
    let (index, _) = engine
        .create(&name("x"), config(DIMENSION, Metric::Cosine))
        .await
        .unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let items = (0..300).map(|at| {
        let metadata = format!(r#"{{"a":{},"b":{},"c":{}}}"#, at % 7, at % 3, at % 2);
        item(&format!("{at:03}"), vector(&mut rng, DIMENSION), &metadata)
    });
    index.upsert(items.collect()).await.unwrap();
    let deleted = (0..300).step_by(11).map(|at| format!("{at:03}").into());
    index.delete(deleted.collect()).await.unwrap();
    index.settle().await.unwrap();

    let (first, second, nobody) = (eq("a", 1.0), eq("b", 2.0), eq("a", 9.0));
    let (third, most) = (eq("c", 1.0), Filter::Not(eq("a", 3.0).into()));
    let tiers = [&nobody, &first, &second, &third, &first];
    let (zeros, ones) = ([0.0, 1.0, 0.5, 0.0, 0.0], [-1.0, 1.0, 1.0, 0.0, 1.0]);
    for vector in [&zeros, &ones] {
        for k in [1, 10, 60, 150, 300] {
            for filter in [None, Some(&most), Some(&nobody)] {
                for max_distance in [None, Some(0.4)] {
                    let search = Search {
                        filter,
                        exclude_ids: &["001", "002", "015"],
                        tiers: &tiers,
                        max_distance,
                        ..Search::new(vector, k)
                    };
                    let (found, hits) = index.search_to_keep(&search).await.unwrap();
                    let expected = one_by_one(&index, &search).await;
                    assert_eq!(hits, expected, "{k} {filter:?} {max_distance:?}");
                    assert_eq!(index.hits_of(&found), Some(hits));
                }
            }
        }
    }
    engine.close().await;
}
