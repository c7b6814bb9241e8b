//! Every run answers whether an implementation may replace the reference, as `parity verdict` does.

use std::fs;

use serde_json::json;

use crate::support::{ECHO, LINE_PROBE, RunResult, TestRoot};

const CASES: &str = "[[case]]\nname = \"one\"\ninput = '{\"a\":1}'\n";
const OFF_BY_ONE: &str = "while read -r line; do echo '{\"a\":2}'; done";

/// Checks the answer in every report, and that `parity verdict` decides the same.
#[track_caller]
fn answers(root: &TestRoot, ran: &RunResult, wanted: &str) {
    let summary = root.read("target/parity/latest/summary.md");
    let decision = wanted.split(' ').next().unwrap();
    let line = format!("right may replace left: {wanted}");
    assert!(ran.text.contains(&line), "no `{line}` in {}", ran.text);
    let line = format!("- **right** may replace left: **{decision}**");
    assert!(summary.contains(&line), "no `{line}` in {summary}");
    let report = &ran.report["replacements"][0];
    assert_eq!(report["implementation"], "right");
    assert_eq!(report["decision"], decision);
    let verdict = root.run(&["verdict", "--may-replace", "left", "--by", "right"]);
    assert!(
        verdict.text.starts_with(&format!("{decision}\n")),
        "{} instead of {decision}",
        verdict.text
    );
}

/// Two implementations that list their sources, as `parity verdict` requires.
fn pair(left: &str, right: &str) -> TestRoot {
    TestRoot::pair(left, right, CASES).with_sources(&["left", "right"])
}

fn pin(implementation: &str) -> String {
    format!(
        "[[divergence]]\nsurface = \"s\"\ncases = [\"one\"]\npair = [\"left\", \"{implementation}\"]\npath = \"body:$.a\"\nkind = \"value\"\nshapes = [\"number 1\", \"number 2\"]\ncount = 1\nreason = \"it counts from 1\"\ndecision = \"kept\"\nexpires = 2999-01-01\n"
    )
}

#[test]
fn a_full_run_answers_as_the_verdict_does() {
    let root = pair(ECHO, ECHO);
    let ran = root.run(&[]).ends(0, "pass");
    answers(&root, &ran, "yes (every answer matched)");
    assert!(!ran.text.contains("grounds:"), "{}", ran.text);
    assert_eq!(ran.report["replacements"][0]["reasons"], json!([]));

    let root = pair(ECHO, OFF_BY_ONE);
    let ran = root.run(&[]).ends(3, "fail");
    answers(&root, &ran, "no (1 case differs)");
    assert_eq!(ran.report["replacements"][0]["reasons"], json!([]));
    assert!(
        ran.text.contains("verdict --may-replace left --by right"),
        "{}",
        ran.text
    );

    let root = pair(ECHO, OFF_BY_ONE).file("fixtures/divergences.toml", &pin("right"));
    let ran = root.run(&[]).ends(0, "pass");
    answers(&root, &ran, "yes (1 accepted difference)");

    let root = pair(ECHO, "while read -r line; do echo no; done");
    let ran = root.run(&[]).ends(4, "inconclusive");
    answers(&root, &ran, "unknown (1 case not compared)");
}

#[test]
fn every_surface_is_judged_by_its_own_cases() {
    for (right, code, verdict, wanted) in [
        (
            "echo no",
            4,
            "inconclusive",
            "unknown (1 case not compared)",
        ),
        ("echo 2", 3, "fail", "no (1 case differs)"),
    ] {
        let script = format!(
            "while read -r line; do if [ \"$line\" = 1 ]; then {right}; else echo \"$line\"; fi; done"
        );
        let root = pair(ECHO, &script)
            .probe("t", LINE_PROBE)
            .cases("t", &CASES.replace("{\"a\":1}", "1"));
        for name in ["left", "right"] {
            let file = format!("fixtures/implementations/{name}.toml");
            root.write(&file, &(root.read(&file) + "t = [\"line\"]\n"));
        }
        let ran = root.run(&[]).ends(code, verdict);
        answers(&root, &ran, wanted);
    }
}

#[test]
fn nothing_to_compare_is_unknown() {
    let root = pair(ECHO, ECHO).probe("t", LINE_PROBE).cases("t", "");
    for name in ["left", "right"] {
        let file = format!("fixtures/implementations/{name}.toml");
        root.write(&file, &(root.read(&file) + "t = [\"line\"]\n"));
    }
    let ran = root.run(&[]).ends(4, "inconclusive");
    answers(&root, &ran, "unknown (`t` (line): not compared)");

    let none = "language = \"sh\"\n[surfaces]\n";
    let root = TestRoot::new()
        .file("fixtures/implementations/left.toml", none)
        .file("fixtures/implementations/right.toml", none);
    let ran = root.run(&[]).ends(4, "inconclusive");
    let reasons = &ran.report["replacements"][0]["reasons"];
    assert_eq!(*reasons, json!(["nothing was compared"]));
}

#[test]
fn a_missing_surface_is_a_no() {
    let root = pair(ECHO, ECHO).probe("t", LINE_PROBE).cases("t", CASES);
    let file = "fixtures/implementations/left.toml";
    let text = root.read(file) + "t = [\"line\"]\n";
    root.write(file, &text);
    let ran = root.run(&["--surface", "s"]);
    answers(&root, &ran, "no (lacks 1 surface)");
    assert_eq!(ran.report["replacements"][0]["lacks"][0], "t");
}

#[test]
fn a_partial_run_does_not_say_yes() {
    let root = pair(ECHO, ECHO);
    for arguments in [
        ["--surface", "s"],
        ["--case", "one"],
        ["--implementation", "right"],
    ] {
        let ran = root.run(&arguments).ends(0, "pass");
        answers(&root, &ran, "unknown (the run was limited to a part)");
    }
    let root = pair(ECHO, OFF_BY_ONE);
    let ran = root.run(&["--case", "one"]).ends(3, "fail");
    answers(
        &root,
        &ran,
        "unknown (the run was limited to a part; 1 case differs)",
    );
}

#[test]
fn a_recording_does_not_say_yes() {
    let root = pair(ECHO, ECHO);
    root.run(&["--record", "right"]).ends(0, "pass");
    let file = "fixtures/implementations/right.toml";
    let text = root
        .read(file)
        .replace("[\"sh\"]", "[\"no-such-toolchain\"]");
    root.write(file, &text);
    let ran = root.run(&[]).ends(0, "pass");
    answers(
        &root,
        &ran,
        "unknown (`right` did not run; its recording was compared)",
    );
}

#[test]
fn the_failure_of_one_implementation_does_not_concern_another() {
    let root = TestRoot::pair(ECHO, ECHO, CASES)
        .helper("third", ECHO)
        .with_sources(&["left", "right", "third"]);
    root.write("fixtures/divergences.toml", &pin("third"));
    let ran = root.run(&[]).ends(3, "fail");
    answers(&root, &ran, "yes (every answer matched)");
    let third = &ran.report["replacements"][1];
    assert_eq!(third["implementation"], "third");
    assert_eq!(third["decision"], "unknown");
    assert!(
        ran.text
            .contains("third may replace left: unknown (fixtures/divergences.toml:1: the pin of"),
        "{}",
        ran.text
    );
    let verdict = root.run(&["verdict", "--may-replace", "left", "--by", "third"]);
    assert_eq!(verdict.code, Some(4), "{}", verdict.text);
}

#[test]
fn a_source_that_changes_during_the_run_is_not_a_yes() {
    let meddler = format!("printf '\\n# other' >> {{}}/right.sh\n{ECHO}");
    let root = pair(ECHO, ECHO);
    let folder = root.path("");
    root.write(
        "left.sh",
        &meddler.replace("{}", &folder.display().to_string()),
    );
    let ran = root.run(&[]);
    assert!(ran.text.contains("evidence not written"), "{}", ran.text);
    assert!(
        ran.text.contains("right may replace left: unknown (a source, a case or the ledger changed during the run)"),
        "{}",
        ran.text
    );
    assert!(!fs::exists(root.path("target/parity/latest/evidence.json")).unwrap());
}
