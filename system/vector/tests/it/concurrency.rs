//! Searches during writes: no search sees part of a write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use lakehouse_vector::{EngineOptions, GraphKind, Metric, Scalar, Search};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::{config, files, item, name, open, small};

const GROUP: usize = 12;
const GROUPS: usize = 30;

/// The items of a group are always written together, with one rising number. A search that finds any
/// of them finds all, with the same number, during folds, rewrites and saves.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_search_sees_part_of_a_write() {
    let folder = tempfile::tempdir().unwrap();
    let options = EngineOptions {
        exact_up_to: 100,
        ..small(folder.path(), files(folder.path()), GraphKind::Flat)
    };
    let engine = open(&options).await;
    let (index, _) = engine
        .create(&name("x"), config(2, Metric::Euclidean))
        .await
        .unwrap();
    let is_over = Arc::new(AtomicBool::new(false));

    let writers = (0..3).map(|writer| {
        let index = Arc::clone(&index);
        tokio::spawn(async move {
            let mut rng = ChaCha8Rng::seed_from_u64(writer);
            for number in 0..120 {
                // Each writer has its own groups, so that their numbers rise.
                let group = rng.random_range(0..GROUPS as u64 / 3) * 3 + writer;
                if rng.random_bool(0.2) {
                    let ids = (0..GROUP).map(|at| format!("{group}-{at}").into());
                    index.delete(ids.collect()).await.unwrap();
                } else {
                    let items = (0..GROUP).map(|at| {
                        let metadata = format!("{{\"number\":{number}}}");
                        item(
                            &format!("{group}-{at}"),
                            vec![group as f32 * 10.0, 0.0],
                            &metadata,
                        )
                    });
                    index.upsert(items.collect()).await.unwrap();
                    let seen = index.get(&format!("{group}-0")).expect("its own write");
                    assert_eq!(
                        seen.metadata.get("number"),
                        Some(Scalar::Number(number.into()))
                    );
                }
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let readers = (0..2).map(|reader| {
        let (index, is_over) = (Arc::clone(&index), Arc::clone(&is_over));
        std::thread::spawn(move || {
            let mut rng = ChaCha8Rng::seed_from_u64(100 + reader);
            let mut found = 0;
            while !is_over.load(Ordering::Relaxed) {
                let group = rng.random_range(0..GROUPS) as f32 * 10.0;
                let hits = index
                    .search_blocking(&Search::new(&[group, 0.0], GROUP))
                    .unwrap();
                let hits: Vec<_> = hits.iter().filter(|hit| hit.distance == 0.0).collect();
                if let Some(first) = hits.first() {
                    assert_eq!(hits.len(), GROUP);
                    assert!(
                        hits.iter().all(|hit| hit.metadata == first.metadata),
                        "{hits:?}"
                    );
                    found += 1;
                }
            }
            found
        })
    });
    let readers: Vec<_> = readers.collect();
    let saver = {
        let (index, is_over) = (Arc::clone(&index), Arc::clone(&is_over));
        tokio::spawn(async move {
            while !is_over.load(Ordering::Relaxed) {
                index.save().await.unwrap();
                index.settle().await.unwrap();
            }
        })
    };
    for writer in writers {
        writer.await.unwrap();
    }
    is_over.store(true, Ordering::Relaxed);
    saver.await.unwrap();
    for reader in readers {
        assert!(reader.join().unwrap() > 0, "a reader that found nothing");
    }
    let before: Vec<_> = sorted(&index);
    engine.close().await;
    let engine = open(&options).await;
    assert_eq!(sorted(&engine.get("x").unwrap()), before);
}

fn sorted(index: &lakehouse_vector::Index) -> Vec<(Box<str>, lakehouse_vector::Metadata)> {
    let mut items: Vec<_> = index.scan_items().collect();
    items.sort_by(|a, b| a.0.cmp(&b.0));
    items
}

/// Every pending write gets an answer when the index ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pending_writes_are_answered_when_the_index_ends() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    let engine = open(&options).await;
    let (index, _) = engine
        .create(&name("x"), config(1, Metric::Dot))
        .await
        .unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let writers = (0..8).map(|writer| {
        let (index, count) = (Arc::clone(&index), Arc::clone(&count));
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for number in 0.. {
                let id = format!("{writer}-{number}");
                match index.upsert(vec![item(&id, vec![1.0], "{}")]).await {
                    Ok(()) => {
                        acknowledged.push(id);
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    Err(_) => break,
                }
            }
            acknowledged
        })
    });
    let writers: Vec<_> = writers.collect();
    // Close in the middle of writing, not before it has begun.
    let has_begun = async {
        while count.load(Ordering::Relaxed) < 100 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(60), has_begun).await;
    assert!(waited.is_ok(), "fewer than 100 writes were acknowledged");
    engine.close().await;
    let engine = open(&options).await;
    let reopened = engine.get("x").unwrap();
    for writer in writers {
        for id in writer.await.unwrap() {
            assert!(reopened.get(&id).is_some(), "`{id}` was acknowledged");
        }
    }
}
