//! Pins and normalisers are checked against the run.

use crate::support::{ECHO, LINE_PROBE, TestRoot};

const CASES: &str = "[[case]]\nname = \"one\"\ninput = '{\"a\":1}'\n[[case]]\nname = \"two\"\ninput = '{\"a\":1}'\n";

fn pin(cases: &str, kind: &str, shapes: &str, count: usize, expires: &str) -> String {
    format!(
        "[[divergence]]\nsurface = \"s\"\ncases = {cases}\npair = [\"left\", \"right\"]\npath = \"body:$.a\"\nkind = \"{kind}\"\nshapes = {shapes}\ncount = {count}\nreason = \"r\"\ndecision = \"d\"\nexpires = {expires}\n"
    )
}

fn root(right: &str, pins: &str) -> TestRoot {
    TestRoot::pair(
        ECHO,
        &format!("while read -r line; do echo '{right}'; done"),
        CASES,
    )
    .file("fixtures/divergences.toml", pins)
}

const SHAPES: &str = "[\"number 1\", \"number 2\"]";
const BOTH: &str = "[\"one\", \"two\"]";

#[test]
fn a_matching_pin_makes_its_differences_known() {
    let ran = root("{\"a\":2}", &pin(BOTH, "value", SHAPES, 2, "2999-01-01"))
        .run(&[])
        .ends(0, "pass");
    assert_eq!(ran.outcome("one"), "known: ");
    assert_eq!(ran.report["divergences"][0]["matched"], 2);
}

#[test]
fn a_pin_that_no_longer_occurs_suggests_its_deletion() {
    let pins = format!("# why\n\n{}", pin(BOTH, "value", SHAPES, 2, "2999-01-01"));
    let ran = root("{\"a\":1}", &pins).run(&[]).ends(3, "fail");
    assert_eq!(
        ran.list("ledger_failures"),
        ["the pin of `body:$.a` (`s`, left and right, `value`) no longer occurs"]
    );
    assert_eq!(
        ran.edits(),
        ["delete lines 3 to 13 of `fixtures/divergences.toml`"]
    );
    assert_eq!(ran.report["ledger_failures"][0]["line"], 3);
    assert!(ran.text.contains("no longer occurs"), "{}", ran.text);
}

#[test]
fn a_changed_symptom_is_reported_with_its_new_shape() {
    for (right, kind, shapes) in [
        (
            "{\"a\":3}",
            "value",
            "shapes = [\"number 1\", \"number 3\"]",
        ),
        ("{\"a\":\"2\"}", "type", "shapes = [\"number 1\", '\"2\"']"),
    ] {
        let ran = root(right, &pin(BOTH, "value", SHAPES, 2, "2999-01-01"))
            .run(&[])
            .ends(3, "fail");
        let message = ran.list("ledger_failures").concat();
        assert!(
            message.contains("no longer describes the difference"),
            "{message}"
        );
        assert_eq!(ran.edits(), [format!("kind = \"{kind}\"\n{shapes}")]);
        assert!(ran.outcome("one").starts_with("diverged"));
    }
}

#[test]
fn a_pin_covers_exactly_its_count() {
    for count in [1, 3] {
        let ran = root(
            "{\"a\":2}",
            &pin(BOTH, "value", SHAPES, count, "2999-01-01"),
        )
        .run(&[]);
        let ran = ran.ends(3, "fail");
        assert_eq!(
            ran.list("ledger_failures"),
            [format!(
                "the pin of `body:$.a` (`s`, left and right, `value`) matches 2 differences instead of {count}"
            )]
        );
        assert_eq!(ran.edits(), ["count = 2"]);
    }
}

#[test]
fn a_pin_covers_only_its_own_cases() {
    let ran = root(
        "{\"a\":2}",
        &pin("[\"one\"]", "value", SHAPES, 1, "2999-01-01"),
    )
    .run(&[])
    .ends(3, "fail");
    assert_eq!(ran.outcome("one"), "known: ");
    assert_eq!(ran.outcome("two"), "diverged: ");
}

#[test]
fn an_expired_pin_fails() {
    let ran = root("{\"a\":2}", &pin(BOTH, "value", SHAPES, 2, "2020-02-03"))
        .run(&[])
        .ends(3, "fail");
    assert_eq!(
        ran.list("ledger_failures"),
        ["the pin of `body:$.a` (`s`, left and right, `value`) expired on 2020-02-03"]
    );
}

#[test]
fn a_pin_on_an_uncompared_transport_fails() {
    let pins = pin(BOTH, "value", SHAPES, 2, "2999-01-01")
        .replace("path =", "transport = \"http\"\npath =");
    let ran = root("{\"a\":1}", &pins).run(&[]).ends(3, "fail");
    let message = ran.list("ledger_failures").concat();
    assert!(
        message.ends_with("is limited to a transport that the two do not share"),
        "{message}"
    );
}

#[test]
fn a_pin_is_not_judged_when_its_cases_did_not_run() {
    let pins = pin(BOTH, "value", SHAPES, 2, "2999-01-01");
    let ran = root("{\"a\":2}", &pins)
        .run(&["--case", "one"])
        .ends(0, "pass");
    assert_eq!(ran.report["divergences"][0]["judged"], false);
}

#[test]
fn unknown_names_in_a_pin_are_rejected() {
    for (from, to, message) in [
        (
            "surface = \"s\"",
            "surface = \"t\"",
            "unknown surface `t` in a pin",
        ),
        ("[\"one\"]", "[\"won\"]", "unknown case `won` in a pin"),
        (
            "\"right\"",
            "\"wright\"",
            "unknown implementation `wright` in a pin",
        ),
        (
            "[\"left\", \"right\"]",
            "[\"right\", \"left\"]",
            "a pair needs the reference `left` first",
        ),
        ("2999-01-01", "07:32:00", "`expires` is not a date"),
        (
            "count = 1",
            "count = 0",
            "a pin needs a count of at least 1",
        ),
        ("reason", "raison", "unknown key `raison`"),
    ] {
        let pins = pin("[\"one\"]", "value", SHAPES, 1, "2999-01-01");
        assert!(pins.contains(from));
        root("{\"a\":2}", &pins.replace(from, to))
            .run(&[])
            .refuses(&[message, "fixtures/divergences.toml"]);
    }
}

fn normalised(left: &str, right: &str, must_be: &str) -> TestRoot {
    let answer = |text: &str| format!("while read -r line; do echo \"{text}\"; done");
    let probe = format!(
        "{LINE_PROBE}[[normalise]]\non = \"body\"\npath = \"$.t\"\nmust_be = \"{must_be}\"\naction = \"replace\"\nreason = \"r\"\n"
    );
    TestRoot::pair(&answer(left), &answer(right), CASES).probe("s", &probe)
}

#[test]
fn a_needed_normaliser_passes() {
    let ran = normalised("{\\\"t\\\":1}", "{\\\"t\\\":2}", "number>=0")
        .run(&[])
        .ends(0, "pass");
    assert_eq!(ran.report["normalisers"][0]["hits"], 8);
    assert_eq!(ran.report["normalisers"][0]["needed"], true);
}

#[test]
fn a_normaliser_needed_only_between_rounds_passes() {
    // Both answer with their process id, which differs between rounds.
    normalised("{\\\"t\\\":$$}", "{\\\"t\\\":$$}", "integer>=0")
        .run(&[])
        .ends(0, "pass");
}

#[test]
fn a_normaliser_that_never_matches_fails() {
    let ran = normalised("{\\\"u\\\":1}", "{\\\"u\\\":1}", "number>=0")
        .run(&[])
        .ends(3, "fail");
    assert_eq!(
        ran.list("ledger_failures"),
        ["the normaliser of `body:$.t` in `s` never matched"]
    );
    let edit = ran.edits().concat();
    assert!(
        edit.starts_with("delete from line 3 of `fixtures/probes/s/probe.toml`:"),
        "{edit}"
    );
    assert!(edit.contains("path = \"$.t\""), "{edit}");
}

#[test]
fn an_unneeded_normaliser_fails() {
    let ran = normalised("{\\\"t\\\":1}", "{\\\"t\\\":1}", "number>=0")
        .run(&[])
        .ends(3, "fail");
    assert_eq!(
        ran.list("ledger_failures"),
        ["the normaliser of `body:$.t` in `s` is not needed: every comparison passes without it"]
    );
}

#[test]
fn a_normaliser_is_not_judged_by_some_of_the_cases() {
    let root = normalised("{\\\"t\\\":1}", "{\\\"t\\\":1}", "number>=0");
    root.run(&["--case", "one"]).ends(0, "pass");
    root.run(&["--surface", "s"]).ends(3, "fail");
}

#[test]
fn a_normaliser_is_not_judged_by_cases_that_are_not_fully_compared() {
    for (right, code, verdict) in [
        // A place that changes, alone and beside another difference.
        ("{\\\"t\\\":1,\\\"n\\\":$$}", 4, "inconclusive"),
        ("{\\\"t\\\":1,\\\"n\\\":$$,\\\"x\\\":1}", 3, "fail"),
        ("no", 4, "inconclusive"),
    ] {
        let ran = normalised("{\\\"t\\\":1,\\\"n\\\":0}", right, "number>=0")
            .run(&[])
            .ends(code, verdict);
        assert!(ran.list("ledger_failures").is_empty(), "{ran:#?}");
        assert_eq!(ran.report["normalisers"][0]["judged"], false);
    }
}

#[test]
fn a_value_that_fails_its_check_is_not_hidden() {
    let ran = normalised("{\\\"t\\\":1}", "{\\\"t\\\":-1}", "number>=0")
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("one"),
        "invalid: `right`: `body:$.t` is not a number of at least 0: `-1`"
    );
}

#[test]
fn a_value_that_fails_its_check_is_not_noise_too() {
    // The process id differs between rounds.
    let ran = normalised("{\\\"t\\\":1}", "{\\\"t\\\":-$$}", "number>=0")
        .run(&[])
        .ends(4, "inconclusive");
    let outcome = ran.outcome("one");
    assert!(
        outcome.starts_with("invalid: `right`: `body:$.t` is not a number of at least 0: `-")
            && !outcome.contains(';'),
        "{outcome}"
    );
    assert!(ran.case("one", "right")["noise"].is_null(), "{ran:#?}");
}

#[test]
fn a_pin_of_another_kind_covers_nothing() {
    let ran = root("{\"a\":2}", &pin(BOTH, "type", SHAPES, 2, "2999-01-01"))
        .run(&[])
        .ends(3, "fail");
    assert_eq!(ran.outcome("one"), "diverged: ");
    assert!(
        ran.list("ledger_failures")
            .concat()
            .contains("no longer describes the difference"),
        "{ran:#?}"
    );
}

#[test]
fn exceeding_a_pin_fails_in_a_filtered_run() {
    let cases = CASES.replace("{\"a\":1}", "[1,1]");
    let pins = pin(BOTH, "value", SHAPES, 1, "2999-01-01").replace("$.a", "$[*]");
    let ran = root("[2,2]", &pins)
        .cases("s", &cases)
        .run(&["--case", "one"])
        .ends(3, "fail");
    assert_eq!(
        ran.list("ledger_failures"),
        [
            "the pin of `body:$[*]` (`s`, left and right, `value`) matches 2 differences instead of 1"
        ]
    );
}

#[test]
fn a_pin_covers_only_its_own_transport() {
    let pins = pin("[\"one\"]", "value", SHAPES, 1, "2999-01-01")
        .replace("path =", "transport = \"line\"\npath =");
    let mut root =
        root("{\"a\":2}", &pins).probe("s", "about = \"x\"\ntransports = [\"line\", \"files\"]\n");
    for name in ["left", "right"] {
        let file = format!("fixtures/implementations/{name}.toml");
        let text = root.read(&file).replace(
            "[surfaces]\ns = [\"line\"]",
            &format!("[files]\ncommand = [\"sh\", \"{{root}}/{name}.sh\"]\n[surfaces]\ns = [\"line\", \"files\"]"),
        );
        root = root.file(&file, &text);
    }
    let ran = root.run(&["--case", "one"]).ends(3, "fail");
    let verdicts: Vec<String> = ran.report["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| format!("{} {}", case["transport"], case["verdict"]))
        .collect();
    assert_eq!(verdicts, ["\"line\" \"known\"", "\"files\" \"diverged\""]);
}

#[test]
fn a_stale_drift_document_fails_until_it_is_written_again() {
    let pins = pin(BOTH, "value", SHAPES, 2, "2999-01-01");
    let root = root("{\"a\":2}", &pins).file("docs/drift.md", "# Accepted differences\n");
    let ran = root.run(&[]).ends(3, "fail");
    assert_eq!(
        ran.list("ledger_failures"),
        ["`docs/drift.md` is out of date with `fixtures/divergences.toml`"]
    );
    let root_path = root.path("");
    let root_path = root_path.display().to_string();
    let root_path = root_path.trim_end_matches('/');
    assert_eq!(
        ran.edits(),
        [format!("cargo xtask parity --root {root_path} --log")]
    );
    root.run(&["--log"]).ends(0, "pass");
    root.run(&[]).ends(0, "pass");
}

#[test]
fn log_cannot_be_combined_with_case() {
    let root = root("{\"a\":1}", "");
    let ran = root.run(&["--log", "--case", "one"]);
    assert_eq!(ran.code, Some(2), "{}", ran.text);
    assert!(ran.text.contains("cannot be used with"), "{}", ran.text);
    assert!(!root.path("docs/parity.md").exists());
}
