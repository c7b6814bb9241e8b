//! Every answer of the real binary, byte for byte.
//!
//! Each file of `fixtures/wire/` is a group: a server of its own, started with the group's
//! environment, and the requests that are put to it in order. Each request's whole exchange is
//! pinned as `snapshots/wire__GROUP__CASE.snap`: the request, the response, what the server asked
//! its upstream, and what it appended to the session log. Values that differ from run to run are
//! hidden only after they were found to be what they should be.

mod case;
pub(crate) mod process;
mod redact;
mod upstream;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use case::{Case, Group};
use process::Server;
use reqwest::{Client, Response, redirect::Policy};
use upstream::Upstream;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_exchange_is_as_pinned() {
    let mut names = BTreeSet::new();
    let mut failed = Vec::new();
    for file in files(&project().join("fixtures/wire"), "toml") {
        let group_name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let group = Group::read(&file);
        for (case, exchange) in exchanges(&group).await {
            let name = format!("wire__{group_name}__{}", case.name);
            assert!(names.insert(name.clone()), "two cases are called `{name}`");
            if catch_unwind(AssertUnwindSafe(|| pin(&name, &exchange))).is_err() {
                failed.push(name);
            }
        }
    }
    assert!(names.len() > 50, "{} cases found", names.len());
    assert!(failed.is_empty(), "not as pinned: {failed:#?}");

    let pinned = files(&project().join("snapshots"), "snap");
    let pinned = pinned
        .iter()
        .map(|file| file.file_stem().unwrap().to_string_lossy());
    let stale: Vec<_> = pinned
        .filter(|name| name.starts_with("wire__") && !names.contains(&**name))
        .collect();
    assert!(stale.is_empty(), "snapshots without a case: {stale:#?}");
}

fn pin(name: &str, exchange: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(project().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, exchange));
}

/// Puts a group's requests to a server of its own; each exchange as text.
async fn exchanges(group: &Group) -> Vec<(&Case, String)> {
    let upstream = Upstream::start().await;
    let state = tempfile::tempdir().unwrap();
    let place = Place {
        upstream: upstream.url(),
        state: state.path(),
    };
    place.write(&group.files);
    let environment = group.environment.iter();
    let environment = environment.map(|(name, value)| (name.clone(), place.fill(value)));
    let server = Server::start(environment, state.path());
    let client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()
        .unwrap();
    let mut exchanges = Vec::new();
    for case in &group.cases {
        place.write(&case.files);
        upstream.expect(&case.upstream);
        let log_before = place.session_log();
        let busy = match &case.busy_with {
            Some(other) => {
                let other = tokio::spawn(other.request(&client, &server.url).send());
                upstream.asked(1).await;
                Some(other)
            }
            None => None,
        };
        let response = case.request(&client, &server.url).send().await.unwrap();
        let answer = answer_text(case, response).await;
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
        for asked in upstream.take() {
            write!(exchange, "\n--- upstream is asked\n{asked}\n").unwrap();
        }
        let log = place.session_log();
        let appended = log.strip_prefix(&log_before).expect("the log only grows");
        if !appended.is_empty() {
            write!(
                exchange,
                "\n--- sessions.jsonl gets\n{}",
                redact::log_lines(appended)
            )
            .unwrap();
        }
        exchanges.push((case, redact::trace_id(exchange, &answer)));
    }
    server.stop();
    exchanges
}

/// The response: status, all headers but `date`, body.
async fn answer_text(case: &Case, response: Response) -> String {
    let mut text = format!("\n--- {}\n", response.status().as_u16());
    let mut headers: Vec<_> = response.headers().iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    let length = response.headers().get("content-length").cloned();
    for (name, value) in headers {
        if !["date", "content-length"].contains(&name.as_str()) {
            writeln!(text, "{name}: {}", value.to_str().unwrap()).unwrap();
        }
    }
    let body = response.text().await.unwrap();
    if case.method != "HEAD" {
        let length: usize = length.expect("a length").to_str().unwrap().parse().unwrap();
        assert_eq!(length, body.len(), "{}", case.name);
    }
    let body = redact::body(&case.path, &body);
    write!(text, "\n{body}\n").unwrap();
    text
}

/// What the placeholders of a fixture stand for.
struct Place<'a> {
    upstream: String,
    state: &'a Path,
}

impl Place<'_> {
    fn fill(&self, text: &str) -> String {
        text.replace("{upstream}", &self.upstream)
            .replace("{closed}", &upstream::closed_url())
            .replace("{state}", self.state.to_str().unwrap())
            .replace("{fixtures}", project().join("fixtures").to_str().unwrap())
    }

    fn write(&self, files: &std::collections::BTreeMap<String, String>) {
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

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    files.sort();
    files
}
