//! `lakehouse ingest` against a running server.

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Output, Stdio},
};

use lakehouse_client::Client;
use lakehouse_server::exit;

use crate::process::{BINARY, Process};

fn ingest(folder: &Path, args: &[&str], stdin: Stdio) -> Output {
    Command::new(BINARY)
        .arg("ingest")
        .args(args)
        .current_dir(folder)
        .stdin(stdin)
        .output()
        .unwrap()
}

fn documents(count: usize) -> String {
    let line = |number| format!("{{\"id\":\"w-{number}\",\"text\":\"worker {number}\"}}\n");
    (0..count).map(line).collect()
}

fn code(output: &Output) -> u8 {
    u8::try_from(output.status.code().unwrap()).unwrap()
}

#[tokio::test]
async fn a_file_is_ingested_and_rejected_lines_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path()).await;
    let url = server.url.as_str();
    let file = folder.path().join("workers.jsonl");
    fs::write(&file, documents(2500)).unwrap();
    let args = ["--corpus", "workers", "--url", url, "workers.jsonl"];
    let output = ingest(folder.path(), &args, Stdio::null());
    let report = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(code(&output), exit::OK, "{output:?}");
    assert!(
        report.starts_with("corpus `workers`: 2500 taken in "),
        "{report}"
    );
    assert!(output.stderr.is_empty(), "{output:?}");

    // Again from standard input, with two bad lines in the second batch.
    fs::write(&file, documents(1200) + "\n{}\nnot json\n" + &documents(3)).unwrap();
    let args = [
        "--corpus", "workers", "--url", url, "--model", "hash-768", "-",
    ];
    let output = ingest(folder.path(), &args, File::open(&file).unwrap().into());
    let report = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(code(&output), exit::REJECTED, "{output:?}");
    let lines: Vec<_> = report.lines().collect();
    assert!(
        lines[0].starts_with("corpus `workers`: 1203 taken, 2 rejected in "),
        "{report}"
    );
    assert_eq!(lines[1], "line 1202: missing field `id`");
    assert_eq!(lines[2], "line 1203: line is not valid JSON");
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error, "lakehouse: 2 of 1206 lines were rejected\n");
    server.stop().await;
}

#[tokio::test]
async fn failures_are_reported_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path()).await;
    let url = server.url.as_str();
    fs::write(folder.path().join("one.jsonl"), documents(1)).unwrap();
    let closed = "http://127.0.0.1:1";
    let cases: [(&[&str], u8, &str); 5] = [
        (
            &["--corpus", "a", "--url", url, "absent.jsonl"],
            exit::FAILED,
            "cannot read `absent.jsonl`: No such file",
        ),
        (
            &["--corpus", "A", "--url", url, "one.jsonl"],
            exit::SERVICE,
            "the service rejected corpus `A` with status 400: corpus name must be",
        ),
        (
            &["--corpus", "a", "--url", url, "--model", "m", "one.jsonl"],
            exit::SERVICE,
            "the service rejected corpus `a` with status 400: unknown model `m`",
        ),
        (
            &["--corpus", "a", "--url", closed, "one.jsonl"],
            exit::SERVICE,
            "nothing answers at `http://127.0.0.1:1`: Connection refused (os error 111)\n",
        ),
        (
            &["--corpus", "a", "--url", "ftp://a", "one.jsonl"],
            exit::USAGE,
            "",
        ),
    ];
    for (args, want, report) in cases {
        let output = ingest(folder.path(), args, Stdio::null());
        let error = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(code(&output), want, "{error}");
        if want != exit::USAGE {
            assert!(
                error.starts_with(&format!("lakehouse: {report}")),
                "{error}"
            );
        }
    }
    server.stop().await;
}

/// The text on standard output, of a command with that exit code.
#[track_caller]
fn printed(output: &Output, want: u8) -> String {
    assert_eq!(code(output), want, "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[tokio::test]
async fn who_has_left_the_file_is_removed_from_the_corpus() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path()).await;
    let url = server.url.as_str();
    let client = Client::new(url).unwrap();
    let ids = || client.document_ids("workers", "", 10_000, |page| page.ids.0.len());
    let file = folder.path().join("workers.jsonl");
    let run = |more: &[&str]| {
        let args = [
            "--corpus",
            "workers",
            "--url",
            url,
            "workers.jsonl",
            "--replace",
        ];
        ingest(folder.path(), &[&args[..], more].concat(), Stdio::null())
    };

    // A new corpus.
    fs::write(&file, documents(2500)).unwrap();
    let report = printed(&run(&[]), exit::OK);
    assert!(
        report.ends_with("\n0 other documents removed\n"),
        "{report}"
    );
    assert_eq!(ids().await.unwrap(), 2500);

    // A rehearsal changes nothing.
    fs::write(
        &file,
        documents(1200) + "{\"id\":\"new \\u00e9\",\"text\":\"Picker\"}",
    )
    .unwrap();
    let report = printed(&run(&["--dry-run"]), exit::OK);
    let first = "corpus `workers`: 1201 documents would be taken, 1300 others removed; nothing was changed\n`w-1200` would be removed\n";
    assert!(report.starts_with(first), "{report}");
    assert!(report.ends_with("\nand 1280 more\n"), "{report}");
    assert_eq!(ids().await.unwrap(), 2500);

    // A line that is rejected keeps everybody.
    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{{}}\n{good}")).unwrap();
    for more in [&[][..], &["--dry-run"]] {
        let output = run(more);
        printed(&output, exit::REJECTED);
        let error = String::from_utf8(output.stderr).unwrap();
        let want = "lakehouse: 1 of 1202 lines were rejected; no document was removed\n";
        assert_eq!(error, want);
    }
    assert_eq!(ids().await.unwrap(), 2501);

    fs::write(&file, good).unwrap();
    let report = printed(&run(&[]), exit::OK);
    assert!(
        report.ends_with("\n1300 other documents removed\n"),
        "{report}"
    );
    assert_eq!(ids().await.unwrap(), 1201);
    let again = printed(&run(&[]), exit::OK);
    assert!(again.ends_with("\n0 other documents removed\n"), "{again}");

    // An empty file is more likely a mistake.
    fs::write(&file, "\n").unwrap();
    for more in [&[][..], &["--dry-run"]] {
        let output = run(more);
        printed(&output, exit::FAILED);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.contains("pass `--allow-empty` if that is meant"),
            "{error}"
        );
    }
    assert_eq!(ids().await.unwrap(), 1201);
    let report = printed(&run(&["--allow-empty"]), exit::OK);
    assert!(
        report.ends_with("\n1201 other documents removed\n"),
        "{report}"
    );
    assert_eq!(ids().await.unwrap(), 0);

    // A corpus that does not exist yet.
    let args = [
        "--corpus",
        "new",
        "--url",
        url,
        "workers.jsonl",
        "--replace",
        "--dry-run",
        "--allow-empty",
    ];
    let report = printed(&ingest(folder.path(), &args, Stdio::null()), exit::OK);
    assert!(
        report.starts_with("corpus `new`: 0 documents would be taken, 0 others removed"),
        "{report}"
    );
    let args = [
        "--corpus",
        "workers",
        "--url",
        url,
        "--dry-run",
        "workers.jsonl",
    ];
    assert_eq!(
        code(&ingest(folder.path(), &args, Stdio::null())),
        exit::USAGE
    );
    server.stop().await;
}
