//! Verdicts of cases and of runs.

use crate::support::{ECHO, LINE_PROBE, TestRoot};

const ONE: &str = "[[case]]\nname = \"one\"\ninput = '{\"a\":1}'\n";

#[test]
fn equal_answers_pass() {
    let ran = TestRoot::pair(ECHO, ECHO, ONE)
        .run(&["--seed", "7"])
        .ends(0, "pass");
    assert_eq!(ran.outcome("one"), "match: ");
    assert_eq!(ran.report["seed"], 7);
    assert_eq!(ran.report["results"][0]["matched"], 1);
    assert!(ran.text.contains("seed 7"), "{}", ran.text);
}

#[test]
fn an_undeclared_difference_fails_and_offers_its_pin() {
    let right = "while read -r line; do echo '{\"a\":2}'; done";
    let ran = TestRoot::pair(ECHO, right, ONE).run(&[]).ends(3, "fail");
    assert_eq!(ran.outcome("one"), "diverged: ");
    assert_eq!(ran.differences("one"), ["body:$.a value"]);
    let case = ran.case("one", "right");
    let pin = case["suggested_pins"][0].as_str().unwrap();
    for line in [
        "pair = [\"left\", \"right\"]",
        "path = \"body:$.a\"",
        "kind = \"value\"",
        "shapes = [\"number 1\", \"number 2\"]",
        "count = 1",
    ] {
        assert!(pin.contains(line), "{pin}");
    }
    let rerun = case["rerun"].as_str().unwrap();
    assert!(
        rerun.contains("--surface s --case one --implementation right"),
        "{rerun}"
    );
}

#[test]
fn equal_unexpected_errors_are_invalid() {
    let cases = "[[case]]\nname = \"one\"\ninput = '{\"matched\":false}'\n[[case]]\nname = \"two\"\nexpect = \"error\"\ninput = '{\"matched\":false}'\n";
    let probe =
        format!("{LINE_PROBE}[guard]\nerror_when = {{ path = \"$.matched\", equals = false }}\n");
    let ran = TestRoot::pair(ECHO, ECHO, cases)
        .probe("s", &probe)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("one"),
        "invalid: `left`: the answer is an error, the case expects none; `right`: the answer is an error, the case expects none"
    );
    assert_eq!(ran.outcome("two"), "match: ");
    assert_eq!(ran.list("inconclusive"), ["1 case could not be compared"]);
}

#[test]
fn an_error_on_one_side_is_a_difference() {
    let cases = "[[case]]\nname = \"one\"\ninput = '{\"matched\":true}'\n";
    let probe =
        format!("{LINE_PROBE}[guard]\nerror_when = {{ path = \"$.matched\", equals = false }}\n");
    let right = "while read -r line; do echo '{\"matched\":false}'; done";
    let ran = TestRoot::pair(ECHO, right, cases)
        .probe("s", &probe)
        .run(&[])
        .ends(3, "fail");
    assert_eq!(
        ran.outcome("one"),
        "diverged: `right`: the answer is an error, the case expects none"
    );
}

#[test]
fn a_wrong_status_on_both_sides_is_invalid() {
    let cases = "[[case]]\nname = \"one\"\nexpect = \"error\"\nstatus = 422\ninput = '{\"status\":400,\"body\":{}}'\n";
    let probe = format!("{LINE_PROBE}[line]\nenvelope = \"response\"\n");
    let ran = TestRoot::pair(ECHO, ECHO, cases)
        .probe("s", &probe)
        .run(&[])
        .ends(4, "inconclusive");
    assert!(
        ran.outcome("one")
            .starts_with("invalid: `left`: the status is 400, the case expects 422"),
        "{ran:#?}"
    );

    let right = "while read -r line; do echo '{\"status\":422,\"body\":{}}'; done";
    let ran = TestRoot::pair(ECHO, right, cases)
        .probe("s", &probe)
        .run(&[])
        .ends(3, "fail");
    assert_eq!(ran.differences("one"), ["status status"]);
}

#[test]
fn the_time_of_a_case_is_that_of_the_implementation() {
    let slow = "while read -r line; do sleep 0.2; echo \"$line\"; done";
    let ran = TestRoot::pair(ECHO, slow, ONE).run(&[]).ends(0, "pass");
    let duration = ran.case("one", "right")["duration_ms"].as_u64().unwrap();
    assert!(duration >= 200, "{duration} ms");
}

#[test]
fn an_unstable_answer_is_invalid() {
    let right = "n=$$; while read -r line; do echo \"{\\\"a\\\":$n}\"; done";
    let probe = format!("{LINE_PROBE}[compare]\nbody = \"json\"\n");
    let ran = TestRoot::pair(ECHO, right, ONE)
        .probe("s", &probe)
        .run(&[])
        .ends(4, "inconclusive");
    let outcome = ran.outcome("one");
    assert!(
        outcome.starts_with("invalid: `right` differs from itself: `body:$.a` (number "),
        "{outcome}"
    );
}

#[test]
fn a_renamed_field_that_changes_is_a_difference() {
    let cases = "[[case]]\nname = \"one\"\ninput = '{\"elapsed_ms\":1}'\n";
    let right = "n=$$; while read -r line; do echo \"{\\\"elapsedMs\\\":$n}\"; done";
    let ran = TestRoot::pair(ECHO, right, cases).run(&[]).ends(3, "fail");
    assert_eq!(
        ran.outcome("one"),
        "diverged: `right` has an unexpected field `elapsedMs` and lacks `elapsed_ms`; its value also changes between two identical requests"
    );
    assert_eq!(
        ran.differences("one"),
        ["body:$.elapsed_ms missing", "body:$.elapsedMs extra"]
    );
    assert_eq!(ran.report["results"][0]["diverged"], 1, "{ran:#?}");
}

#[test]
fn a_stable_difference_beside_one_that_changes_is_found() {
    let cases = "[[case]]\nname = \"one\"\ninput = '{\"a\":1,\"n\":1}'\n";
    let right = "n=$$; while read -r line; do echo \"{\\\"a\\\":2,\\\"n\\\":$n}\"; done";
    let ran = TestRoot::pair(ECHO, right, cases).run(&[]).ends(3, "fail");
    let outcome = ran.outcome("one");
    assert!(
        outcome.starts_with("diverged: `right` differs from itself: `body:$.n` (number "),
        "{outcome}"
    );
    assert_eq!(ran.differences("one"), ["body:$.a value"]);
    let case = ran.case("one", "right");
    assert_eq!(case["noise"][0]["path"], "body:$.n", "{case}");
    assert_eq!(
        case["suggested_pins"].as_array().unwrap().len(),
        1,
        "{case}"
    );
}

#[test]
fn a_third_answer_identifies_the_odd_one() {
    let odd = "while read -r line; do echo '{\"a\":2}'; done";
    let ran = TestRoot::pair(ECHO, odd, ONE)
        .helper("third", ECHO)
        .run(&[])
        .ends(3, "fail");
    assert_eq!(
        ran.case("one", "right")["attribution"],
        "right differs; left and third agree"
    );
    assert_eq!(ran.case("one", "third")["verdict"], "match");

    let ran = TestRoot::pair(odd, ECHO, ONE)
        .helper("third", ECHO)
        .run(&[])
        .ends(3, "fail");
    assert_eq!(
        ran.case("one", "third")["attribution"],
        "left differs; right and third agree"
    );

    let other = "while read -r line; do echo '{\"a\":3}'; done";
    let ran = TestRoot::pair(ECHO, odd, ONE)
        .helper("third", other)
        .run(&[])
        .ends(3, "fail");
    assert_eq!(
        ran.case("one", "third")["attribution"],
        "all differ from each other"
    );
}

#[test]
fn nothing_to_compare_is_inconclusive() {
    let ran = TestRoot::new()
        .helper("left", ECHO)
        .file(
            "fixtures/implementations/left.toml",
            "language = \"sh\"\n[surfaces]\n",
        )
        .run(&[]);
    let ran = ran.ends(4, "inconclusive");
    assert_eq!(ran.list("inconclusive"), ["there are no surfaces"]);

    let ran = TestRoot::pair(ECHO, ECHO, "")
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.list("inconclusive"),
        [
            "`fixtures/probes/s/cases/all.toml` holds no cases",
            "surface `s` has no cases"
        ]
    );

    let ran = TestRoot::pair(ECHO, ECHO, ONE)
        .file("fixtures/probes/s/cases/more.toml", "\n")
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.list("inconclusive"),
        ["`fixtures/probes/s/cases/more.toml` holds no cases"]
    );

    let alone = TestRoot::new()
        .helper("left", ECHO)
        .probe("s", LINE_PROBE)
        .cases("s", ONE);
    let ran = alone.run(&[]).ends(4, "inconclusive");
    assert_eq!(
        ran.list("inconclusive"),
        [
            "nothing is compared on surface `s`: no other implementation shares a transport with `left`"
        ]
    );
}

#[test]
fn hostile_inputs_arrive_whole() {
    let cases = r#"
[[case]]
name = "deep"
input = [{ repeat = '{"a":', times = 10000 }, "1", { repeat = "}", times = 10000 }]
[[case]]
name = "long"
input = ['"', { repeat = "x", times = 3000000 }, '"']
"#;
    let cat = "exec cat";
    let ran = TestRoot::pair(cat, cat, cases).run(&[]).ends(0, "pass");
    assert_eq!(ran.outcome("deep"), "match: ");
    assert_eq!(ran.outcome("long"), "match: ");
}

#[test]
fn steps_share_their_state_and_are_named() {
    let count = |from: &str| {
        format!("n={from}; while read -r line; do n=$((n+1)); echo \"{{\\\"n\\\":$n}}\"; done")
    };
    let cases =
        "[[case]]\nname = \"one\"\n[[case.step]]\ninput = '1'\n[[case.step]]\ninput = '2'\n";
    let reset = format!("reset = \"restart\"\n{LINE_PROBE}");
    let same = TestRoot::pair(&count("0"), &count("0"), cases).probe("s", &reset);
    same.run(&[]).ends(0, "pass");
    let other = TestRoot::pair(
        &count("0"),
        "while read -r line; do echo '{\"n\":1}'; done",
        cases,
    );
    let ran = other.probe("s", &reset).run(&[]).ends(3, "fail");
    assert_eq!(ran.differences("one"), ["step[1]:body:$.n value"]);
}

#[test]
fn log_writes_the_generated_documents() {
    let root = TestRoot::pair(ECHO, ECHO, ONE);
    root.run(&[]).ends(0, "pass");
    assert!(!root.path("docs").exists());
    root.run(&["--log"]).ends(0, "pass");
    assert!(root.read("docs/parity.md").contains("right"));
    assert!(root.path("docs/drift.md").is_file());
}

#[test]
fn filters_narrow_a_run() {
    let cases = format!("{ONE}{}", ONE.replace("one", "two"));
    let root = TestRoot::pair(ECHO, ECHO, &cases).helper("third", ECHO);
    let ran = root
        .run(&["--case", "two", "--implementation", "third"])
        .ends(0, "pass");
    assert_eq!(ran.report["filtered"], true);
    assert_eq!(ran.report["cases"].as_array().unwrap().len(), 1);
    assert_eq!(ran.case("two", "third")["verdict"], "match");
    let ran = root.run(&[]).ends(0, "pass");
    assert_eq!(ran.report["cases"].as_array().unwrap().len(), 4);
}

#[test]
fn the_order_comes_from_the_seed_and_differs_between_rounds() {
    let cases: String = (0..12)
        .map(|n| format!("[[case]]\nname = \"c{n}\"\ninput = '{n}'\n"))
        .collect();
    let root = TestRoot::pair(ECHO, "", &cases);
    let order = root.path("order");
    root.write(
        "right.sh",
        &format!(
            "echo >> {0}\nwhile read -r line; do printf '%s ' $line >> {0}; echo $line; done",
            order.display()
        ),
    );
    let orders = |seed: &str| {
        let _ = std::fs::remove_file(&order);
        root.run(&["--seed", seed]).ends(0, "pass");
        let text = root.read("order");
        let lines: Vec<String> = text.lines().skip(1).map(str::to_owned).collect();
        assert_eq!(lines.len(), 2, "{text}");
        lines
    };
    let first = orders("5");
    assert_ne!(first[0], first[1]);
    assert_eq!(first, orders("5"));
    assert_ne!(first, orders("6"));
}

#[test]
fn different_unexpected_errors_are_invalid() {
    let left = "while read -r line; do echo '{\"status\":400,\"body\":{}}'; done";
    let right = "while read -r line; do echo '{\"status\":404,\"body\":{}}'; done";
    let probe = format!("{LINE_PROBE}[line]\nenvelope = \"response\"\n");
    let ran = TestRoot::pair(left, right, ONE)
        .probe("s", &probe)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("one"),
        "invalid: `left`: the answer is an error (status 400), the case expects none; `right`: the answer is an error (status 404), the case expects none"
    );
}

#[test]
fn an_error_that_no_comparison_sees_is_invalid() {
    let answer = |code: u8| format!("while read -r line; do echo '{{\"code\":{code}}}'; done");
    let probe = format!(
        "{LINE_PROBE}[guard]\nerror_when = {{ path = \"$.code\", equals = 1 }}\n[[normalise]]\non = \"body\"\npath = \"$.code\"\nmust_be = \"number>=0\"\naction = \"remove\"\nreason = \"r\"\n"
    );
    let ran = TestRoot::pair(&answer(0), &answer(1), ONE)
        .probe("s", &probe)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("one"),
        "invalid: `right`: the answer is an error, the case expects none"
    );
}
