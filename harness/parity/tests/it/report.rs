//! Reports of constructed runs.

pub(crate) mod page;
mod pages;
mod sample;
mod script;

use std::path::Path;
use std::{fs, io};

use lakehouse_parity::outcome::{Run, RunVerdict};
use lakehouse_parity::report::{self, Rendered};
use quick_junit::{Report as Junit, TestCaseStatus};
use serde_json::Value;

use crate::support::{ECHO, TestRoot};

fn write(run: &Run, folder: &Path) -> io::Result<()> {
    Rendered::new(run)?.write(folder)
}

/// Writes all reports of a run and returns the text of one.
fn written(run: &Run, file: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    write(run, folder.path()).unwrap();
    fs::read_to_string(folder.path().join(file)).unwrap()
}

/// The terminal report, as a pipe receives it.
fn printed(run: &Run) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    let output = fs::File::create(&file).unwrap();
    let term = console::Term::read_write_pair(fs::File::open(&file).unwrap(), output);
    report::print(run, &term).unwrap();
    fs::read_to_string(&file).unwrap()
}

#[test]
fn report_json_has_its_fields_and_ends_with_its_footer() {
    let text = written(&sample::failing(), "report.json");
    assert!(text.ends_with("\"complete\": true\n}\n"));
    let report: Value = serde_json::from_str(&text).unwrap();
    insta::assert_json_snapshot!("report_json", report);
}

#[test]
fn report_json_truncates_long_texts() {
    let mut run = sample::failing();
    run.cases[1].inputs[0].text = "x".repeat(1_000_000);
    let text = written(&run, "report.json");
    assert!(text.len() < 150_000, "{} bytes", text.len());
    assert!(text.contains("(936,000 more characters)"));
}

#[test]
fn a_failed_write_removes_the_earlier_report() {
    let folder = tempfile::tempdir().unwrap();
    write(&sample::passing(), folder.path()).unwrap();
    let html = folder.path().join("report.html");
    fs::remove_file(&html).unwrap();
    fs::create_dir(&html).unwrap();
    write(&sample::passing(), folder.path()).unwrap_err();
    assert!(!folder.path().join("report.json").exists());
}

#[test]
fn a_full_disk_leaves_no_report() {
    let folder = tempfile::tempdir().unwrap();
    write(&sample::passing(), folder.path()).unwrap();
    // Every write to this device fails because no space is left.
    std::os::unix::fs::symlink("/dev/full", folder.path().join(".junit.xml.new")).unwrap();
    write(&sample::failing(), folder.path()).unwrap_err();
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn no_report_has_hidden_characters() {
    let run = sample::with_hidden_characters();
    for file in ["report.json", "junit.xml", "report.html", "summary.md"] {
        let text = written(&run, file);
        let hidden = text.find(lakehouse_rig::text::is_hidden);
        let around = hidden.map(|at| text[at.saturating_sub(80)..].chars().take(120));
        assert!(
            hidden.is_none(),
            "{file}: {:?}",
            around.map(String::from_iter)
        );
    }
    let report: Value = serde_json::from_str(&written(&run, "report.json")).unwrap();
    assert_eq!(report["notices"][0], sample::HIDDEN);
    Junit::deserialize_from_str(&written(&run, "junit.xml")).unwrap();
}

#[test]
fn a_case_of_100000_differences_has_bounded_reports() {
    let run = sample::with_many_differences(100_000);
    for file in ["report.json", "junit.xml", "report.html", "summary.md"] {
        let length = written(&run, file).len();
        assert!(length < 1_000_000, "{file}: {length} bytes");
    }
    let output = printed(&run);
    assert!(output.lines().count() < 40, "{output}");
    assert!(
        output.contains("(99,000 differences in 1 case)"),
        "{output}"
    );
    let report: Value = serde_json::from_str(&written(&run, "report.json")).unwrap();
    assert_eq!(report["verdict"], "fail");
    let case = &report["cases"][0];
    let listed = case["differences"].as_array().unwrap();
    assert_eq!(listed.len(), 1_000);
    assert_eq!(case["differences_left_out"], 99_000);
    assert_eq!(case["suggested_pins_left_out"], 99_980);
    assert!(listed.iter().all(|difference| difference["pin"].is_null()));
    let junit = written(&run, "junit.xml");
    assert!(
        junit.contains("body:$.rows[1000] (different value)"),
        "{junit}"
    );
}

#[test]
fn junit_describes_failures() {
    let junit = Junit::deserialize_from_str(&written(&sample::failing(), "junit.xml")).unwrap();
    assert_eq!(
        (junit.tests, junit.failures, junit.errors),
        (7, 3, 1),
        "six cases and a ledger failure"
    );
    let names: Vec<&str> = junit.test_suites.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "embed/http/go",
            "extract_json/line/go",
            "extract_json/line/js",
            "ledgers"
        ]
    );
    let hostile = &junit.test_suites[0].test_cases[1];
    let TestCaseStatus::NonSuccess {
        message,
        description,
        ..
    } = &hostile.status
    else {
        panic!("`hostile` is a failure");
    };
    assert_eq!(
        message.as_ref().unwrap().as_str(),
        "2 unexpected differences between rust and go"
    );
    let description = description.as_ref().unwrap().as_str();
    assert!(description.contains("body:$.text (different value): \"<script>alert(1)</script>\""));
    assert!(description.contains("run: cargo xtask parity --surface embed --case hostile"));
}

#[test]
fn junit_is_not_green_for_an_inconclusive_run() {
    let run = Run {
        cases: Vec::new(),
        results: Vec::new(),
        inconclusive: vec!["no case ran".to_owned()],
        verdict: RunVerdict::Inconclusive,
        ..sample::passing()
    };
    let junit = Junit::deserialize_from_str(&written(&run, "junit.xml")).unwrap();
    assert_eq!((junit.tests, junit.errors), (1, 1));
}

#[test]
fn five_hundred_failures_stay_short() {
    let run = sample::with_many_failures(500);
    let summary = written(&run, "summary.md");
    assert!(summary.lines().count() < 40, "{summary}");
    let output = printed(&run);
    assert!(output.lines().count() < 40, "{output}");
}

#[test]
fn the_summary_reads_as_markdown() {
    insta::assert_snapshot!("summary", written(&sample::failing(), "summary.md"));
}

#[test]
fn a_shared_summary_is_appended_to() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shared.md");
    fs::write(&file, "before\n").unwrap();
    let rendered = Rendered::new(&sample::passing()).unwrap();
    rendered.append_summary(&file).unwrap();
    let shared = fs::read_to_string(&file).unwrap();
    let own = written(&sample::passing(), "summary.md");
    assert_eq!(shared, format!("before\n{own}"));
}

#[test]
fn terminal_output_without_colours() {
    let output = printed(&sample::failing());
    assert!(!output.contains('\u{1b}'), "no escape reaches a pipe");
    insta::assert_snapshot!("terminal", output);
}

#[test]
fn the_page_is_named_by_its_path_or_as_a_link() {
    let root = TestRoot::pair(ECHO, ECHO, "[[case]]\nname = \"one\"\ninput = '1'\n");
    let is_page = |path: &str| path.ends_with("/report.html") && Path::new(path).is_absolute();
    let named = |text: &str| -> String {
        let line = text.lines().find_map(|line| line.strip_prefix("report: "));
        line.unwrap_or_else(|| panic!("no page in {text}"))
            .to_owned()
    };
    let page = named(&root.run(&[]).text);
    assert!(is_page(&page) && fs::exists(&page).unwrap(), "{page}");
    let mut command = root.command(&[]);
    command.env("FORCE_HYPERLINK", "1");
    let link = named(&root.finish(command).text);
    let parts: Vec<&str> = link.split("\u{1b}\\").collect();
    let [url, page, end] = parts[..] else {
        panic!("{link:?} is not a link");
    };
    let url = url.strip_prefix("\u{1b}]8;;file://").unwrap();
    assert!(is_page(url), "{link:?}");
    assert_eq!(page, format!("{url}\u{1b}]8;;"));
    assert_eq!(end, "");
}

#[test]
fn one_differing_case_is_shown_with_its_pin_and_several_with_a_hint() {
    let output = printed(&sample::failing());
    assert!(
        !output.contains("[[divergence]]\n    surface = \"embed\"\n    cases = [\"hostile\"]"),
        "{output}"
    );
    assert!(
        output.contains("accept what is intended: cargo xtask parity --bless"),
        "{output}"
    );
    let mut run = sample::failing();
    run.cases.retain(|case| case.case == "hostile");
    let output = printed(&run);
    assert!(output.contains("cases = [\"hostile\"]"), "{output}");
    assert!(!output.contains("--bless"), "{output}");
}

#[test]
fn a_passing_run_is_short() {
    let output = printed(&sample::passing());
    assert!(output.contains("✓ 1 match"));
    assert!(output.contains("pass (1 comparison in 1 min 1 s, seed 42)"));
    assert!(output.lines().count() < 8, "{output}");
    let page = written(&sample::passing(), "report.html");
    assert!(page.contains("Every answer matched."));
    assert!(!page.contains("Unexpected differences"));
}

#[test]
fn a_partial_run_keeps_the_other_rows_of_the_log() {
    let root = tempfile::tempdir().unwrap();
    report::log::rewrite(&sample::failing(), root.path()).unwrap();
    let first = read(root.path(), "docs/parity.md");
    insta::assert_snapshot!("parity_log", first);

    let mut later = sample::passing();
    later.filtered = true;
    later.started_at = "2026-12-01T00:00:00Z".parse().unwrap();
    later.commit = Some("fedcba9876543210-dirty".to_owned());
    report::log::rewrite(&later, root.path()).unwrap();
    let second = read(root.path(), "docs/parity.md");
    let changed: Vec<(&str, &str)> = first
        .lines()
        .zip(second.lines())
        .filter(|(a, b)| a != b)
        .collect();
    assert_eq!(
        changed,
        [(
            "| extract_json | go | 2026-11-20 | 0123456789ab | pass | line 1/1 |",
            "| extract_json | go | 2026-12-01 | fedcba987654-dirty | pass | line 1/1 |"
        )]
    );

    later.filtered = false;
    report::log::rewrite(&later, root.path()).unwrap();
    let third = read(root.path(), "docs/parity.md");
    assert_eq!(
        third.lines().filter(|line| line.starts_with("| e")).count(),
        1,
        "a full run replaces all rows"
    );
}

#[test]
fn drift_depends_on_the_ledger_alone() {
    let mut pin = sample::pin();
    let text = report::log::drift(std::slice::from_ref(&pin));
    insta::assert_snapshot!("drift", text);
    pin.matched = 0;
    pin.judged = false;
    assert_eq!(report::log::drift(&[pin]), text);
    assert!(report::log::drift(&[]).ends_with("\nNone.\n"));
}

fn read(root: &Path, file: &str) -> String {
    fs::read_to_string(root.join(file)).unwrap()
}

#[test]
fn every_report_lists_survivors() {
    let run = sample::with_survivors(300);
    let report: Value = serde_json::from_str(&written(&run, "report.json")).unwrap();
    assert_eq!(report["mutation"]["killed"], 40);
    assert_eq!(report["mutation"]["total"], 340);
    assert_eq!(
        report["mutation"]["survivors"].as_array().unwrap().len(),
        300
    );
    assert_eq!(report["mutation"]["hidden_by"][0]["count"], 3);
    let junit = Junit::deserialize_from_str(&written(&run, "junit.xml")).unwrap();
    assert_eq!((junit.tests, junit.failures), (2, 1));
    let page = written(&run, "report.html");
    for text in [
        "the comparison missed 300 damaged answers.",
        "300 of 340 damaged answers not detected, 3 more hidden by normalisers",
        "300 times in 1 case",
    ] {
        assert!(page.contains(text), "no `{text}`");
    }
    assert!(!page.contains('\u{1b}') && !page.contains("<b>n</b>"));
    let summary = written(&run, "summary.md");
    assert!(
        summary.contains("| extract_json | line | 40 | 340 | 3 |"),
        "{summary}"
    );
    assert!(
        summary.contains("- not detected: **extract_json**, number plus 1 at"),
        "{summary}"
    );
    let output = printed(&run);
    for text in [
        "300 of 340 damaged answers not detected",
        "not detected: extract_json body:$.rows[0]['<b>n</b>'] number plus 1, 300 times in 1 case",
        "run    cargo xtask parity --surface extract_json --case fenced --mutate",
        "3 hidden in extract_json by body $.elapsed_ms (wall time)",
    ] {
        assert!(output.contains(text), "no `{text}` in {output}");
    }
    assert!(!output.contains("\u{1b}1"), "{output}");
    assert!(output.lines().count() < 40, "{output}");
}

#[test]
fn reports_state_that_all_damage_was_detected() {
    let run = sample::with_survivors(0);
    let sentence = "40 damaged answers, all detected, 3 more hidden by normalisers";
    assert!(printed(&run).contains(sentence));
    assert!(written(&run, "summary.md").contains(sentence));
    assert!(written(&run, "report.html").contains(sentence));
    assert!(!printed(&sample::passing()).contains("damaged"));
    assert!(!written(&sample::passing(), "report.html").contains("id=\"mutation\""));
}
