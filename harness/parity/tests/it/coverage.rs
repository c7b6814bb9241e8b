//! The coverage of a run, and the ratchet that keeps it from shrinking.

use serde_json::Value;

use crate::support::{ECHO, LINE_PROBE, RunResult, TestRoot};

const CASES: &str = "[[case]]\nname = \"one\"\ninput = '{\"a\":1,\"n\":null,\"l\":[{\"x\":1},{\"x\":2}]}'\n[[case]]\nname = \"two\"\nexpect = \"error\"\ninput = '{\"error\":\"no\"}'\n";
const GUARD: &str = "[guard]\nerror_when = { path = \"$.error\" }\n";

fn root() -> TestRoot {
    TestRoot::pair(ECHO, ECHO, CASES).probe("s", &format!("{LINE_PROBE}{GUARD}"))
}

fn coverage(ran: &RunResult) -> &Value {
    &ran.report["coverage"][0]
}

fn texts(value: &Value) -> Vec<&str> {
    let list = value.as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn places_are_folded_and_classified() {
    let probe = format!(
        "{LINE_PROBE}{GUARD}[[normalise]]\non = \"body\"\npath = \"$.t\"\nmust_be = \"text\"\naction = \"replace\"\nreason = \"x\"\n[coverage]\nanswers = [\"line ok\", \"line failure\"]\n"
    );
    let cases = CASES.replace("{\"a\":1,", "{\"a\":1,\"t\":\"x\",");
    let right = "sed -u s/\\\"x\\\",/\\\"y\\\",/";
    let ran = TestRoot::pair(ECHO, right, &cases)
        .probe("s", &probe)
        .run(&[])
        .ends(0, "pass");
    let coverage = coverage(&ran);
    assert_eq!(coverage["routes"], 1);
    assert_eq!(coverage["answers"], 2);
    let compared = &coverage["places"]["line ok"];
    for (path, depth) in [
        ("body:$", "compared"),
        ("body:$.a", "compared"),
        ("body:$.l[*].x", "compared"),
        ("body:$.n", "null"),
        ("body:$.t", "hidden"),
    ] {
        assert_eq!(compared[path], depth, "{path}");
    }
    assert_eq!(coverage["places"]["line error"]["body:$.error"], "compared");
    assert_eq!(texts(&coverage["hidden"]), ["line ok body:$.t"]);
    assert_eq!(texts(&coverage["null"]), ["line ok body:$.n"]);
    assert_eq!(texts(&coverage["unreached"]), ["line failure"]);
    assert_eq!(coverage["judged"], true);
}

#[test]
fn invalid_cases_compare_nothing() {
    let right = "while read -r line; do case $line in *error*) echo \"$line\";; *) echo '{\"error\":1,\"z\":1}';; esac; done";
    let cases = "[[case]]\nname = \"one\"\nexpect = \"error\"\ninput = '{\"error\":1}'\n[[case]]\nname = \"two\"\ninput = '{\"error\":2,\"z\":1}'\n";
    let ran = TestRoot::pair(ECHO, right, cases)
        .probe("s", &format!("{LINE_PROBE}{GUARD}"))
        .run(&[])
        .ends(4, "inconclusive");
    let coverage = coverage(&ran);
    assert_eq!(texts(&coverage["unreached"]), ["line error body:$.z"]);
    assert_eq!(coverage["judged"], false);
}

#[test]
fn opaque_values_are_one_place() {
    let ran = root()
        .probe(
            "s",
            &format!("{LINE_PROBE}{GUARD}[coverage]\nopaque = [\"body:$.l\"]\n"),
        )
        .run(&[]);
    let places = &coverage(&ran)["places"]["line ok"];
    assert_eq!(places["body:$.l"], "compared");
    assert_eq!(places["body:$.l[*]"], Value::Null);
}

#[test]
fn lost_coverage_fails_and_is_named() {
    let root = root();
    root.run(&["--bless", "--yes", "first"]).ends(0, "pass");
    let ratchet = root.read("fixtures/coverage.toml");
    assert!(
        ratchet.starts_with("# The paths that the probes compare"),
        "{ratchet}"
    );
    assert!(
        ratchet.contains("[s.\"line ok\"]\ncompared = [\n"),
        "{ratchet}"
    );
    root.run(&[]).ends(0, "pass");

    // A value that is now always null, a lost place, and a lost answer.
    for (cases, lost) in [
        (
            CASES.replace("\"a\":1", "\"a\":null"),
            "`line ok body:$.a` (always null)",
        ),
        (CASES.replace("\"a\":1,", ""), "`line ok body:$.a`"),
        (
            CASES[..CASES.rfind("[[case]]").unwrap()].to_owned(),
            "`line error`",
        ),
    ] {
        let root = root_with(&cases, &ratchet);
        let ran = root.run(&[]).ends(3, "fail");
        assert_eq!(
            ran.list("ledger_failures"),
            [format!("`s` compares less than before: {lost}")]
        );
        // A filtered run does not check the rest.
        root.run(&["--case", "one"]).ends(0, "pass");
    }
}

fn root_with(cases: &str, ratchet: &str) -> TestRoot {
    root()
        .cases("s", cases)
        .file("fixtures/coverage.toml", ratchet)
}

#[test]
fn a_normaliser_that_hides_what_was_compared_fails() {
    let root = root();
    root.run(&["--bless", "--yes", "first"]);
    let ratchet = root.read("fixtures/coverage.toml");
    let probe = format!(
        "{LINE_PROBE}{GUARD}[[normalise]]\non = \"body\"\npath = \"$.a\"\nmust_be = \"number>=0\"\naction = \"replace\"\nreason = \"x\"\n"
    );
    let right = "sed -u s/:1,/:2,/";
    let ran = TestRoot::pair(ECHO, right, CASES)
        .probe("s", &probe)
        .file("fixtures/coverage.toml", &ratchet)
        .run(&[])
        .ends(3, "fail");
    assert_eq!(
        ran.list("ledger_failures"),
        ["`s` compares less than before: `line ok body:$.a` (always hidden)"]
    );
}

#[test]
fn new_coverage_is_reported_and_written_by_bless() {
    let root = root();
    root.run(&["--bless", "--yes", "first"]);
    let ratchet = root.read("fixtures/coverage.toml");
    let root = root_with(&CASES.replace("\"a\":1", "\"a\":1,\"b\":1"), &ratchet);
    let ran = root.run(&[]).ends(0, "pass");
    let notices = ran.list("notices").join("\n");
    assert!(
        notices.contains("`s` compares more than `fixtures/coverage.toml` lists: `line ok body:$.b`; add it with `--bless`"),
        "{notices}"
    );
    root.run(&["--bless", "--yes", "more"]);
    assert!(root.read("fixtures/coverage.toml").contains("body:$.b"));
    assert!(!root.run(&[]).text.contains("compares more"));
}

#[test]
fn an_accepted_loss_keeps_its_reason() {
    let root = root();
    root.run(&["--bless", "--yes", "first"]);
    let ratchet = root.read("fixtures/coverage.toml") + "\n# Kept.\n";
    let root = root_with(&CASES.replace("\"a\":1,", ""), &ratchet);
    let ran = root.run(&["--bless", "--yes", "it is not sent any more"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let after = root.read("fixtures/coverage.toml");
    assert!(after.contains("# it is not sent any more\n"), "{after}");
    assert!(!after.contains("body:$.a"), "{after}");
    assert!(after.contains("# Kept."), "{after}");
    root.run(&[]).ends(0, "pass");
}

#[test]
fn unknown_names_in_the_ratchet_are_rejected() {
    root()
        .file("fixtures/coverage.toml", "[t.\"line ok\"]\ncompared = []\n")
        .run(&[])
        .refuses(&[
            "unknown surface `t` in `fixtures/coverage.toml`",
            "known names: `s`",
        ]);
    root()
        .file("fixtures/coverage.toml", "[s.\"line ok\"]\ncomparde = []\n")
        .run(&[])
        .refuses(&["unknown key `comparde`"]);
}
