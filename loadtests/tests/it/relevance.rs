//! Relevance runs against stand-ins for a server: the gate must be able to fail.

use std::path::Path;
use std::process::{Command, Output};

use axum::Router;
use axum::extract::State;
use axum::routing::{post, put};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What the stand-in does wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fault {
    None,
    /// It answers with the person of another city.
    WrongPlace,
    /// It shows a person who is not available first.
    Unavailable,
    /// It answers questions about people that do not exist with a stranger.
    Strangers,
    /// Its answers are empty.
    NoHits,
}

const QUESTIONS: &str = r#"{"q":"picker in Detroit","roles":["Picker"],"city":"Detroit"}
{"q":"pilot in Detroit","none":true}
"#;

const BUDGETS: &str = r#"
[[budget]]
name = "found"
styles = ["plain"]
figure = "recall"
at_least = 1.0
reason = "there is one"

[[budget]]
name = "first"
styles = ["plain"]
figure = "first"
at_least = 1.0
reason = "there is one"

[[budget]]
name = "place"
styles = ["plain"]
figure = "wrong_place"
at_most = 0.0
reason = "the city is named"

[[budget]]
name = "available"
styles = ["plain"]
figure = "unavailable"
at_most = 0.0
reason = "they cannot come"

[[budget]]
name = "honest"
styles = ["plain"]
figure = "reported"
at_least = 1.0
reason = "strangers help no one"
"#;

#[test]
fn a_right_server_passes_and_each_fault_fails_its_budget() {
    for (fault, expected) in [
        (Fault::None, vec![]),
        (Fault::WrongPlace, vec!["found", "first", "place"]),
        (Fault::Unavailable, vec!["first", "available"]),
        (Fault::Strangers, vec!["honest"]),
        (Fault::NoHits, vec!["found", "first"]),
    ] {
        let folder = folder(QUESTIONS);
        let output = run(fault, folder.path(), &[]);
        let text = text(&output);
        let code = if expected.is_empty() { 0 } else { 3 };
        assert_eq!(output.status.code(), Some(code), "{fault:?}: {text}");
        let results = std::fs::read(folder.path().join("report/results.json")).unwrap();
        let results: Value = serde_json::from_slice(&results).unwrap();
        let failed: Vec<&str> = results["gates"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|gate| gate["outcome"] == "failed")
            .map(|gate| gate["name"].as_str().unwrap())
            .collect();
        assert_eq!(failed, expected, "{fault:?}: {text}");
        assert!(folder.path().join("report/summary.md").is_file());
    }
}

#[test]
fn the_list_shows_what_came_first() {
    let folder = folder(QUESTIONS);
    let output = run(Fault::WrongPlace, folder.path(), &["--list"]);
    let text = text(&output);
    assert!(text.contains("picker in Detroit"), "{text}");
    assert!(text.contains("✗ Picker, Toledo OH"), "{text}");
}

#[test]
fn questions_that_could_not_fail_are_usage_errors() {
    for (questions, options, expected) in [
        ("\n", &[][..], "found no questions"),
        (
            r#"{"q":"a","roles":["Pickr"]}"#,
            &[],
            "no person of the corpus has the role `Pickr`",
        ),
        (
            r#"{"q":"a","roles":["Picker"],"none":true}"#,
            &[],
            "it is marked `none`, but `e-1` is right",
        ),
        (
            r#"{"q":"a","roles":["Picker"],"city":"Detroit","min_years":30}"#,
            &[],
            "no person of the corpus is right for any question",
        ),
        (
            r#"{"q":"a","roles":["Picker"],"city":"Detroit","min_years":30}"#,
            &["--strict"],
            "`a`: no person is right",
        ),
        ("{", &[], "`questions.jsonl`, line 1: EOF"),
    ] {
        let folder = folder(questions);
        let output = run(Fault::None, folder.path(), options);
        let text = text(&output);
        assert_eq!(output.status.code(), Some(2), "{questions}: {text}");
        let shown = expected.replace(
            "`questions.jsonl`",
            &format!("`{}`", folder.path().join("questions.jsonl").display()),
        );
        assert!(text.contains(&shown), "{questions}: {text}");
    }
}

#[test]
fn a_run_without_a_budget_is_inconclusive() {
    let folder = folder(QUESTIONS);
    let file = folder.path().join("budgets.toml");
    std::fs::write(&file, "").unwrap();
    let output = run(Fault::None, folder.path(), &[]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output));
    // Those of the repository are for its own questions.
    std::fs::remove_file(&file).unwrap();
    let output = run(Fault::None, folder.path(), &[]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output));
}

/// A corpus of three people, its questions, and budgets.
fn folder(questions: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let person = |id: &str, city: [&str; 2], available: bool| {
        json!({ "id": id, "text": "a picker", "metadata": {
            "name": id, "role": "Picker", "city": city[0], "state": city[1], "skills": "packing",
            "available": available, "shift": "days", "weekends": false, "years": 2, "rate": 17.5,
            "phone": "313-555-0101", "email": format!("{id}@example.com"),
        } })
        .to_string()
    };
    let workers = [
        person("w-1", ["Detroit", "MI"], true),
        person("w-2", ["Detroit", "MI"], false),
    ];
    for (name, text) in [
        ("workers.jsonl", workers.join("\n")),
        ("employees.jsonl", person("e-1", ["Toledo", "OH"], true)),
        ("questions.jsonl", questions.to_owned()),
        ("budgets.toml", BUDGETS.to_owned()),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Runs the program on a folder and a stand-in, with the folder's budgets if it has any.
fn run(fault: Fault, folder: &Path, options: &[&str]) -> Output {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
    let listener = listener.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/v1/matrix/corpora/{name}", put(async |_: String| "{}"))
        .route(
            "/v1/matrix/corpora/{name}/documents",
            post(async |_: String| r#"{"taken":1,"refused":0}"#),
        )
        .route("/v1/matrix/search", post(search))
        .with_state(fault);
    runtime.spawn(async { axum::serve(listener, router).await });
    let path = |name: &str| folder.join(name).display().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_lakehouse-loadtests"));
    command
        .args(["relevance", "--style", "plain", "--url", &url])
        .args(["--corpus", &folder.display().to_string()])
        .args(["--questions", &path("questions.jsonl")])
        .args(["--output", &path("report")])
        .args(options);
    if folder.join("budgets.toml").exists() {
        command.args(["--budgets", &path("budgets.toml")]);
    }
    command.output().unwrap()
}

async fn search(State(fault): State<Fault>, body: String) -> String {
    let is_known = body.contains("picker");
    let ids: &[&str] = match fault {
        Fault::WrongPlace if is_known => &["e-1"],
        Fault::Unavailable if is_known => &["w-2", "w-1"],
        Fault::NoHits => &[],
        Fault::Strangers => &["w-1"],
        _ if is_known => &["w-1"],
        _ => &[],
    };
    let hits: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    json!({ "hits": hits }).to_string()
}

fn text(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    format!("{out}{error}")
}
