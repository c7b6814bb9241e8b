//! Acknowledged writes are durable: a server that is killed under load has all of them after a
//! restart.

use std::{
    collections::BTreeMap,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use lakehouse_server::exit;
use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::process::{BINARY, Process, wait_until};

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

/// What the writers of a round share.
#[derive(Default)]
struct Progress {
    /// The number of acknowledged writes.
    acknowledged: AtomicUsize,
    /// Set just before the server is killed.
    is_killed: AtomicBool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_writes_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    let mut ledgers: Vec<Ledger> = (0..WRITERS).map(|_| Ledger::default()).collect();
    for round in 0..ROUNDS {
        let mut server = Process::start(folder.path()).await;
        let mut index = index_url(&server);
        if round == 0 {
            create_index(&client, &index, 4).await;
        }
        check(&client, &index, &mut ledgers).await;
        if round == ROUNDS / 2 {
            // An orderly stop saves a snapshot, which the later rounds start from.
            server.stop().await;
            server = Process::start(folder.path()).await;
            index = index_url(&server);
            check(&client, &index, &mut ledgers).await;
        }
        let progress = Arc::new(Progress::default());
        let writers: Vec<_> = ledgers
            .drain(..)
            .enumerate()
            .map(|(writer, ledger)| {
                let (client, index) = (client.clone(), index.clone());
                let progress = Arc::clone(&progress);
                tokio::spawn(write(client, index, writer, round, ledger, progress))
            })
            .collect();
        // The rounds end after different numbers of writes.
        let writes = WRITERS * 10 + 13 * round;
        wait_until(|| progress.acknowledged.load(Ordering::SeqCst) >= writes).await;
        progress.is_killed.store(true, Ordering::SeqCst);
        server.kill().await;
        for writer in writers {
            ledgers.push(writer.await.unwrap());
        }
    }
    let server = Process::start(folder.path()).await;
    let index = index_url(&server);
    check(&client, &index, &mut ledgers).await;
    server.stop().await;

    // The data is also complete after an orderly stop.
    let server = Process::start(folder.path()).await;
    let index = index_url(&server);
    check(&client, &index, &mut ledgers).await;
    server.stop().await;
}

#[tokio::test]
async fn an_index_that_cannot_write_reports_it_and_answers_searches() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    let server = Process::start_with_short_files(64, folder.path()).await;
    let index = index_url(&server);
    create_index(&client, &index, 768).await;
    let mut acknowledged = 0;
    let refused: Value = loop {
        let item = json!({ "id": format!("{acknowledged}"), "vector": vec![1; 768] });
        let items = json!({ "items": [item] });
        let response = post(&client, &format!("{index}/items"), &items).await;
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
    let search = json!({ "vector": vec![1; 768], "k": 1000 });
    let found = post(&client, &format!("{index}/search"), &search).await;
    let found: Value = found.json().await.unwrap();
    assert_eq!(found["hits"].as_array().unwrap().len(), acknowledged);
    server.kill().await;

    let server = Process::start(folder.path()).await;
    let index = index_url(&server);
    let described = client.get(&index).send().await.unwrap().json::<Value>();
    assert_eq!(described.await.unwrap()["items"], acknowledged);
    server.stop().await;
}

#[tokio::test]
async fn a_data_root_belongs_to_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path()).await;
    let output = Command::new(BINARY)
        .args(["serve", "--bind", "127.0.0.1:0", "--data-root"])
        .arg(folder.path())
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let in_use = format!("lakehouse: `{}` is in use by", folder.path().display());
    assert!(error.starts_with(&in_use), "{error}");
    assert_eq!(output.status.code(), Some(i32::from(exit::DATA)));
    server.stop().await;
}

fn index_url(server: &Process) -> String {
    format!("{}/v1/vectors/indexes/a", server.url)
}

async fn create_index(client: &Client, index: &str, dimension: usize) {
    let body = json!({ "dimension": dimension }).to_string();
    let created = client.put(index).body(body).send().await;
    assert_eq!(created.unwrap().status(), 201);
}

async fn post(client: &Client, url: &str, body: &Value) -> Response {
    let sent = client.post(url).body(body.to_string()).send().await;
    sent.unwrap()
}

/// Writes until the server is killed, with ids that no other writer uses.
async fn write(
    client: Client,
    index: String,
    writer: usize,
    round: usize,
    mut ledger: Ledger,
    progress: Arc<Progress>,
) -> Ledger {
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
                progress.acknowledged.fetch_add(1, Ordering::SeqCst);
            }
            // An error status fails the test; a broken connection is the kill.
            Ok(response) => panic!("{}", response.status()),
            Err(error) => {
                assert!(progress.is_killed.load(Ordering::SeqCst), "{error}");
                break;
            }
        }
    }
    ledger
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
