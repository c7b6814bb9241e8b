//! Kills a writing process: every acknowledged write must be present exactly once.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use lakehouse_vector::{EngineOptions, GraphKind, Metric, Scalar};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::{config, files, item, name, open, small};

const FOLDER: &str = "VECTOR_CRASH_FOLDER";
const ROUND: &str = "VECTOR_CRASH_ROUND";
const IDS: u64 = 40;

/// The largest number of lines that a process prints before it is killed.
const MAX_LINES: usize = 400;

/// Ends a test that hangs.
const LINE_TIMEOUT: Duration = Duration::from_secs(120);

fn options(folder: &Path) -> EngineOptions {
    EngineOptions {
        // Small limits keep it saving, rewriting and building most of the time.
        save_log_bytes: 1 << 14,
        save_every: Duration::from_millis(5),
        idle: Duration::from_millis(20),
        ..small(folder, files(folder), GraphKind::Flat)
    }
}

/// The process to kill: this test, if the environment selects it. It prints a line before it opens
/// the engine, then writes rising numbers and prints each once it is acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let round: u64 = std::env::var(ROUND).unwrap().parse().unwrap();
    println!("opening");
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
        let (process, lines) = Process::start(folder.path(), round);
        // One round in a few is killed while it opens.
        let count = rng.random_range(0..MAX_LINES).saturating_sub(MAX_LINES / 4);
        let mut printed: Vec<Line> = (0..=count)
            .map(|_| lines.recv_timeout(LINE_TIMEOUT).expect("the next line"))
            .collect();
        drop(process);
        // Lines that it printed before it was killed.
        printed.extend(lines);
        for line in printed {
            if let Line::Acknowledged { writer, at, number } = line {
                acknowledged.insert((writer, at), number);
            }
        }
        check(folder.path(), &acknowledged).await;
    }
    assert!(
        acknowledged.len() > 20,
        "only {} were acknowledged",
        acknowledged.len()
    );
}

/// The process to kill. Dropping it kills it.
struct Process(Child);

/// A line that the process prints.
enum Line {
    Opening,
    Acknowledged { writer: u64, at: u64, number: u64 },
}

impl Process {
    fn start(folder: &Path, round: u64) -> (Self, mpsc::Receiver<Line>) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child", "--nocapture"])
            .env(FOLDER, folder)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            let printed = stdout.lines().map_while(Result::ok);
            for line in printed.filter_map(|line| Line::parse(&line)) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        (Self(child), lines)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().expect("the process can be killed");
        self.0.wait().expect("the process has ended");
    }
}

impl Line {
    /// The line, which the test harness may have begun with words of its own.
    fn parse(line: &str) -> Option<Self> {
        if line.ends_with("opening") {
            return Some(Self::Opening);
        }
        let (_, numbers) = line.split_once("acknowledged ")?;
        let numbers: Option<Vec<u64>> = numbers.split(' ').map(|n| n.parse().ok()).collect();
        let [writer, at, number] = numbers?.try_into().ok()?;
        Some(Self::Acknowledged { writer, at, number })
    }
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
