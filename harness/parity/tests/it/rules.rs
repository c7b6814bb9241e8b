//! Rules accept a systematic difference: as precise as pins about the place, and still checked.

use crate::support::{ECHO, RunResult, TestRoot};

/// Numbers become strings.
const QUOTES: &str = "sed -u 's/\"a\":\\([0-9][0-9]*\\)/\"a\":\"\\1\"/'";

fn case(name: &str, input: &str) -> String {
    format!("[[case]]\nname = \"{name}\"\ninput = '{input}'\n")
}

/// Three cases with different values.
fn root(right: &str, rules: &[String]) -> TestRoot {
    let cases = ["1", "2", "3"].map(|n| case(&format!("n{n}"), &format!("{{\"a\":{n}}}")));
    TestRoot::pair(ECHO, right, &cases.concat()).file("fixtures/divergences.toml", &rules.concat())
}

fn rule() -> String {
    "[[divergence]]\nsurface = \"s\"\ncases = [\"*\"]\npair = [\"left\", \"right\"]\npath = \"body:$.a\"\nkind = \"type\"\nshapes = [\"any number\", \"any string\"]\nreason = \"it sends text\"\ndecision = \"kept\"\nexpires = 2999-01-01\n".to_owned()
}

#[track_caller]
fn fails_with(ran: RunResult, message: &str) {
    let ran = ran.ends(3, "fail");
    let found = ran.list("ledger_failures");
    assert!(found.iter().any(|found| found == message), "{found:#?}");
}

#[test]
fn a_rule_accepts_and_counts_a_systematic_difference() {
    let root = root(QUOTES, &[rule()]).file("docs/drift.md", "");
    let ran = root.run(&["--log"]).ends(0, "pass");
    let outcome = &ran.report["divergences"][0];
    assert_eq!(outcome["matched"], 3);
    assert_eq!(outcome["matched_cases"], 3);
    let sentence = "the rule in `fixtures/divergences.toml:1` accepted 3 differences in 3 cases: `body:$.a` different type for `right` (it sends text)";
    assert!(ran.text.contains(sentence), "{}", ran.text);
    let summary = root.read("target/parity/summary.md");
    assert!(
        summary.contains("accepted 3 differences in 3 cases"),
        "{summary}"
    );
    let drift = root.read("docs/drift.md");
    assert!(
        drift.contains("- any number of differences in `*`\n- when written: accepted 3 differences in 3 cases\n"),
        "{drift}"
    );

    // A new case needs no new entry.
    let more = [
        root.read("fixtures/probes/s/cases/all.toml"),
        case("n4", "{\"a\":4}"),
    ];
    root.write("fixtures/probes/s/cases/all.toml", &more.concat());
    let ran = root.run(&[]).ends(0, "pass");
    assert_eq!(ran.outcome("n4"), "known: ");
}

#[test]
fn a_rule_hides_no_other_difference() {
    for (other, path) in [
        // Another type, another place, another kind at the same place.
        ("\"a\":true", "body:$.a type"),
        ("\"b\":\"2\"", "body:$.b extra"),
        ("\"a\":9", "body:$.a value"),
        ("\"a\":{\"a\":\"2\"}", "body:$.a type"),
        ("\"a\":[\"2\"]", "body:$.a type"),
    ] {
        let right = format!("{QUOTES} | sed -u 's/\"a\":\"2\"/{other}/'");
        let ran = root(&right, &[rule()]).run(&[]).ends(3, "fail");
        assert_eq!(ran.outcome("n1"), "known: ");
        assert_eq!(ran.outcome("n2"), "diverged: ", "{right}");
        let found = ran.differences("n2");
        assert!(found.iter().any(|found| found == path), "{found:?}");
    }
}

#[test]
fn a_rule_must_still_be_true() {
    fails_with(
        root(ECHO, &[rule()]).run(&[]),
        "the rule of `body:$.a` (`s`, left and right, `type`) no longer occurs",
    );
    let expired = rule().replace("2999", "2020");
    fails_with(
        root(QUOTES, &[expired]).run(&[]),
        "the rule of `body:$.a` (`s`, left and right, `type`) expired on 2020-01-01",
    );
    let counted = |count: &str| rule().replace("reason", &format!("count = {count}\nreason"));
    for (count, edit) in [
        ("3", None),
        ("[1, 3]", None),
        ("2", Some("count = 3")),
        ("[1, 2]", Some("count = [1, 3]")),
        ("[4, 9]", Some("count = [3, 9]")),
    ] {
        let ran = root(QUOTES, &[counted(count)]).run(&[]);
        match edit {
            None => drop(ran.ends(0, "pass")),
            Some(edit) => assert_eq!(ran.ends(3, "fail").edits(), [edit], "{count}"),
        }
    }
    // One case cannot show that a rule is not needed.
    root(ECHO, &[rule()]).run(&["--case", "n1"]).ends(0, "pass");
}

#[test]
fn a_pattern_selects_cases() {
    let cases = rule().replace("\"*\"", "\"n[12]\"");
    let ran = root(QUOTES, &[cases]).run(&[]).ends(3, "fail");
    assert_eq!(ran.outcome("n2"), "known: ");
    assert_eq!(ran.outcome("n3"), "diverged: ");
}

#[test]
fn exact_pins_win_over_rules() {
    let pin = rule()
        .replace("\"*\"", "\"n1\"")
        .replace("\"any number\", \"any string\"", "\"number 1\", '\"1\"'")
        .replace("reason", "count = 1\nreason");
    let ran = root(QUOTES, &[rule(), pin]).run(&[]).ends(0, "pass");
    assert_eq!(ran.report["divergences"][0]["matched"], 2);
    assert_eq!(ran.report["divergences"][1]["matched"], 1);
}

#[test]
fn two_rules_for_one_difference_are_reported() {
    let other = rule().replace("\"*\"", "\"n1\"");
    fails_with(
        root(QUOTES, &[rule(), other]).run(&[]),
        "the rule of `body:$.a` (`s`, left and right, `type`) and the rule in line 1 both match `body:$.a` of case `n1`",
    );
}

#[test]
fn rules_that_could_hide_other_differences_are_rejected() {
    for (from, to, message) in [
        ("body:$.a", "body:$..*", "a rule cannot match at any depth"),
        ("body:$.a", "body:$..a", "a rule cannot match at any depth"),
        (
            "body:$.a",
            "body:$",
            "needs the path of a member or of a header",
        ),
        (
            "body:$.a",
            "body:$[*]",
            "needs the path of a member or of a header",
        ),
        (
            "body:$.a",
            "body",
            "needs the path of a member or of a header",
        ),
        (
            "\"any string\"",
            "\"any thing\"",
            "`any thing` names no type",
        ),
        (
            "\"type\"",
            "\"status\"",
            "a rule for the kind `status` needs both shapes exactly",
        ),
        ("\"*\"", "\"m*\"", "no case of `s` matches `m*`"),
        ("\"*\"", "\"n[\"", "`n[` is not a pattern of names"),
        ("reason", "count = 0\nreason", "a count of at least 1"),
        ("reason", "count = [3, 2]\nreason", "a count of at least 1"),
        (
            "reason",
            "count = \"many\"\nreason",
            "a number such as `3`, or a range such as `[3, 10]`",
        ),
        ("path = \"body:$.a\"\n", "", "`path` is missing"),
    ] {
        assert!(rule().contains(from));
        root(QUOTES, &[rule().replace(from, to)])
            .run(&[])
            .refuses(&[message, "fixtures/divergences.toml"]);
    }
    // Without a pattern or a type, an entry is exact.
    let exact = rule()
        .replace("\"*\"", "\"n1\"")
        .replace("any number", "number 1")
        .replace("any string", "number 2");
    root(QUOTES, &[exact])
        .run(&[])
        .refuses(&["a pin needs a `count`, which is a number"]);
}

#[test]
fn a_verdict_names_the_rules_it_depends_on() {
    let root = root(QUOTES, &[rule()]);
    for name in ["left", "right"] {
        let file = format!("fixtures/implementations/{name}.toml");
        let sources = format!("sources = [\"{name}.sh\"]\n[helper]");
        root.write(&file, &root.read(&file).replace("[helper]", &sources));
    }
    root.run(&[]).ends(0, "pass");
    let ran = root.run(&["verdict", "--may-replace", "left", "--by", "right"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    for wanted in [
        "0 cases equal, 3 with accepted differences",
        "`s`: rule of line 1: `body:$.a` type, 3 times: it sends text (kept; until 2999-01-01)",
    ] {
        assert!(ran.text.contains(wanted), "no `{wanted}` in {}", ran.text);
    }
}
