//! Kills a writing process: every acknowledged write must be present exactly once.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use lakehouse_vector::{EngineOptions, GraphKind, Metric, Scalar};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::{config, files, item, name, open, small};

const FOLDER: &str = "VECTOR_CRASH_FOLDER";
const ROUND: &str = "VECTOR_CRASH_ROUND";
const IDS: u64 = 40;

fn options(folder: &Path) -> EngineOptions {
    EngineOptions {
        // Small limits keep it saving, rewriting and building most of the time.
        save_log_bytes: 1 << 14,
        save_every: Duration::from_millis(5),
        idle: Duration::from_millis(20),
        ..small(folder, files(folder), GraphKind::Flat)
    }
}

/// The process to kill: this test, if the environment selects it. It writes rising numbers and prints
/// each one once it is acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let round: u64 = std::env::var(ROUND).unwrap().parse().unwrap();
    let engine = open(&options(&PathBuf::from(folder))).await;
    let (index, _) = engine
        .create(&name("x"), config(3, Metric::Dot))
        .await
        .unwrap();
    engine
        .create(&name("other"), config(1, Metric::Dot))
        .await
        .unwrap();
    let writers = (0..4u64).map(|writer| {
        let index = std::sync::Arc::clone(&index);
        tokio::spawn(async move {
            let mut rng = ChaCha8Rng::seed_from_u64(round * 4 + writer);
            for number in 1u64.. {
                let at = rng.random_range(0..IDS);
                let number = round * 1_000_000 + number;
                // A pair that is always written together.
                let pair = ["a", "b"].map(|half| {
                    let id = format!("{writer}-{at}-{half}");
                    item(
                        &id,
                        vec![1.0, 2.0, 3.0],
                        &format!("{{\"number\":{number}}}"),
                    )
                });
                index.upsert(pair.into()).await.unwrap();
                let mut out = std::io::stdout().lock();
                writeln!(out, "acknowledged {writer} {at} {number}").unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut acknowledged: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    for round in 1..=12u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child", "--nocapture"])
            .env(FOLDER, folder.path())
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            let parse = |line: String| {
                let numbers = line.split_once("acknowledged ")?.1.to_owned();
                let numbers: Vec<u64> = numbers
                    .split(' ')
                    .map(|n| n.parse().ok())
                    .collect::<Option<_>>()?;
                <[u64; 3]>::try_from(numbers).ok()
            };
            lines.filter_map(parse).collect::<Vec<_>>()
        });
        std::thread::sleep(Duration::from_millis(rng.random_range(60..500)));
        child.kill().unwrap();
        child.wait().unwrap();
        for [writer, at, number] in reader.join().unwrap() {
            acknowledged.insert((writer, at), number);
        }
        check(folder.path(), &acknowledged).await;
    }
    assert!(
        acknowledged.len() > 20,
        "only {} were acknowledged",
        acknowledged.len()
    );
}

async fn check(folder: &Path, acknowledged: &BTreeMap<(u64, u64), u64>) {
    let engine = open(&options(folder)).await;
    let Some(index) = engine.get("x") else {
        assert!(acknowledged.is_empty());
        return;
    };
    let number = |id: &str| match index.get(id)?.metadata.get("number") {
        Some(Scalar::Number(number)) => Some(number as u64),
        other => panic!("`{id}` has {other:?}"),
    };
    for (&(writer, at), &last) in acknowledged {
        let [a, b] = ["a", "b"].map(|half| number(&format!("{writer}-{at}-{half}")));
        // The last write may have succeeded without being reported.
        assert!(
            a >= Some(last),
            "{writer}-{at} was acknowledged as {last} and is {a:?}"
        );
        assert_eq!(a, b, "half a write of {writer}-{at}");
    }
    let mut ids: Vec<_> = index.scan_items().map(|(id, _)| id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), index.len()), (count, count), "an id twice");
    // Half of the rounds continue after a crash, the others after an orderly shutdown.
    if index.version() % 2 == 0 {
        engine.close().await;
    }
}
