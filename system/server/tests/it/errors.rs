//! The messages of commands that fail: each says what it says once.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use crate::process::{BINARY, Process};

fn run(folder: &Path, environment: &[(&str, &str)], args: &[&str]) -> Output {
    Command::new(BINARY)
        .args(args)
        .envs(environment.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What a message says twice: a part between colons, semicolons or commas, a quoted name, or a number
/// of the system's errors.
fn repeated(message: &str) -> Option<&str> {
    let parts = message.split([':', ';', ',', '\n']).map(str::trim);
    let quoted = message.split('`').skip(1).step_by(2);
    let numbers = message.match_indices("(os error").map(|(_, number)| number);
    for mut of_a_kind in [
        parts.collect::<Vec<_>>(),
        quoted.collect(),
        numbers.collect(),
    ] {
        // Shorter ones are ornaments of a parser's message.
        of_a_kind.retain(|part| part.len() > 3);
        of_a_kind.sort();
        let twice = of_a_kind.windows(2).find(|pair| pair[0] == pair[1]);
        if let Some(twice) = twice {
            return Some(twice[0]);
        }
    }
    None
}

#[test]
fn repetition_is_found() {
    for message in [
        "`data` is in use: folder `data` is in use",
        "cannot read: no such file (os error 2): not found (os error 2)",
        "no room: b: no room",
    ] {
        assert!(repeated(message).is_some(), "{message}");
    }
    assert_eq!(repeated("cannot read `a`: no such file (os error 2)"), None);
}

#[tokio::test]
async fn messages_say_everything_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let server = Process::start(root).await;
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    fs::write(root.join("file"), "").unwrap();
    fs::write(root.join("bad.jsonl"), "[]\n").unwrap();
    fs::write(root.join("bad.toml"), "[gateway]\nbind = 'x'\n").unwrap();
    fs::write(root.join("broken.toml"), "[gateway").unwrap();
    fs::create_dir_all(root.join("locked/lock")).unwrap();
    fs::create_dir_all(root.join("logs")).unwrap();
    fs::write(root.join("logs/vectors"), "").unwrap();
    let [absent, bad, folder_as_file] =
        ["absent.jsonl", "bad.jsonl", "."].map(|file| [("LAKEHOUSE_VALIDATE__ROSTER", file)]);
    let store = [("LAKEHOUSE_STORE__URL", "file:///proc/none")];
    type Variables<'v> = &'v [(&'v str, &'v str)];
    let none: Variables<'_> = &[];
    let port = "127.0.0.1:0";
    let cases: Vec<(Variables<'_>, Vec<&str>)> = vec![
        (none, vec!["config", "--config", "absent.toml"]),
        (none, vec!["config", "--config", "bad.toml"]),
        (none, vec!["config", "--config", "broken.toml"]),
        (none, vec!["config", "--config", "."]),
        (
            none,
            vec!["serve", "--bind", &address, "--data-root", "new"],
        ),
        (none, vec!["serve", "--bind", port, "--data-root", "."]),
        (none, vec!["serve", "--bind", port, "--data-root", "file"]),
        (
            none,
            vec!["serve", "--bind", port, "--data-root", "file/below"],
        ),
        (none, vec!["serve", "--bind", port, "--data-root", "locked"]),
        (
            none,
            vec!["serve", "--bind", port, "--data-root", "/proc/none"],
        ),
        (&store, vec!["serve", "--bind", port, "--data-root", "new"]),
        (&absent, vec!["serve", "--bind", port]),
        (&bad, vec!["serve", "--bind", port]),
        (&folder_as_file, vec!["serve", "--bind", port]),
        (none, vec!["repair", "a", "--data-root", "."]),
        (none, vec!["repair", "a", "--data-root", "file"]),
        (none, vec!["repair", "a", "--data-root", "new"]),
        (none, vec!["helper", "none"]),
        (none, vec!["helper", "validate", "--roster", "absent.jsonl"]),
        (none, vec!["helper", "validate", "--roster", "bad.jsonl"]),
        (none, vec!["ingest", "--corpus", "a", "absent.jsonl"]),
        (
            none,
            vec![
                "ingest",
                "--corpus",
                "a",
                "--url",
                "http://127.0.0.1:1",
                "file",
            ],
        ),
        (
            none,
            vec!["ingest", "--corpus", "A", "--url", &server.url, "file"],
        ),
        (
            none,
            vec!["ingest", "--corpus", "a", "--url", &server.url, "bad.jsonl"],
        ),
        (
            none,
            vec![
                "ingest",
                "--corpus",
                "a",
                "--url",
                &server.url,
                "file",
                "--replace",
            ],
        ),
        (
            none,
            vec!["ingest", "--corpus", "a", "--url", &server.url, "."],
        ),
    ];
    for (environment, args) in cases {
        let output = run(root, environment, &args);
        assert!(!output.status.success(), "{args:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        let message = error.strip_prefix("lakehouse: ");
        let message = message.unwrap_or_else(|| panic!("{args:?}: {error}"));
        assert_eq!(repeated(message), None, "{args:?}: {message}");
    }
    server.stop().await;
}
