//! Answers that change between identical requests.

use crate::support::{ECHO, LINE_PROBE, TestRoot};

const ONE: &str = "[[case]]\nname = \"one\"\ninput = '{\"a\":1}'\n";

/// A root whose `right` gives its own answer, with `$n` as the number of its start.
fn counting(answer: &str) -> TestRoot {
    let root = TestRoot::pair(ECHO, "", ONE);
    let starts = root.path("starts");
    let script = format!(
        "echo >> {0}\nn=$(wc -l < {0})\nwhile read -r line; do {answer}; done",
        starts.display()
    );
    root.write("right.sh", &script);
    root
}

#[test]
fn noise_runs_find_what_changes_later() {
    let answer = "if [ $n -eq 3 ]; then echo '{\"a\":2}'; else echo \"$line\"; fi";
    counting(answer).run(&[]).ends(0, "pass");
    let ran = counting(answer)
        .probe("s", &format!("{LINE_PROBE}noise_runs = 3\n"))
        .run(&[])
        .ends(4, "inconclusive");
    let outcome = ran.outcome("one");
    assert!(
        outcome.starts_with("invalid: `right` differs from itself")
            && outcome.ends_with(": `body:$.a` (number 1 | number 2)"),
        "{outcome}"
    );
    let noise = &ran.case("one", "right")["noise"][0];
    assert_eq!(noise["values"], serde_json::json!(["number 1", "number 2"]));
    assert!(
        ran.list("inconclusive")
            .contains(&"1 case could not be compared (1 unstable)".to_owned()),
        "{ran:#?}"
    );
}

#[test]
fn one_case_has_no_other_order() {
    let answer = "if [ $n -eq 2 ]; then echo '{\"a\":2}'; else echo \"$line\"; fi";
    let ran = counting(answer).run(&[]).ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("one"),
        "invalid: `right` differs from itself: `body:$.a` (number 1 | number 2)"
    );
}

#[test]
fn repeats_find_what_changes_within_a_round() {
    let answer = "i=$((i + 1)); if [ $i -ge 3 ]; then echo '{\"a\":2}'; else echo \"$line\"; fi";
    for (repeats, code, verdict) in [(2, 0, "pass"), (3, 4, "inconclusive")] {
        let ran = counting(answer)
            .cases("s", &format!("{ONE}repeats = {repeats}\n"))
            .run(&[])
            .ends(code, verdict);
        if code == 4 {
            assert_eq!(
                ran.outcome("one"),
                "invalid: `right` differs from itself: `body:$.a` (number 1 | number 2)"
            );
        }
    }
}

#[test]
fn an_accepted_value_that_changes_is_noise() {
    let pin = "[[divergence]]\nsurface = \"s\"\ncases = [\"one\"]\npair = [\"left\", \"right\"]\npath = \"body:$.a\"\nkind = \"value\"\nshapes = [\"number 1\", \"number 2\"]\ncount = 1\nreason = \"x\"\ndecision = \"x\"\nexpires = 2999-01-01\n";
    for (answer, values) in [
        ("echo \"{\\\"a\\\":$((n + 1))}\"", ["number 2", "number 3"]),
        ("echo \"{\\\"a\\\":$((4 - n))}\"", ["number 3", "number 2"]),
    ] {
        let ran = counting(answer)
            .file("fixtures/divergences.toml", pin)
            .run(&[])
            .ends(4, "inconclusive");
        assert_eq!(
            ran.case("one", "right")["noise"][0]["values"],
            serde_json::json!(values)
        );
        assert!(ran.list("ledger_failures").is_empty(), "{ran:#?}");
    }
}
