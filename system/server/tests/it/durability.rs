//! Acknowledged writes are durable: a server that is killed under load has all of them after a
//! restart.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use lakehouse_server::exit;
use reqwest::Client;
use serde_json::{Value, json};

use crate::wire::process::{BINARY, Server};

const ROUNDS: usize = 4;
const WRITERS: usize = 4;

/// The number of the write that each item comes from; none for an item that does not exist.
type Numbers = BTreeMap<String, Option<u64>>;

/// The writes of one writer.
#[derive(Default)]
struct Ledger {
    /// The items after the last acknowledged write.
    acknowledged: Numbers,
    /// The items after the write that was not answered, if it was applied.
    unanswered: Option<Numbers>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_writes_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    let mut ledgers: Vec<Ledger> = (0..WRITERS).map(|_| Ledger::default()).collect();
    let mut writes = 0;
    for round in 0..ROUNDS {
        let server = start(folder.path());
        let index = format!("{}/v1/vectors/indexes/a", server.url);
        if round == 0 {
            let made = client.put(&index).body(r#"{"dimension":4}"#).send().await;
            assert_eq!(made.unwrap().status(), 201);
        }
        check(&client, &index, &mut ledgers).await;
        let killed = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = ledgers
            .drain(..)
            .enumerate()
            .map(|(writer, ledger)| {
                let (client, index) = (client.clone(), index.clone());
                tokio::spawn(write(
                    client,
                    index,
                    writer,
                    round,
                    ledger,
                    Arc::clone(&killed),
                ))
            })
            .collect();
        // At another moment in each round.
        tokio::time::sleep(Duration::from_millis(250 + 90 * round as u64)).await;
        killed.store(true, Ordering::SeqCst);
        drop(server);
        for writer in writers {
            let (ledger, count) = writer.await.unwrap();
            ledgers.push(ledger);
            writes += count;
        }
    }
    let server = start(folder.path());
    let index = format!("{}/v1/vectors/indexes/a", server.url);
    check(&client, &index, &mut ledgers).await;
    server.stop();
    assert!(
        writes > ROUNDS * WRITERS,
        "{writes} writes were acknowledged"
    );

    // The data is also complete after an orderly stop.
    let server = start(folder.path());
    let index = format!("{}/v1/vectors/indexes/a", server.url);
    check(&client, &index, &mut ledgers).await;
    server.stop();
}

#[tokio::test]
async fn an_index_that_cannot_write_reports_it_and_answers_searches() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    let server = Server::start_with_short_files(64, folder.path());
    let index = format!("{}/v1/vectors/indexes/a", server.url);
    let made = client.put(&index).body(r#"{"dimension":768}"#).send().await;
    assert_eq!(made.unwrap().status(), 201);
    let mut acknowledged = 0;
    let refused: Value = loop {
        let item = json!({ "id": format!("{acknowledged}"), "vector": vec![1; 768] });
        let body = json!({ "items": [item] }).to_string();
        let response = client
            .post(format!("{index}/items"))
            .body(body)
            .send()
            .await;
        let response = response.unwrap();
        if response.status() != 200 {
            break response.json().await.unwrap();
        }
        acknowledged += 1;
        assert!(acknowledged < 1000, "64 kilobytes hold no thousand vectors");
    };
    let words = "index `a` takes no writes since one failed: ";
    assert!(
        refused["detail"].as_str().unwrap().starts_with(words),
        "{refused}"
    );
    let ready = client
        .get(format!("{}/ready", server.url))
        .send()
        .await
        .unwrap();
    assert_eq!(ready.status(), 503);
    let ready: Value = ready.json().await.unwrap();
    assert_eq!(ready["checks"]["vectors"], refused["detail"]);
    let search = json!({ "vector": vec![1; 768], "k": 1000 }).to_string();
    let found = client
        .post(format!("{index}/search"))
        .body(search)
        .send()
        .await;
    let found: Value = found.unwrap().json().await.unwrap();
    assert_eq!(found["hits"].as_array().unwrap().len(), acknowledged);
    drop(server);

    let server = start(folder.path());
    let index = format!("{}/v1/vectors/indexes/a", server.url);
    let described = client.get(&index).send().await.unwrap().json::<Value>();
    assert_eq!(described.await.unwrap()["items"], acknowledged);
    server.stop();
}

#[tokio::test]
async fn damaged_files_stop_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    let server = Server::start([], folder.path());
    let index = format!("{}/v1/vectors/indexes/a", server.url);
    let made = client.put(&index).body(r#"{"dimension":16}"#).send().await;
    assert_eq!(made.unwrap().status(), 201);
    for id in 0..50 {
        let item = json!({ "id": format!("{id}"), "vector": vec![1; 16] });
        let body = json!({ "items": [item] }).to_string();
        let response = client
            .post(format!("{index}/items"))
            .body(body)
            .send()
            .await;
        assert_eq!(response.unwrap().status(), 200);
    }
    drop(server);
    let log = files_below(folder.path())
        .into_iter()
        .find(|file| file.extension().is_some_and(|extension| extension == "wal"))
        .expect("a log");
    let mut bytes = fs::read(&log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&log, bytes).unwrap();

    let output = Command::new(BINARY)
        .args(["serve", "--bind", "127.0.0.1:0", "--data-root"])
        .arg(folder.path())
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("is damaged at byte "), "{error}");
    assert!(
        error.contains(log.file_name().unwrap().to_str().unwrap()),
        "{error}"
    );
    assert_eq!(output.status.code(), Some(i32::from(exit::DATA)), "{error}");
}

#[test]
fn a_data_root_belongs_to_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start([], folder.path());
    let output = Command::new(BINARY)
        .args(["serve", "--bind", "127.0.0.1:0", "--data-root"])
        .arg(folder.path())
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let in_use = format!("lakehouse: `{}` is in use by", folder.path().display());
    assert!(error.starts_with(&in_use), "{error}");
    assert_eq!(output.status.code(), Some(i32::from(exit::DATA)));
    server.stop();
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

fn start(folder: &Path) -> Server {
    let often = ("LAKEHOUSE_VECTORS__SAVE_INTERVAL_MS", "100");
    Server::start([often].map(|(k, v)| (k.to_owned(), v.to_owned())), folder)
}

/// Writes until the server is killed, with ids that no other writer uses.
async fn write(
    client: Client,
    index: String,
    writer: usize,
    round: usize,
    mut ledger: Ledger,
    killed: Arc<AtomicBool>,
) -> (Ledger, usize) {
    let mut count = 0;
    for step in 0_u64.. {
        let number = round as u64 * 1_000_000 + step;
        let ids: Vec<_> = (0..3)
            .map(|i| format!("{writer}-{}", (step * 3 + i) % 50))
            .collect();
        let (path, body, number) = if step % 5 == 4 {
            ("items/delete", json!({ "ids": ids }), None)
        } else {
            let item = |id| json!({ "id": id, "vector": [1, writer, step, 0.5], "metadata": { "n": number } });
            let items: Vec<_> = ids.iter().map(item).collect();
            ("items", json!({ "items": items }), Some(number))
        };
        let mut after = ledger.acknowledged.clone();
        after.extend(ids.into_iter().map(|id| (id, number)));
        ledger.unanswered = Some(after);
        let sent = client
            .post(format!("{index}/{path}"))
            .body(body.to_string())
            .send()
            .await;
        match sent {
            Ok(response) if response.status() == 200 => {
                ledger.acknowledged = ledger.unanswered.take().unwrap();
            }
            // An error status fails the test; a broken connection is the kill.
            Ok(response) => panic!("{}", response.status()),
            Err(error) => {
                assert!(killed.load(Ordering::SeqCst), "{error}");
                break;
            }
        }
        count += 1;
    }
    (ledger, count)
}

/// Checks that every acknowledged write is there, and that the one without an answer was applied
/// completely or not at all.
async fn check(client: &Client, index: &str, ledgers: &mut [Ledger]) {
    let mut items = 0;
    for Ledger {
        acknowledged,
        unanswered,
    } in ledgers
    {
        let ids = unanswered.as_ref().unwrap_or(acknowledged).keys();
        let mut found = Numbers::new();
        for id in ids {
            found.insert(id.clone(), number_of(client, index, id).await);
        }
        items += found.values().flatten().count();
        if unanswered.as_ref() != Some(&found) {
            // Ids that occur only in the unanswered request.
            for id in found.keys() {
                acknowledged.entry(id.clone()).or_insert(None);
            }
            assert_eq!(*acknowledged, found);
        }
        *acknowledged = found;
        *unanswered = None;
    }
    let described = client.get(index).send().await.unwrap().json::<Value>();
    assert_eq!(
        described.await.unwrap()["items"],
        items,
        "each item exists once"
    );
}

async fn number_of(client: &Client, index: &str, id: &str) -> Option<u64> {
    let response = client
        .get(format!("{index}/items/{id}"))
        .send()
        .await
        .unwrap();
    match response.status().as_u16() {
        404 => None,
        200 => {
            let item: Value = response.json().await.unwrap();
            Some(item["metadata"]["n"].as_u64().unwrap())
        }
        status => panic!("`{id}` is answered status {status}"),
    }
}
