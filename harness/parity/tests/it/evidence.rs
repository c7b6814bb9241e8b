//! `parity verdict`: yes, no or unknown, from the evidence of a full run.

use std::fs;
use std::process::Command;

use crate::support::{ECHO, RunResult, TestRoot};

const CASES: &str = "[[case]]\nname = \"one\"\ninput = '{\"a\":1}'\n";
const OFF_BY_ONE: &str = "while read -r line; do echo '{\"a\":2}'; done";

/// Two implementations that list their sources.
fn pair(left: &str, right: &str) -> TestRoot {
    TestRoot::pair(left, right, CASES).with_sources(&["left", "right"])
}

fn ask(root: &TestRoot) -> RunResult {
    root.run(&["verdict", "--may-replace", "left", "--by", "right"])
}

#[track_caller]
fn says(ran: &RunResult, code: i32, wanted: &[&str]) {
    assert_eq!(ran.code, Some(code), "{}", ran.text);
    for wanted in wanted {
        assert!(ran.text.contains(wanted), "no `{wanted}` in {}", ran.text);
    }
}

#[test]
fn equal_answers_allow_replacement() {
    let root = pair(ECHO, ECHO);
    says(&ask(&root), 4, &["unknown\n", "a full run writes it"]);
    root.run(&[]).ends(0, "pass");
    says(
        &ask(&root),
        0,
        &[
            "yes\n",
            "`s` (line): 1 case equal, 0 with accepted differences",
        ],
    );
    // The same pair in the other direction.
    let back = root.run(&["verdict", "--may-replace", "right", "--by", "left"]);
    says(&back, 0, &["yes\n"]);
}

#[test]
fn a_difference_forbids_replacement() {
    let root = pair(ECHO, OFF_BY_ONE);
    root.run(&[]).ends(3, "fail");
    says(&ask(&root), 3, &["no\n", "`s` (line): 1 case differs"]);
}

fn pin(implementation: &str, expires: &str) -> String {
    format!(
        "[[divergence]]\nsurface = \"s\"\ncases = [\"one\"]\npair = [\"left\", \"{implementation}\"]\npath = \"body:$.a\"\nkind = \"value\"\nshapes = [\"number 1\", \"number 2\"]\ncount = 1\nreason = \"it counts from 1\"\ndecision = \"kept\"\nexpires = {expires}\n"
    )
}

#[test]
fn a_yes_lists_the_pins_it_depends_on() {
    let root = pair(ECHO, OFF_BY_ONE);
    root.write("fixtures/divergences.toml", &pin("right", "2999-01-01"));
    root.run(&[]).ends(0, "pass");
    says(
        &ask(&root),
        0,
        &[
            "yes\n",
            "0 cases equal, 1 with accepted differences",
            "depends on these accepted differences",
            "`s`: `body:$.a` value, 1 time: it counts from 1 (kept; until 2999-01-01)",
        ],
    );
    // The evidence does not cover a pin that changed after the run.
    root.write("fixtures/divergences.toml", &pin("right", "2999-01-02"));
    says(
        &ask(&root),
        4,
        &["the accepted differences changed since the run of"],
    );
}

#[test]
fn a_yes_does_not_depend_on_the_pins_of_another_implementation() {
    let root = TestRoot::pair(ECHO, ECHO, CASES)
        .helper("third", OFF_BY_ONE)
        .with_sources(&["left", "right", "third"])
        .file("fixtures/divergences.toml", &pin("third", "2999-01-01"));
    root.run(&[]).ends(0, "pass");
    let ran = ask(&root);
    assert_eq!(
        ran.text,
        "yes\ncompared\n  `s` (line): 1 case equal, 0 with accepted differences\n"
    );
}

#[test]
fn every_implementation_has_its_own_version() {
    let root = pair(ECHO, ECHO);
    let file = "fixtures/implementations/right.toml";
    let text = root.read(file);
    root.write(
        file,
        &text.replace("version_text = \"1\"", "version_text = \"2\""),
    );
    root.run(&[]).ends(0, "pass");
    says(&ask(&root), 0, &["yes\n"]);
}

#[test]
fn a_changed_file_makes_the_verdict_unknown() {
    for (file, text, wanted) in [
        ("right.sh", "cat", "`right` changed since the run of"),
        ("left.sh", "cat", "`left` changed since the run of"),
        (
            "fixtures/probes/s/cases/all.toml",
            "[[case]]\nname = \"one\"\ninput = '{\"a\":3}'\n",
            "the cases and probes changed since the run of",
        ),
        (
            "fixtures/probes/s/probe.toml",
            "about = \"y\"\ntransports = [\"line\"]\n",
            "the cases and probes changed since the run of",
        ),
        (
            "fixtures/divergences.toml",
            "# nothing\n",
            "the accepted differences changed since the run of",
        ),
    ] {
        let root = pair(ECHO, ECHO);
        root.run(&[]).ends(0, "pass");
        says(&ask(&root), 0, &["yes"]);
        root.write(file, text);
        says(&ask(&root), 4, &["unknown\n", wanted]);
    }
}

#[test]
fn a_changed_version_makes_the_verdict_unknown() {
    let root = pair(ECHO, ECHO);
    let file = "fixtures/implementations/right.toml";
    let text = root.read(file).replace(
        "version_text = \"1\"",
        "version = [\"cat\", \"version.txt\"]",
    );
    root.write(file, &text);
    root.write("version.txt", "1\n");
    root.run(&[]).ends(0, "pass");
    says(&ask(&root), 0, &["yes"]);
    root.write("version.txt", "2\n");
    says(&ask(&root), 4, &["`right` is now `2`; in the run of"]);
    fs::remove_file(root.path("version.txt")).unwrap();
    says(&ask(&root), 4, &["the version command of `right` fails"]);
}

#[test]
fn an_unrelated_change_keeps_the_verdict() {
    let root = pair(ECHO, ECHO);
    root.run(&[]).ends(0, "pass");
    root.write("README.md", "other");
    says(&ask(&root), 0, &["yes"]);
}

#[test]
fn a_filtered_run_is_not_evidence() {
    let root = pair(ECHO, ECHO);
    root.run(&["--surface", "s"]).ends(0, "pass");
    says(&ask(&root), 4, &["there is no evidence"]);
}

#[test]
fn invalid_cases_and_broken_ledgers_make_the_verdict_unknown() {
    let root = pair(ECHO, "while read -r line; do echo no; done");
    root.run(&[]).ends(4, "inconclusive");
    says(&ask(&root), 4, &["1 case not compared"]);
    let root = pair(ECHO, ECHO);
    root.write(
        "fixtures/divergences.toml",
        "[[divergence]]\nsurface = \"s\"\ncases = [\"one\"]\npair = [\"left\", \"right\"]\npath = \"body:$.a\"\nkind = \"value\"\nshapes = [\"number 1\", \"number 2\"]\ncount = 1\nreason = \"x\"\ndecision = \"x\"\nexpires = 2999-01-01\n",
    );
    root.run(&[]).ends(3, "fail");
    says(&ask(&root), 4, &["no longer occurs"]);
}

#[test]
fn a_missing_surface_forbids_replacement_without_a_run() {
    let root = pair(ECHO, ECHO)
        .probe("t", crate::support::LINE_PROBE)
        .cases("t", CASES);
    let file = "fixtures/implementations/left.toml";
    let text = root.read(file) + "t = [\"line\"]\n";
    root.write(file, &text);
    says(&ask(&root), 3, &["no\n", "`right` lacks `t` (line)"]);
    let one = root.run(&[
        "verdict",
        "--may-replace",
        "left",
        "--by",
        "right",
        "--surface",
        "s",
    ]);
    says(&one, 4, &["there is no evidence"]);
}

#[test]
fn unlisted_sources_are_unknown_outside_git() {
    let root = TestRoot::pair(ECHO, ECHO, CASES);
    root.run(&[]).ends(0, "pass");
    says(&ask(&root), 4, &["changes of `left` cannot be detected"]);
}

#[test]
fn a_clean_commit_identifies_unlisted_sources() {
    let root = TestRoot::pair(ECHO, ECHO, CASES).file(".gitignore", "target\ntmp\n");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        let mut command = Command::new("git");
        command.args(identity).args(arguments);
        let output = command.current_dir(root.path("")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "x"]);
    root.run(&[]).ends(0, "pass");
    says(&ask(&root), 0, &["yes\n"]);

    root.write("note", "uncommitted");
    root.run(&[]).ends(0, "pass");
    says(&ask(&root), 4, &["changes of `left` cannot be detected"]);
}

#[test]
fn a_pair_that_is_never_compared_is_unknown() {
    let root = pair(ECHO, ECHO).helper("third", ECHO);
    root.run(&[]).ends(0, "pass");
    let ran = root.run(&["verdict", "--may-replace", "right", "--by", "third"]);
    says(
        &ran,
        4,
        &["are not compared with each other, only with `left`"],
    );
}

#[test]
fn unknown_names_are_rejected() {
    let root = pair(ECHO, ECHO);
    root.run(&["verdict", "--may-replace", "lef", "--by", "right"])
        .refuses(&["unknown implementation `lef`", "did you mean `left`?"]);
    root.run(&["verdict", "--may-replace", "left", "--by", "left"])
        .refuses(&["`left` cannot replace itself"]);
    let text = root
        .read("fixtures/implementations/left.toml")
        .replace("left.sh\"]\n[", "gone.sh\"]\n[");
    root.write("fixtures/implementations/left.toml", &text);
    root.run(&[])
        .refuses(&["`gone.sh`, a source of `left`, is missing"]);
}
