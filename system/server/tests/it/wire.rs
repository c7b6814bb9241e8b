//! Every answer of the real binary, byte for byte.
//!
//! Each folder of this package's `snapshots/` is a group: `requests.toml` has the environment of a
//! server and the requests that are sent to it in order, and beside it `CASE.snap` pins the whole
//! exchange of each: the request, the response, what the server sent to its upstream, and what it
//! appended to the session log. Values that differ from run to run are checked and then hidden.
//! Each exchange is also validated against the OpenAPI document.

mod case;
mod document;
mod redact;
mod understood;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use case::{Case, Group};
use document::{Document, Exchange};
use lakehouse_rig::{
    model_server::{Instance, ModelServer},
    port,
};
use reqwest::{Client, StatusCode, header::HeaderMap, redirect::Policy};

use crate::{
    process::{Process, within_limit},
    routes::Service,
};

/// The file of a group's requests.
const REQUESTS: &str = "requests.toml";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_exchange_is_as_pinned() {
    let mut count = 0;
    let mut failed = Vec::new();
    let mut stale = Vec::new();
    let mut document = Document::new(&Service::new().await.get("/openapi.json").await.body);
    let mut undocumented = Vec::new();
    let models = ModelServer::start(None).await.unwrap();
    for folder in entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")) {
        let group = Group::read(&folder.join(REQUESTS));
        let mut expected = BTreeSet::from([REQUESTS.to_owned()]);
        let model = models.instance("upstream");
        for (case, exchange) in exchanges(&group, &model, &mut document, &mut undocumented).await {
            let name = format!("{}.snap", case.name);
            assert!(!expected.contains(&name), "two cases are called `{name}`");
            if catch_unwind(AssertUnwindSafe(|| pin(&folder, &case.name, &exchange))).is_err() {
                failed.push(folder.join(&name));
                expected.insert(format!("{name}.new"));
            }
            expected.insert(name);
            count += 1;
        }
        let is_stale = |file: &PathBuf| {
            let name = file.file_name().unwrap().to_string_lossy();
            !expected.contains(&*name)
        };
        stale.extend(entries(&folder).into_iter().filter(is_stale));
    }
    models.stop().await;
    println!(
        "{} exchanges validated against the document",
        document.checked
    );
    assert_eq!(document.checked, count);
    assert!(
        undocumented.is_empty(),
        "not as documented: {undocumented:#?}"
    );
    assert!(count > 50, "{count} cases found");
    assert!(failed.is_empty(), "not as pinned: {failed:#?}");
    assert!(stale.is_empty(), "files without a case: {stale:#?}");
}

fn pin(folder: &Path, case: &str, exchange: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(case, exchange));
}

/// The exchanges of a group with a server of its own, as text.
async fn exchanges<'g>(
    group: &'g Group,
    upstream: &Instance,
    document: &mut Document,
    undocumented: &mut Vec<String>,
) -> Vec<(&'g Case, String)> {
    let state = tempfile::tempdir().unwrap();
    let place = Place {
        upstream: upstream.url(),
        state: state.path(),
    };
    place.write(&group.files);
    let environment = group.environment.iter();
    let environment = environment.map(|(name, value)| (name.clone(), place.fill(value)));
    let server = Process::start_with(environment.collect(), state.path()).await;
    let client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()
        .unwrap();
    let mut exchanges = Vec::new();
    for case in &group.cases {
        place.write(&case.files);
        upstream.script(case.upstream.clone());
        let log_before = place.session_log();
        let busy = match &case.busy_with {
            Some(other) => {
                let other = tokio::spawn(other.request(&client, &server.url).send());
                within_limit(upstream.received(1)).await;
                Some(other)
            }
            None => None,
        };
        let response = case.request(&client, &server.url).send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.text().await.unwrap();
        let checked = document.check(&Exchange {
            method: &case.method,
            path: &case.path,
            request: &case.bytes(),
            status: status.as_u16(),
            content_type: headers["content-type"].to_str().unwrap(),
            response: &body,
        });
        if let Err(reason) = checked {
            undocumented.push(format!("{}: {reason}", case.name));
        }
        let answer = answer_text(case, status, &headers, &body);
        upstream.release();
        if let Some(busy) = busy {
            assert!(
                busy.await.unwrap().unwrap().status().is_success(),
                "{}",
                case.name
            );
        }
        let mut exchange = case.text();
        exchange.push_str(&answer);
        let calls = upstream.take_log();
        assert_eq!((calls.unused, calls.beyond_script), (0, 0), "{}", case.name);
        for call in calls.requests {
            let (method, path) = (call.method, call.path);
            let body = String::from_utf8(call.body.to_vec()).unwrap();
            write!(
                exchange,
                "\n--- upstream receives\n{method} {path}\n{body}\n"
            )
            .unwrap();
        }
        let log = place.session_log();
        let appended = log.strip_prefix(&log_before).expect("the log only grows");
        if !appended.is_empty() {
            write!(
                exchange,
                "\n--- appended to sessions.jsonl\n{}",
                redact::log_lines(appended)
            )
            .unwrap();
        }
        exchanges.push((case, redact::trace_id(exchange, &answer)));
    }
    server.stop().await;
    exchanges
}

/// The response: status, all headers but `date`, body.
fn answer_text(case: &Case, status: StatusCode, headers: &HeaderMap, body: &str) -> String {
    let mut text = format!("\n--- {}\n", status.as_u16());
    let length = headers.get("content-length");
    let mut headers: Vec<_> = headers.iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        if !["date", "content-length"].contains(&name.as_str()) {
            writeln!(text, "{name}: {}", value.to_str().unwrap()).unwrap();
        }
    }
    if case.method != "HEAD" {
        let length: usize = length.expect("a length").to_str().unwrap().parse().unwrap();
        assert_eq!(length, body.len(), "{}", case.name);
    }
    let body = redact::body(&case.path, body);
    write!(text, "\n{body}\n").unwrap();
    text
}

/// The values of the placeholders.
struct Place<'a> {
    upstream: String,
    state: &'a Path,
}

impl Place<'_> {
    fn fill(&self, text: &str) -> String {
        text.replace("{upstream}", &self.upstream)
            .replace(
                "{closed}",
                &format!("http://127.0.0.1:{}", port::allocate().unwrap()),
            )
            .replace("{state}", self.state.to_str().unwrap())
            .replace("{fixtures}", project().join("fixtures").to_str().unwrap())
    }

    fn write(&self, files: &BTreeMap<String, String>) {
        for (name, text) in files {
            let file = self.state.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
    }

    fn session_log(&self) -> String {
        fs::read_to_string(self.state.join("sessions.jsonl")).unwrap_or_default()
    }
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The entries of a folder, by name.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
