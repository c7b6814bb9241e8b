//! One damaged index does not stop the others: it refuses requests, and can be restored, repaired or
//! dropped.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use lakehouse_server::exit;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{BINARY, Process};

const ITEMS: usize = 50;

/// A stopped server's data: the corpus `workers`, whose snapshot has all documents but the last, and
/// the index `other`.
async fn data() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path()).await;
    request(
        &server,
        "PUT",
        "/v1/vectors/indexes/other",
        "{\"dimension\":2}",
        201,
    )
    .await;
    let item = "{\"items\":[{\"id\":\"a\",\"vector\":[1,0]}]}";
    request(
        &server,
        "POST",
        "/v1/vectors/indexes/other/items",
        item,
        200,
    )
    .await;
    request(&server, "PUT", "/v1/matrix/corpora/workers", "{}", 201).await;
    let document = |at| format!("{{\"id\":\"w-{at}\",\"text\":\"Picker {at}\"}}\n");
    let documents: String = (1..ITEMS).map(document).collect();
    request(&server, "POST", DOCUMENTS, &documents, 200).await;
    // An orderly stop saves a snapshot.
    server.stop().await;
    let server = Process::start(folder.path()).await;
    request(&server, "POST", DOCUMENTS, &document(ITEMS), 200).await;
    server.kill().await;
    folder
}

const DOCUMENTS: &str = "/v1/matrix/corpora/workers/documents";

/// The body of an answer, which must have this status.
async fn request(server: &Process, method: &str, path: &str, body: &str, want: u16) -> Value {
    let client = Client::builder().no_proxy().build().unwrap();
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let request = client.request(method, format!("{}{path}", server.url));
    let response = request.body(body.to_owned()).send().await.unwrap();
    let status = response.status().as_u16();
    let is_retried = response.headers().contains_key("retry-after");
    let text = response.text().await.unwrap();
    assert_eq!(status, want, "{path}: {text}");
    assert!(!is_retried, "{path}: waiting does not repair anything");
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

/// The only file below `part` of the data whose name ends like this.
fn file(folder: &TempDir, part: &str, end: &str) -> PathBuf {
    let mut found = files_below(&folder.path().join(part));
    found.retain(|file| file.to_str().unwrap().ends_with(end));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let files = paths.flat_map(|path| match path.is_dir() {
        true => files_below(&path),
        false => vec![path],
    });
    files.collect()
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn repair(folder: &TempDir, args: &[&str]) -> Output {
    let root = folder.path().to_str().unwrap();
    Command::new(BINARY)
        .args(["repair", "--data-root", root])
        .args(args)
        .current_dir(folder.path())
        .output()
        .unwrap()
}

/// Checks that `workers` is refused everywhere with the same words, and that `other` is served.
async fn check_refused(server: &Process, words: &str) {
    let path = "/v1/matrix/corpora/workers";
    let detail = request(server, "GET", path, "", 503).await["detail"].clone();
    let text = detail.as_str().unwrap();
    assert!(
        text.starts_with("index `workers` is not served: "),
        "{text}"
    );
    assert!(
        text.contains(words) && text.contains("` is damaged at byte "),
        "{text}"
    );
    assert!(text.contains("or run `lakehouse repair workers`"), "{text}");
    let search = json!({ "vector": [1, 0] }).to_string();
    let ids = json!({ "ids": ["w-1"] }).to_string();
    let item = json!({ "items": [{ "id": "a", "vector": [1] }] }).to_string();
    let index = "/v1/vectors/indexes/workers";
    for (method, path, body) in [
        ("GET", index.to_owned(), ""),
        (
            "PUT",
            index.to_owned(),
            "{\"dimension\":768,\"space\":\"hash-768\"}",
        ),
        ("PUT", path.to_owned(), "{}"),
        ("POST", format!("{index}/items"), &item),
        ("POST", format!("{index}/items/delete"), &ids),
        ("POST", format!("{index}/search"), &search),
        ("GET", format!("{index}/items/w-1"), ""),
        ("DELETE", format!("{index}/items/w-1"), ""),
        ("GET", DOCUMENTS.to_owned(), ""),
        ("POST", DOCUMENTS.to_owned(), "{}"),
        ("GET", format!("{DOCUMENTS}/w-1"), ""),
        ("DELETE", format!("{DOCUMENTS}/w-1"), ""),
        (
            "POST",
            "/vectors/search".to_owned(),
            "{\"index_name\":\"workers\",\"query\":\"picker\"}",
        ),
        (
            "POST",
            "/v1/matrix/search".to_owned(),
            "{\"query_text\":\"picker\",\"corpora\":[\"workers\"]}",
        ),
    ] {
        let problem = request(server, method, &path, body, 503).await;
        assert_eq!(problem["detail"], detail, "{method} {path}");
        assert_eq!(problem["title"], "Service Unavailable");
    }
    let ready = request(server, "GET", "/ready", "", 503).await;
    assert_eq!(ready["checks"]["vectors"], detail);
    let metrics = request(server, "GET", "/metrics", "", 200).await;
    let metrics = metrics.as_str().unwrap();
    assert!(
        metrics.contains("lakehouse_index_damaged{index=\"workers\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("lakehouse_indexes 1"), "{metrics}");
    assert!(
        server
            .log()
            .contains("an index is not served index=workers"),
        "{}",
        server.log()
    );
    let other = json!({ "vector": [1, 0] }).to_string();
    let found = request(
        server,
        "POST",
        "/v1/vectors/indexes/other/search",
        &other,
        200,
    )
    .await;
    assert_eq!(found["hits"][0]["id"], "a");
    let listed = request(server, "GET", "/v1/vectors/indexes", "", 200).await;
    assert_eq!(listed["indexes"].as_array().unwrap().len(), 1);
}

async fn documents(server: &Process) -> usize {
    let corpus = request(server, "GET", "/v1/matrix/corpora/workers", "", 200).await;
    usize::try_from(corpus["documents"].as_u64().unwrap()).unwrap()
}

#[tokio::test]
async fn a_damaged_index_refuses_until_its_file_is_put_back() {
    let folder = data().await;
    // The part of the data, the end of the file's name, and the damage.
    type Case = (&'static str, &'static str, fn(&Path));
    let cases: [Case; 6] = [
        ("store/vectors/workers", ".snap", |path| flip(path, 5000)),
        ("store/vectors/workers", ".snap", |path| {
            fs::write(path, "short").unwrap();
        }),
        ("store/vectors/workers", ".snap", |path| {
            fs::remove_file(path).unwrap();
        }),
        ("store/vectors/workers", ".json", |path| flip(path, 20)),
        ("store/vectors/workers", ".json", |path| {
            fs::remove_file(path).unwrap();
        }),
        ("vectors/workers", ".wal", |path| {
            // A later segment makes the damage more than an unfinished write.
            let folder = path.parent().unwrap();
            fs::write(folder.join(format!("log-{:020}.wal", 99)), "").unwrap();
        }),
    ];
    for (part, end, damage) in cases {
        let path = file(&folder, part, end);
        let whole = fs::read(&path).unwrap();
        damage(&path);
        let server = Process::start(folder.path()).await;
        check_refused(&server, end).await;
        server.stop().await;
        fs::write(&path, whole).unwrap();
        let _ = fs::remove_file(path.parent().unwrap().join(format!("log-{:020}.wal", 99)));
        let server = Process::start(folder.path()).await;
        request(&server, "GET", "/ready", "", 200).await;
        assert_eq!(documents(&server).await, ITEMS, "{end}");
        server.kill().await;
    }
}

#[tokio::test]
async fn a_damaged_index_can_be_dropped() {
    for path in [
        "/v1/vectors/indexes/workers",
        "/v1/matrix/corpora/workers",
        "/vectors/index/workers",
    ] {
        let folder = data().await;
        flip(&file(&folder, "store/vectors/workers", ".snap"), 5000);
        let server = Process::start(folder.path()).await;
        request(&server, "DELETE", path, "", 200).await;
        request(&server, "GET", "/ready", "", 200).await;
        let metrics = request(&server, "GET", "/metrics", "", 200).await;
        assert!(
            !metrics
                .as_str()
                .unwrap()
                .contains("lakehouse_index_damaged{index=\"workers\"} 1")
        );
        request(&server, "GET", "/v1/matrix/corpora/workers", "", 404).await;
        request(&server, "PUT", "/v1/matrix/corpora/workers", "{}", 201).await;
        server.stop().await;
        let server = Process::start(folder.path()).await;
        assert_eq!(documents(&server).await, 0);
        server.stop().await;
    }
}

#[tokio::test]
async fn a_damaged_index_can_be_repaired() {
    let folder = data().await;
    let snapshot = file(&folder, "store/vectors/workers", ".snap");
    flip(&snapshot, 3);
    let damaged = fs::read(&snapshot).unwrap();
    let output = repair(&folder, &["workers"]);
    let report = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(i32::from(exit::OK)), "{report}");
    let moved_to = folder.path().join("damaged/workers-1");
    let first = format!(
        "index `workers` was created again with {ITEMS} items; its damaged files are in `{}`\n",
        moved_to.display()
    );
    assert!(report.starts_with(&first), "{report}");
    assert!(report.contains("not read: file `"), "{report}");
    let moved = moved_to.join("store").join(snapshot.file_name().unwrap());
    assert_eq!(fs::read(moved).unwrap(), damaged);
    assert!(files_below(&moved_to.join("logs")).len() == 1);

    let server = Process::start(folder.path()).await;
    request(&server, "GET", "/ready", "", 200).await;
    assert_eq!(documents(&server).await, ITEMS);
    let found = json!({ "query_text": "Picker 50", "corpora": ["workers"], "k": 1 }).to_string();
    let found = request(&server, "POST", "/v1/matrix/search", &found, 200).await;
    assert_eq!(found["hits"][0]["id"], format!("w-{ITEMS}"));
    let document = request(&server, "GET", &format!("{DOCUMENTS}/w-7"), "", 200).await;
    assert_eq!(document["text"], "Picker 7");
    // While it runs, nothing is repaired.
    let output = repair(&folder, &["workers"]);
    assert_eq!(output.status.code(), Some(i32::from(exit::DATA)));
    server.stop().await;
}

#[tokio::test]
async fn a_repair_that_is_not_possible_is_reported() {
    let folder = data().await;
    let cases: [(&[&str], u8, &str); 3] = [
        (
            &["workers"],
            exit::DATA,
            "index `workers` can be opened; there is nothing to repair",
        ),
        (&["nobody"], exit::DATA, "unknown index `nobody`"),
        (&["No body"], exit::USAGE, ""),
    ];
    for (args, code, words) in cases {
        let output = repair(&folder, args);
        assert_eq!(output.status.code(), Some(i32::from(code)), "{output:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(words), "{error}");
    }
    fs::remove_file(file(&folder, "store/vectors/workers", ".json")).unwrap();
    let output = repair(&folder, &["workers"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("`--space MODEL` for a corpus of that model"),
        "{error}"
    );
    let output = repair(&folder, &["workers", "--space", "hash-768"]);
    assert!(output.status.success(), "{output:?}");
    let server = Process::start(folder.path()).await;
    assert_eq!(documents(&server).await, ITEMS);
    server.stop().await;
}

#[tokio::test]
async fn a_damaged_playbook_leaves_rankings_cold() {
    let folder = data().await;
    let server = Process::start(folder.path()).await;
    let recording = json!({
        "query_text": "Need 2 pickers", "answer_id": "w-3", "answer_corpus": "workers", "score": 1,
    });
    let record = "/v1/matrix/playbooks/record";
    let recorded = request(&server, "POST", record, &recording.to_string(), 200).await;
    let id = recorded["id"].as_str().unwrap().to_owned();
    server.stop().await;
    flip(
        &file(&folder, "store/vectors/playbook_memory", ".snap"),
        5000,
    );

    let server = Process::start(folder.path()).await;
    let search = json!({ "query_text": "picker", "corpora": ["workers"], "use_playbook": true });
    let found = request(
        &server,
        "POST",
        "/v1/matrix/search",
        &search.to_string(),
        200,
    )
    .await;
    assert_eq!(found["playbook"]["boosted"], 0);
    let recording = recording.to_string();
    let path = format!("/v1/matrix/playbooks/{id}");
    for (method, path, body) in [
        ("POST", record, &*recording),
        ("GET", &path, ""),
        ("DELETE", &path, ""),
    ] {
        let problem = request(&server, method, path, body, 503).await;
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.starts_with("index `playbook_memory` is not served: "),
            "{detail}"
        );
    }
    server.stop().await;
}
