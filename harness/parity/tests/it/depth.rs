//! Deeply nested answers.

use std::time::{Duration, Instant};

use crate::support::{ECHO, LINE_PROBE, TestRoot};

const ONE: &str = "[[case]]\nname = \"one\"\ninput = '1'\n";
/// The number of brackets on each side of the value.
const DEPTH: usize = 50_000;

/// A helper that answers every line with a nested value.
fn nested(inside: &str) -> String {
    let brackets = |bracket: &str| format!("$(head -c {DEPTH} /dev/zero | tr '\\0' '{bracket}')");
    format!(
        "answer=\"{}{inside}{}\"\nwhile read -r line; do printf '%s\\n' \"$answer\"; done",
        brackets("["),
        brackets("]")
    )
}

#[test]
fn equal_deep_answers_match() {
    let began = Instant::now();
    let ran = TestRoot::pair(&nested("1"), &nested("1"), ONE)
        .run(&["--mutate"])
        .ends(0, "pass");
    // Some seconds on an idle machine; a comparison in quadratic time takes many minutes.
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "{:?}",
        began.elapsed()
    );
    for name in ["left", "right"] {
        let notice = format!(
            "`s/one` of `{name}` is nested {DEPTH} levels deep and compared as bytes: `max_depth` is 1000"
        );
        assert!(ran.list("notices").contains(&notice), "{ran:#?}");
    }
}

#[test]
fn every_deep_answer_has_its_notice() {
    let cases = ["one", "two"].map(|name| ONE.replace("one", name).replace("'1'", "'[[1]]'"));
    let ran = TestRoot::pair(ECHO, ECHO, &cases.concat())
        .probe("s", &format!("{LINE_PROBE}[compare]\nmax_depth = 1\n"))
        .run(&[])
        .ends(0, "pass");
    let notices = ran.list("notices");
    for case in ["one", "two"] {
        for name in ["left", "right"] {
            let notice = format!(
                "`s/{case}` of `{name}` is nested 2 levels deep and compared as bytes: `max_depth` is 1"
            );
            assert!(notices.contains(&notice), "{notices:?}");
        }
    }
}

#[test]
fn different_deep_answers_diverge() {
    let ran = TestRoot::pair(&nested("1"), &nested("2"), ONE)
        .run(&[])
        .ends(3, "fail");
    assert_eq!(ran.differences("one"), ["body bytes"]);
}

#[test]
fn the_depth_can_be_raised() {
    let probe = "about = \"x\"\ntransports = [\"line\"]\n[compare]\nmax_depth = 100000\n";
    let began = Instant::now();
    let ran = TestRoot::pair(&nested("1"), &nested("2"), ONE)
        .probe("s", probe)
        .run(&[])
        .ends(3, "fail");
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "{:?}",
        began.elapsed()
    );
    let differences = ran.differences("one");
    assert_eq!(differences.len(), 1);
    assert!(differences[0].ends_with("[0][0] value"));
    assert!(ran.list("notices").is_empty());
}
