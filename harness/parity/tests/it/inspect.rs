//! `parity list`, `parity describe` and `parity diff`.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{ECHO, TestRoot};

const TWO: &str = "[[case]]\nname = \"one\"\nwhy = \"it is there\"\ninput = '{\"a\":\"it''s\"}'\n[[case]]\nname = \"bytes\"\ninput = [{ hex = \"22ff22\" }]\n";

fn two() -> TestRoot {
    TestRoot::pair(ECHO, ECHO, &TWO.replace("it''s", "its"))
}

#[test]
fn list_shows_which_implementations_run_each_case() {
    let ran = two().run(&["list"]);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let lines: Vec<&str> = ran.text.lines().collect();
    assert_eq!(
        lines,
        [
            "s/one    line: left right  it is there",
            "s/bytes  line: left right",
            "2 cases"
        ]
    );
    let narrow = two().run(&["list", "--surface", "s"]);
    assert_eq!(narrow.text, ran.text);
    two()
        .run(&["list", "--surface", "t"])
        .refuses(&["unknown surface `t`", "known names: `s`"]);
}

#[test]
fn list_and_describe_write_nothing() {
    let root = two();
    root.run(&["list"]);
    root.run(&["describe", "s/one"]);
    assert!(!root.path("target").exists());
}

#[test]
fn describe_prints_a_working_command() {
    let root = two();
    let ran = root.run(&["describe", "s/one"]);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    for wanted in [
        "why: it is there",
        "input (11 bytes): {\"a\":\"its\"}",
        "expected: no error",
        "body: as JSON",
        "left (line)",
        "right (line)",
    ] {
        assert!(ran.text.contains(wanted), "no `{wanted}` in {}", ran.text);
    }
    let line = ran.text.lines().find(|line| line.contains("right.sh"));
    let output = Command::new("sh")
        .args(["-c", line.unwrap()])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "{\"a\":\"its\"}\n");
}

#[test]
fn describe_prints_a_curl_command() {
    let root = TestRoot::new()
        .server("left", "")
        .probe(
            "s",
            "about = \"x\"\ntransports = [\"http\"]\n[http]\npath = \"/v1/s\"\nheaders = { x-of = \"{case}\" }\n",
        )
        .cases(
            "s",
            "[[case]]\nname = \"one\"\ninput = \"it's\"\nquery = { q = \"a b\" }\n[[case]]\nname = \"long\"\ninput = { repeat = \"a\", times = 5000 }\n",
        )
        .file(
            "fixtures/implementations/there.toml",
            "language = \"js\"\nurl = \"http://127.0.0.1:9\"\n[surfaces]\ns = [\"http\"]\n",
        );
    let ran = root.run(&["describe", "s/one"]);
    for wanted in [
        "request: POST /v1/s?q=a%20b\n  x-of: one\n",
        "curl -sS --path-as-is --globoff -i -X POST 'http://127.0.0.1:9/v1/s?q=a%20b' -H 'x-of: one' -H accept: -H user-agent: -H content-type: --data-binary 'it'\\''s'",
        "curl -sS --path-as-is --globoff -i -X POST \"http://127.0.0.1:$PORT\"'/v1/s?q=a%20b' -H",
    ] {
        assert!(ran.text.contains(wanted), "no `{wanted}` in {}", ran.text);
    }
    let long = root.run(&["describe", "s/long"]);
    assert!(
        long.text.contains("describe s/long --raw 0 | curl"),
        "{}",
        long.text
    );
    let raw = root.run(&["describe", "s/long", "--raw", "0"]);
    assert_eq!(raw.text, "a".repeat(5000));
}

#[test]
fn raw_input_is_printed_byte_for_byte() {
    let root = two();
    let output = root
        .command(&["describe", "s/bytes", "--raw", "0"])
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"\"\xff\"");
    root.run(&["describe", "s/bytes", "--raw", "1"])
        .refuses(&["has no step 1", "the last step is 0"]);
    root.run(&["describe", "s/on"])
        .refuses(&["unknown case `on`", "did you mean `one`?"]);
    root.run(&["describe", "one"])
        .refuses(&["write `SURFACE/CASE`"]);
}

/// Runs with `right` always answering `answer`, and saves the report as `name`.
fn save_report(root: &TestRoot, answer: &str, name: &str) {
    root.write(
        "right.sh",
        &format!("while read -r line; do echo '{answer}'; done"),
    );
    root.run(&[]);
    fs::copy(
        root.path("target/parity/latest/report.json"),
        root.path(name),
    )
    .unwrap();
}

#[test]
fn diff_classifies_changes() {
    let cases = "[[case]]\nname = \"one\"\ninput = '{\"a\":1,\"b\":[1,2]}'\n";
    let root = TestRoot::pair(ECHO, ECHO, cases);
    save_report(&root, "{\"a\":1,\"b\":[1,2]}", "equal.json");
    save_report(&root, "{\"a\":2,\"b\":[1,2]}", "a.json");
    save_report(&root, "{\"a\":3,\"b\":[1,2]}", "a_again.json");
    save_report(&root, "{\"a\":1,\"b\":[2,2]}", "b.json");
    save_report(&root, "nothing", "invalid.json");
    for (before, after, code, wanted) in [
        (
            "equal.json",
            "a.json",
            3,
            "new (1)\n  s/one (line), right: `body:$.a` different value (number 1 | number 2)",
        ),
        (
            "a.json",
            "equal.json",
            0,
            "fixed (1)\n  s/one (line), right: `body:$.a` different value",
        ),
        (
            "a.json",
            "b.json",
            0,
            "moved (1)\n  s/one (line), right: `body:$.a` different value (number 1 | number 2) is now `body:$.b[0]`",
        ),
        (
            "a.json",
            "a_again.json",
            0,
            "0 new, 0 moved, 0 fixed, 1 unchanged",
        ),
        (
            "equal.json",
            "invalid.json",
            3,
            "`right`: answered with a line that is not JSON (expected a value at byte 0): `nothing`",
        ),
    ] {
        let ran = root.run(&["diff", before, after]);
        assert_eq!(ran.code, Some(code), "{before} {after}: {}", ran.text);
        assert!(ran.text.contains(wanted), "no `{wanted}` in {}", ran.text);
    }
}

#[test]
fn diff_groups_changes_by_cause() {
    let cases: String = (1..10)
        .map(|n| format!("[[case]]\nname = \"c{n}\"\ninput = '{{\"a\":[{n}],\"b\":\"{n}\"}}'\n"))
        .collect();
    let root = TestRoot::pair(ECHO, ECHO, &cases);
    root.run(&[]).ends(0, "pass");
    // Every case differs in two places, by values of its own.
    root.write(
        "right.sh",
        "while IFS= read -r line; do printf '%s\\n' \"$line\" | sed 's/\\[/[-/; s/:\"/:\"x/'; done",
    );
    root.run(&[]).ends(3, "fail");
    let ran = root.run(&["diff"]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    for wanted in [
        "new (18 in 1 group)",
        "s · right: `body:$.a[*]` different value (number | number) and 1 more path (18 changes in 9 cases)",
        "    c1 (line), c2 (line), c3 (line), c4 (line) and 5 more\n",
        "    for example s/c1 (line), right: `body:$.a[0]` different value (number 1 | number -1)",
        "18 new, 0 moved, 0 fixed, 0 unchanged",
    ] {
        assert!(ran.text.contains(wanted), "no `{wanted}` in {}", ran.text);
    }
}

#[test]
fn diff_counts_what_reports_do_not_list() {
    let root = TestRoot::pair(ECHO, ECHO, "[[case]]\nname = \"one\"\ninput = '1'\n");
    for (count, name) in [(1_000, "all.json"), (1_200, "cut.json")] {
        let zeros = vec!["0"; count].join(",");
        let ones = vec!["1"; count].join(",");
        let case = format!("[[case]]\nname = \"one\"\ninput = '[{zeros}]'\n");
        root.write("fixtures/probes/s/cases/all.toml", &case);
        save_report(&root, &format!("[{ones}]"), name);
    }
    let ran = root.run(&["diff", "all.json", "cut.json", "--html", "diff.html"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let totals = "0 new, 0 moved, 0 fixed, 1000 unchanged";
    let note = "not compared: 200 differences of 1 case of the later run, as a report lists at most 1,000 of a case";
    for text in [ran.text, root.read("diff.html")] {
        assert!(text.contains(totals) && text.contains(note), "{text}");
        assert!(!text.contains("of the earlier run"), "{text}");
    }
    let changes = json(&root, &["diff", "cut.json", "all.json", "--json"], 0);
    assert_eq!(changes["unlisted"][0]["differences"], 200);
    assert_eq!(changes["unlisted"][1]["differences"], 0);
}

#[test]
fn a_case_that_did_not_run_is_not_fixed() {
    let cases = "[[case]]\nname = \"one\"\ninput = '1'\n[[case]]\nname = \"two\"\ninput = '2'\n";
    let root = TestRoot::pair(ECHO, ECHO, cases);
    save_report(&root, "0", "both.json");
    root.run(&["--case", "one"]);
    let ran = root.run(&["diff", "both.json", "target/parity/latest/report.json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    for wanted in [
        "no longer run (1)\n  s/two (line), right",
        "0 fixed, 1 unchanged",
    ] {
        assert!(ran.text.contains(wanted), "no `{wanted}` in {}", ran.text);
    }
}

#[test]
fn incomplete_reports_are_rejected() {
    let root = TestRoot::pair(ECHO, ECHO, "[[case]]\nname = \"one\"\ninput = '1'\n");
    save_report(&root, "1", "whole.json");
    let cut = root
        .read("whole.json")
        .replace("\"complete\": true", "\"complete\": false");
    root.write("cut.json", &cut);
    root.run(&["diff", "whole.json", "cut.json"])
        .refuses(&["`cut.json` was cut short"]);
    root.write("other.json", "{}");
    root.run(&["diff", "other.json", "whole.json"])
        .refuses(&["`other.json` is not a report"]);
    let with_version = |text: &str, version: &str| {
        assert!(text.contains("\"schema_version\": 2"), "{text}");
        text.replace(
            "\"schema_version\": 2",
            &format!("\"schema_version\": {version}"),
        )
    };
    let first = with_version(&root.read("whole.json"), "1");
    root.write("first.json", &first);
    let ran = root.run(&["diff", "first.json", "whole.json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let old = with_version(&cut, "0");
    root.write("old.json", &old);
    root.run(&["diff", "old.json", "whole.json"])
        .refuses(&["`old.json` has schema version 0"]);
}

/// The JSON on standard output.
#[track_caller]
fn json(root: &TestRoot, arguments: &[&str], code: i32) -> Value {
    let output = root.command(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn list_and_describe_print_json() {
    let root = two();
    let listed = json(&root, &["list", "--json"], 0);
    assert_eq!(
        listed["cases"][0],
        json!({ "surface": "s", "case": "one", "why": "it is there", "transports": { "line": ["left", "right"] } })
    );
    let described = json(&root, &["describe", "s/one", "--json"], 0);
    assert_eq!(described["steps"][0]["input"], "{\"a\":\"its\"}");
    assert_eq!(described["steps"][0]["expect"], "ok");
    assert_eq!(described["implementations"][1]["name"], "right");
    assert!(
        described["run"]
            .as_str()
            .unwrap()
            .ends_with("--surface s --case one")
    );
    let bytes = json(&root, &["describe", "s/bytes", "--json"], 0);
    assert_eq!(bytes["steps"][0]["input"], "hex:22ff22");
}

#[test]
fn verdict_and_diff_print_json() {
    let root = TestRoot::pair(ECHO, ECHO, "[[case]]\nname = \"one\"\ninput = '1'\n");
    let verdict = [
        "verdict",
        "--may-replace",
        "left",
        "--by",
        "right",
        "--json",
    ];
    let unknown = json(&root, &verdict, 4);
    assert_eq!(unknown["decision"], "unknown");
    assert!(!unknown["reasons"].as_array().unwrap().is_empty());
    save_report(&root, "1", "equal.json");
    save_report(&root, "2", "differs.json");
    let changes = json(&root, &["diff", "equal.json", "differs.json", "--json"], 3);
    assert_eq!(changes["new"].as_array().unwrap().len(), 1);
    assert_eq!(changes["unchanged"], 0);
}

#[test]
fn list_filters_by_case_and_implementation() {
    let root = two().file(
        "fixtures/implementations/third.toml",
        "language = \"sh\"\n[surfaces]\n",
    );
    let one = json(&root, &["list", "--json", "-c", "one", "-i", "right"], 0);
    assert_eq!(one["cases"].as_array().unwrap().len(), 1);
    assert_eq!(one["cases"][0]["transports"], json!({ "line": ["right"] }));
    let named = json(&root, &["list", "--json", "--case", "s/one"], 0);
    assert_eq!(named["cases"].as_array().unwrap().len(), 1);
    let none = json(&root, &["list", "--json", "-i", "third"], 0);
    assert_eq!(none["cases"], json!([]));
    root.run(&["list", "-i", "rigth"])
        .refuses(&["did you mean `right`?"]);
    root.run(&["list", "-c", "oen"])
        .refuses(&["did you mean `one`?"]);
    root.run(&["list", "--output", "x"]).refuses(&["--output"]);
}

#[test]
fn completions_know_the_options_of_every_shell() {
    let root = TestRoot::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = root.run(&["completions", shell]);
        assert_eq!(script.code, Some(0), "{shell}");
        assert!(script.text.contains("may-replace"), "{shell}");
    }
    root.run(&["completions", "basch"]).refuses(&["bash"]);
}

#[test]
fn help_has_groups_and_examples() {
    let help = TestRoot::new().run(&["--help"]).text;
    for wanted in [
        "Selection:",
        "Checks:",
        "Acceptance:",
        "-s, --surface",
        "Examples:",
    ] {
        assert!(help.contains(wanted), "no `{wanted}` in {help}");
    }
}
