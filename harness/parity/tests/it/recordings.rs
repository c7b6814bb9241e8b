//! Recordings replace implementations that cannot run.

use crate::support::{ECHO, LINE_PROBE, TestRoot};

const CASES: &str = "[[case]]\nname = \"one\"\ninput = '{\"a\":1}'\n[[case]]\nname = \"two\"\ninput = '{\"a\":2}'\n";
const DESCRIPTION: &str = "fixtures/implementations/right.toml";
const RECORDING: &str = "fixtures/recordings/right/s.jsonl";

/// A root with a recording of `right`, which can no longer run.
fn recorded() -> TestRoot {
    let root = TestRoot::pair(ECHO, ECHO, CASES);
    let ran = root.run(&["--record", "right"]).ends(0, "pass");
    assert_eq!(ran.list("notices"), ["`s` of `right` was recorded"]);
    remove_toolchain(&root);
    root
}

fn remove_toolchain(root: &TestRoot) {
    let text = root.read(DESCRIPTION);
    root.write(
        DESCRIPTION,
        &text.replace("requires = [\"sh\"]", "requires = [\"no-such-toolchain\"]"),
    );
}

#[test]
fn a_recording_replaces_a_missing_toolchain() {
    let root = recorded();
    let header = root.read(RECORDING).lines().next().unwrap().to_owned();
    assert!(header.contains("\"implementation\":\"right\""), "{header}");
    let ran = root.run(&[]).ends(0, "pass");
    assert_eq!(ran.report["implementations"][1]["kind"], "recorded");
    assert_eq!(ran.report["results"][0]["kind"], "recorded");
    let notice = ran.list("notices").concat();
    assert!(
        notice.starts_with("right: `no-such-toolchain` is not on PATH; using the recording of 20"),
        "{notice}"
    );
    assert!(ran.text.contains("using the recording of"), "{}", ran.text);
}

#[test]
fn recorded_answers_are_compared() {
    let root = recorded();
    let text = root.read(RECORDING);
    root.write(
        RECORDING,
        &text.replacen("{\\\"a\\\":1}", "{\\\"a\\\":9}", 1),
    );
    let ran = root.run(&[]).ends(3, "fail");
    assert_eq!(ran.differences("one"), ["body:$.a value"]);
}

#[test]
fn require_rejects_a_recording() {
    let ran = recorded()
        .run(&["--require", "right"])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.list("inconclusive"),
        ["`right` is required live, but `no-such-toolchain` is not on PATH"]
    );
    TestRoot::pair(ECHO, ECHO, CASES)
        .run(&["--require", "right"])
        .ends(0, "pass");
}

#[test]
fn a_missing_toolchain_without_recording_is_inconclusive() {
    let root = TestRoot::pair(ECHO, ECHO, CASES).helper("third", ECHO);
    remove_toolchain(&root);
    let ran = root.run(&[]).ends(4, "inconclusive");
    assert!(
        ran.list("inconclusive").contains(
            &"`right` cannot run on `s`: `no-such-toolchain` is not on PATH, and there is no recording".to_owned()
        ),
        "{ran:#?}"
    );
    assert!(
        ran.outcome("one")
            .starts_with("skipped: `right` cannot run"),
        "{ran:#?}"
    );
    assert_eq!(ran.case("one", "third")["verdict"], "match");
}

#[test]
fn changed_and_added_cases_make_a_recording_stale() {
    let root = recorded();
    let more = format!(
        "{}[[case]]\nname = \"three\"\ninput = '3'\n",
        CASES.replace("{\"a\":1}", "{\"a\":1 }")
    );
    root.write("fixtures/probes/s/cases/all.toml", &more);
    let ran = root.run(&[]).ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("one"),
        "invalid: stale recording: the case has changed since `right` was recorded; record it again with `--record right`"
    );
    assert_eq!(ran.outcome("two"), "match: ");
    assert!(
        ran.outcome("three")
            .starts_with("invalid: the recording of `right` does not have this case")
    );
}

#[test]
fn a_broken_recording_is_rejected_with_its_line() {
    let root = recorded();
    let text = root.read(RECORDING);
    root.write(RECORDING, &text.replacen("\"step\":0", "\"step\":1", 1));
    root.run(&[]).refuses(&[
        "line 2 of the recording",
        "the steps are out of order",
        "--record right",
    ]);
    root.write(
        RECORDING,
        &text.replacen("\"surface\":\"s\"", "\"surface\":\"t\"", 1),
    );
    root.run(&[]).refuses(&["line 1 of the recording"]);
}

#[test]
fn only_working_implementations_are_recorded() {
    let root = TestRoot::pair(ECHO, ECHO, CASES);
    remove_toolchain(&root);
    root.run(&["--record", "right"])
        .refuses(&["`right` cannot be recorded: `no-such-toolchain` is not on PATH"]);

    let root = TestRoot::pair(ECHO, "read -r line; exit 1", CASES);
    let ran = root.run(&["--record", "right"]);
    assert_eq!(ran.code, Some(4), "{ran:#?}");
    assert!(
        ran.list("inconclusive")
            .concat()
            .contains("`s` of `right` was not recorded"),
        "{ran:#?}"
    );
    assert!(!root.path(RECORDING).exists());
}

#[test]
fn values_in_a_recording_are_checked_before_they_are_hidden() {
    let root = recorded();
    let text = root.read(RECORDING);
    root.write(
        RECORDING,
        &text.replacen("{\\\"a\\\":1}", "{\\\"a\\\":-1}", 1),
    );
    root.write(
        "fixtures/probes/s/probe.toml",
        &format!(
            "{LINE_PROBE}[[normalise]]\non = \"body\"\npath = \"$.a\"\nmust_be = \"number>=0\"\naction = \"replace\"\nreason = \"r\"\n"
        ),
    );
    let ran = root.run(&[]).ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("one"),
        "invalid: `right`: `body:$.a` is not a number of at least 0: `-1`"
    );
    assert_eq!(ran.outcome("two"), "match: ");
}
