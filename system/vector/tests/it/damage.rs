//! Damaged files: each is reported with its name and offset, or rebuilt if nothing is lost.

use std::fs;
use std::path::{Path, PathBuf};

use lakehouse_vector::{Engine, EngineOptions, GraphKind, Index, Metric, Search, VectorError};

use crate::support::{config, files, item, name, open, small};

/// The only file below a folder whose name has that suffix.
fn file(folder: &Path, end: &str) -> PathBuf {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(end) {
                found.push(path);
            }
        }
    }
    assert_eq!(found.len(), 1, "files in `{end}`: {found:?}");
    found.remove(0)
}

async fn filled(options: &EngineOptions) {
    let engine = open(options).await;
    let (index, _) = engine
        .create(&name("x"), config(3, Metric::Euclidean))
        .await
        .unwrap();
    let items = (0..200).map(|at| {
        let vector = vec![at as f32, (at % 7) as f32, 1.0];
        item(&format!("id-{at}"), vector, &format!("{{\"at\":{at}}}"))
    });
    index.upsert(items.collect()).await.unwrap();
    index.delete(vec!["id-3".into()]).await.unwrap();
    index.settle().await.unwrap();
    assert!(index.stats().graph.is_some());
    index.save().await.unwrap();
    engine.close().await;
}

fn check(index: &Index) {
    assert_eq!(index.len(), 199);
    let hits = index
        .search_blocking(&Search::new(&[10.0, 3.0, 1.0], 3))
        .unwrap();
    assert_eq!((&*hits[0].id, hits[0].distance), ("id-10", 0.0));
    assert_eq!(hits.len(), 3);
}

/// Flips bytes of a snapshot, one at a time: the damage is reported at or before the byte, or it
/// affects only the graph.
#[tokio::test]
async fn every_flipped_byte_of_a_snapshot_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    filled(&options).await;
    let path = file(folder.path(), ".snap");
    let whole = fs::read(&path).unwrap();
    let (mut reported, mut rebuilt) = (0, 0);
    let step = whole.len() / 120;
    for at in (0..whole.len())
        .step_by(step.max(1))
        .chain([whole.len() - 1])
    {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x40;
        fs::write(&path, &flipped).unwrap();
        match Engine::open(options.clone()).await {
            Err(VectorError::Damaged { file, offset, .. }) => {
                assert!(file.ends_with(".snap"), "{file}");
                assert!(offset <= at as u64, "byte {at} was reported at {offset}");
                reported += 1;
            }
            Err(other) => panic!("byte {at}: {other}"),
            Ok(engine) => {
                let index = engine.get("x").unwrap();
                check(&index);
                index.settle().await.unwrap();
                assert!(index.stats().graph.is_some());
                check(&index);
                rebuilt += 1;
                engine.close().await;
            }
        }
        fs::write(&path, &whole).unwrap();
    }
    assert!(
        reported > 30 && rebuilt > 30,
        "{reported} reported, {rebuilt} rebuilt"
    );
    let engine = open(&options).await;
    check(&engine.get("x").unwrap());
}

#[tokio::test]
async fn truncated_snapshots_and_manifests_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    filled(&options).await;
    for end in [".snap", ".json"] {
        let path = file(folder.path(), end);
        let whole = fs::read(&path).unwrap();
        for length in [0, 1, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..length]).unwrap();
            let error = Engine::open(options.clone()).await.expect_err("it is cut");
            let VectorError::Damaged { file, offset, .. } = &error else {
                panic!("{error}");
            };
            assert!(file.ends_with(end) && *offset <= length as u64, "{error}");
        }
        fs::write(&path, &whole).unwrap();
    }
    check(&open(&options).await.get("x").unwrap());
}

#[tokio::test]
async fn every_flipped_byte_of_a_manifest_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    filled(&options).await;
    let path = file(folder.path(), ".json");
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x01;
        fs::write(&path, &flipped).unwrap();
        let error = Engine::open(options.clone()).await.err();
        let error = error.unwrap_or_else(|| panic!("byte {at} went unnoticed"));
        assert!(matches!(error, VectorError::Damaged { .. }), "{error}");
    }
}

/// Leftovers of a crash are removed and do no harm.
#[tokio::test]
async fn leftovers_do_not_block_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    filled(&options).await;
    let snapshot = file(folder.path(), ".snap");
    let objects = snapshot.parent().unwrap();
    fs::write(objects.join(format!("{:020}.snap", 99)), "half a snapshot").unwrap();
    let log = file(folder.path(), ".wal");
    fs::write(
        log.parent().unwrap().join("snapshot.tmp"),
        "half a snapshot",
    )
    .unwrap();
    fs::create_dir_all(options.root.join("vectors/unknown/0")).unwrap();
    let engine = open(&options).await;
    check(&engine.get("x").unwrap());
    assert_eq!(engine.list().len(), 1);
    assert_eq!(file(folder.path(), ".snap"), snapshot);
}
