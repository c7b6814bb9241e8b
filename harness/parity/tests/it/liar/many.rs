//! Reports of hundreds of failures.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{CASES, HONEST, LIAR, PROBE, PROGRAM, without_places};
use crate::report::page::Page;
use crate::support::TestRoot;

/// Lies of many kinds, which form several groups.
const LIES: [&str; 14] = [
    "always_200",
    "dropped_item",
    "escaped_text",
    "extra_key",
    "hollow",
    "negative_time",
    "numbers_as_floats",
    "omitted_zeros",
    "other_error",
    "random_field",
    "reversed_items",
    "sorted_keys",
    "swapped_fields",
    "swapped_outcome",
];

/// Fifty questions, of which every eighth is invalid.
fn cases() -> String {
    let one = |index: i64| {
        let words = ["plain", "Zoë", "日本語", "a <b> & c", ""];
        let text = words[usize::try_from(index).unwrap() % words.len()];
        let items: Vec<String> = (0..index % 4).map(|n| format!("{{\"k\": {n}}}")).collect();
        let (expect, n) = match index % 8 {
            7 => ("expect = \"error\"\n", format!("\"{index}\"")),
            _ => ("", (index - 4).to_string()),
        };
        format!(
            "[[case]]\nname = \"question_{index:02}\"\n{expect}input = '{{\"n\": {n}, \"text\": \"{text}\", \"items\": [{}]}}'\n",
            items.join(", ")
        )
    };
    (0..50).map(one).collect()
}

fn root() -> TestRoot {
    let only_lines =
        |text: &str| without_places(text).replace("[\"line\", \"http\"]", "[\"line\"]");
    let root = TestRoot::new()
        .file("fixtures/harness.toml", "reference = \"honest\"\n")
        .file("fixtures/implementations/honest.toml", &only_lines(HONEST))
        .file("liar.py", PROGRAM)
        .probe("echo", PROBE)
        .cases("echo", CASES)
        .file("fixtures/probes/echo/cases/many.toml", &cases());
    for lie in LIES {
        let liar =
            only_lines(LIAR).replace("\"helper\"", &format!("\"--lie\", \"{lie}\", \"helper\""));
        root.write(&format!("fixtures/implementations/{lie}.toml"), &liar);
    }
    root
}

/// Keeps its page as `many/report.html` in Cargo's folder for test files, for a look in a browser.
#[test]
fn reports_of_five_hundred_failures_stay_readable() {
    let root = root();
    let ran = root.run(&["--seed", "1"]).ends(3, "fail");
    let cases = ran.report["cases"].as_array().unwrap();
    let failed = cases
        .iter()
        .filter(|case| case["verdict"] != "match")
        .count();
    assert!(failed >= 500, "{failed}");

    let page = root.read("target/parity/report.html");
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("many");
    fs::create_dir_all(&kept).unwrap();
    fs::write(kept.join("report.html"), &page).unwrap();

    let page = Page::read(page);
    let (differing, invalid): (Vec<_>, Vec<_>) = page
        .groups()
        .into_iter()
        .partition(|(head, _)| head["status"] == "diverged");
    let groups = differing.len();
    assert!((10..30).contains(&groups), "{groups} groups");
    // Places that differ in exactly the same cases form one group.
    let merged = |head: &Value| {
        head["path"] == "body:$.text"
            && head["kind"] == "missing"
            && head["and_more"] == " and 6 more paths"
    };
    assert!(differing.iter().any(|(head, _)| merged(head)));
    assert_eq!(page.cases().len(), failed, "each case is stored once");

    // Invalid cases form groups too.
    assert_eq!(invalid.len(), 2);

    // Each implementation also has a line that says whether it may replace the reference.
    let is_answer = |line: &&str| line.contains(" may replace honest: ");
    let (answers, lines): (Vec<_>, Vec<_>) = ran.text.lines().partition(is_answer);
    assert_eq!(answers.len(), LIES.len());
    let lines = lines.len();
    assert!(lines < 200, "{lines} lines in the terminal");
}
