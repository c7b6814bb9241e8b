//! Damaged files: each is reported with its name and offset, or rebuilt if nothing is lost.

use std::fs;
use std::path::{Path, PathBuf};

use lakehouse_vector::{
    EngineOptions, GraphKind, Index, IndexConfig, Item, Metric, RepairError, Search, VectorError,
};

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

/// Opens an engine whose index `x` must be damaged; returns the file and the offset.
async fn damage(options: &EngineOptions) -> (String, u64) {
    let engine = open(options).await;
    assert!(engine.get("x").is_none());
    let cause = engine.cause_of_damage(&name("x"));
    let cause = cause.unwrap_or_else(|| panic!("the damage went unnoticed"));
    let VectorError::Damaged { file, offset, .. } = &*cause else {
        panic!("{cause}");
    };
    engine.close().await;
    (file.clone(), *offset)
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
        let engine = open(&options).await;
        if let Some(index) = engine.get("x") {
            check(&index);
            index.settle().await.unwrap();
            assert!(index.stats().graph.is_some());
            check(&index);
            rebuilt += 1;
            engine.close().await;
        } else {
            engine.close().await;
            let (file, offset) = damage(&options).await;
            assert!(file.ends_with(".snap"), "{file}");
            assert!(offset <= at as u64, "byte {at} was reported at {offset}");
            reported += 1;
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
            let (file, offset) = damage(&options).await;
            assert!(
                file.ends_with(end) && offset <= length as u64,
                "{file} {offset}"
            );
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
        damage(&options).await;
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

/// The files of the index `x`, and what is done to one of them.
fn harm(folder: &Path, end: &str, harm: impl FnOnce(&Path)) {
    harm(&file(folder, end));
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// As [`filled`], with a second index, and writes after the snapshot.
async fn filled_with_a_log(options: &EngineOptions) {
    filled(options).await;
    let engine = open(options).await;
    let other = config(2, Metric::Cosine);
    engine.create(&name("other"), other).await.unwrap();
    let index = engine.get("x").unwrap();
    for at in 200..210 {
        let vector = vec![at as f32, 0.0, 1.0];
        index
            .upsert(vec![item(&format!("id-{at}"), vector, "{}")])
            .await
            .unwrap();
    }
    index
        .delete(vec!["id-5".into(), "id-200".into()])
        .await
        .unwrap();
    drop(index);
    drop(engine);
}

#[tokio::test]
async fn a_damaged_index_refuses_and_the_others_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    filled_with_a_log(&options).await;
    let snapshot = file(folder.path(), ".snap");
    let whole = fs::read(&snapshot).unwrap();
    fs::remove_file(&snapshot).unwrap();

    let engine = open(&options).await;
    assert!(engine.get("x").is_none() && engine.get("other").is_some());
    let damaged = engine.damaged();
    assert_eq!(damaged.len(), 1);
    assert_eq!(damaged[0].0, name("x"));
    let text = damaged[0].1.to_string();
    assert!(
        text.starts_with("index `x` is not served: file `vectors/x/")
            && text.contains(".snap` is damaged at byte 0: it is missing; stop the server"),
        "{text}"
    );
    let created = engine
        .create(&name("x"), config(3, Metric::Euclidean))
        .await;
    assert_eq!(created.unwrap_err().to_string(), text);
    engine.close().await;

    // Nothing was removed, so the file can be put back.
    fs::write(&snapshot, &whole).unwrap();
    let engine = open(&options).await;
    assert!(engine.damaged().is_empty());
    assert_eq!(engine.get("x").unwrap().len(), 207);
}

#[tokio::test]
async fn an_index_without_its_manifest_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    filled(&options).await;
    let manifest = file(folder.path(), ".json");
    let whole = fs::read(&manifest).unwrap();
    fs::remove_file(&manifest).unwrap();
    let (file, offset) = damage(&options).await;
    assert!(file.ends_with(".json") && offset == 0, "{file} {offset}");
    fs::write(&manifest, &whole).unwrap();
    check(&open(&options).await.get("x").unwrap());
}

#[tokio::test]
async fn an_index_without_its_log_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    filled_with_a_log(&options).await;
    drop(open(&options).await);
    let (logs, elsewhere) = (
        options.root.join("vectors/x"),
        folder.path().join("elsewhere"),
    );
    fs::rename(&logs, &elsewhere).unwrap();
    let (file, offset) = damage(&options).await;
    assert!(
        file.contains("/vectors/x/") && offset == 0,
        "{file} {offset}"
    );
    fs::rename(&elsewhere, &logs).unwrap();
    let engine = open(&options).await;
    assert_eq!(engine.get("x").unwrap().len(), 207);
    engine.close().await;

    fs::rename(&logs, &elsewhere).unwrap();
    let engine = open(&options).await;
    let repair = engine.repair(&name("x"), None).await.unwrap();
    // The snapshot that the orderly end saved has everything.
    assert_eq!(repair.items, 207);
    assert!(
        repair.lost[0].contains("the folder of the log is missing"),
        "{:?}",
        repair.lost
    );
}

#[tokio::test]
async fn a_damaged_index_can_be_dropped() {
    for end in [".snap", ".json"] {
        let folder = tempfile::tempdir().unwrap();
        let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
        filled(&options).await;
        harm(folder.path(), end, |file| flip(file, 20));
        let engine = open(&options).await;
        assert!(engine.drop_index("x").await.unwrap());
        assert!(engine.damaged().is_empty());
        assert!(!engine.drop_index("x").await.unwrap());
        let other = config(7, Metric::Dot);
        let (created, is_new) = engine.create(&name("x"), other).await.unwrap();
        assert!(is_new && created.is_empty());
        drop(created);
        engine.close().await;
        let engine = open(&options).await;
        assert_eq!(engine.get("x").unwrap().config().dimension, 7);
    }
}

/// The repaired index, its configuration, and what was lost.
async fn repaired(
    options: &EngineOptions,
    space: Option<Option<String>>,
) -> (Vec<Item>, IndexConfig, Vec<String>) {
    let engine = open(options).await;
    let repair = engine.repair(&name("x"), space).await.unwrap();
    assert!(engine.damaged().is_empty());
    let logs = fs::read_dir(repair.moved_to.join("logs")).unwrap().count();
    let objects = fs::read_dir(repair.moved_to.join("store")).unwrap().count();
    assert!(logs == 1 && objects >= 1, "{logs} {objects}");
    engine.close().await;
    let engine = open(options).await;
    let index = engine.get("x").unwrap();
    assert_eq!(index.len(), repair.items);
    let ids = index.scan_items().map(|(id, _)| id);
    let items = ids.map(|id| index.get(&id).unwrap()).collect();
    (items, index.config().clone(), repair.lost)
}

#[tokio::test]
async fn a_repair_keeps_what_can_be_read() {
    // The part that is damaged, the space to give, the items that are left, and the description.
    type Case = (
        &'static str,
        fn(&Path),
        Option<Option<String>>,
        usize,
        &'static str,
    );
    let cases: [Case; 7] = [
        // The snapshot's first page holds nothing else.
        (".snap", |file| flip(file, 3), None, 207, "magic number"),
        // All vectors of the small index lie in one block.
        (
            ".snap",
            |file| flip(file, 4096),
            None,
            9,
            "199 items of the snapshot are damaged",
        ),
        (
            ".snap",
            |file| {
                let length = fs::metadata(file).unwrap().len();
                fs::File::options()
                    .write(true)
                    .open(file)
                    .unwrap()
                    .set_len(length - 1)
                    .unwrap();
            },
            None,
            9,
            "its table is damaged",
        ),
        (
            ".snap",
            |file| fs::remove_file(file).unwrap(),
            None,
            9,
            "only later writes are left",
        ),
        (
            ".json",
            |file| flip(file, 20),
            Some(Some("m".to_owned())),
            207,
            ".json`: ",
        ),
        (
            ".json",
            |file| fs::remove_file(file).unwrap(),
            Some(None),
            207,
            "it is missing",
        ),
        // The first write after the snapshot.
        (
            ".wal",
            |file| flip(file, 60),
            None,
            207,
            "bytes are damaged",
        ),
    ];
    for (end, damage, space, left, lost) in cases {
        let folder = tempfile::tempdir().unwrap();
        let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
        filled_with_a_log(&options).await;
        let path = match end {
            ".wal" => {
                let folder = options.root.join("vectors/x");
                file(&folder, end)
            }
            end => file(&folder.path().join("store/vectors/x"), end),
        };
        damage(&path);
        let want = space.clone().flatten();
        let (items, config, reported) = repaired(&options, space).await;
        let reported = reported.join("; ");
        assert!(reported.contains(lost), "{end}: {reported}");
        // Without the damaged first write, `id-200` was never there.
        assert_eq!(items.len(), left, "{end}: {reported}");
        assert_eq!(
            config,
            IndexConfig {
                dimension: 3,
                distance: Metric::Euclidean,
                space: want
            }
        );
        let item = items.iter().find(|item| &*item.id == "id-209").unwrap();
        assert_eq!(item.vector, [209.0, 0.0, 1.0]);
        assert!(
            !items
                .iter()
                .any(|item| matches!(&*item.id, "id-3" | "id-5")),
            "{end}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_repaired_is_reported_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    filled(&options).await;
    let engine = open(&options).await;
    let served = engine.repair(&name("x"), None).await.unwrap_err();
    assert!(matches!(served, RepairError::Served(_)), "{served}");
    let unknown = engine.repair(&name("y"), None).await.unwrap_err();
    assert_eq!(unknown.to_string(), "unknown index `y`");
    engine.close().await;

    let manifest = file(folder.path(), ".json");
    let whole = fs::read(&manifest).unwrap();
    fs::write(&manifest, "").unwrap();
    let engine = open(&options).await;
    let error = engine.repair(&name("x"), None).await.unwrap_err();
    assert!(matches!(error, RepairError::UnknownSpace(_)), "{error}");
    engine.close().await;
    let snapshot = file(folder.path(), ".snap");
    let content = fs::read(&snapshot).unwrap();
    fs::write(&snapshot, "").unwrap();
    let engine = open(&options).await;
    let error = engine.repair(&name("x"), Some(None)).await.unwrap_err();
    assert!(matches!(error, RepairError::Unreadable { .. }), "{error}");
    engine.close().await;
    fs::write(&manifest, whole).unwrap();
    fs::write(&snapshot, content).unwrap();
    check(&open(&options).await.get("x").unwrap());
}
