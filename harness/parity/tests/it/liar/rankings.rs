//! Lies in the hits and their order.

use super::{HONEST, LIAR, Lie, PROGRAM};
use crate::support::TestRoot;

const PROBE: &str = include_str!("../../liar/fixtures/probes/places/probe.toml");
const CASES: &str = include_str!("../../liar/fixtures/probes/places/cases/questions.toml");

fn lie(name: &str) -> Lie {
    let of = |description: &str| description.replace("echo = [\"line\", \"http\"]\n", "");
    let root = TestRoot::new()
        .file("fixtures/harness.toml", "reference = \"honest\"\n")
        .file("fixtures/implementations/honest.toml", &of(HONEST))
        .file("fixtures/implementations/liar.toml", &of(LIAR))
        .file("liar.py", PROGRAM)
        .probe("places", PROBE)
        .cases("places", CASES);
    Lie {
        root,
        name: name.to_owned(),
    }
}

#[test]
fn hits_swapped() {
    let found = "diverged | body:$.hits[0] ranking_order";
    lie("swapped_hits")
        .run()
        .ends(3, "fail")
        .finds(&[("between", found), ("ties", found)]);
}

#[test]
fn hit_missing() {
    let found = "diverged | body:$.hits ranking_length, body:$.hits ranking_overlap";
    lie("missing_hit")
        .run()
        .ends(3, "fail")
        .finds(&[("between", found), ("ties", found)]);
}

#[test]
fn nearest_neighbour_missed_at_full_length() {
    let found = "diverged | body:$.hits ranking_overlap";
    lie("missed_neighbour")
        .run()
        .ends(3, "fail")
        .finds(&[("between", found), ("ties", found)]);
}

#[test]
fn excluded_hit_returned() {
    lie("excluded_hit")
        .run()
        .ends(3, "fail")
        .finds(&[("between", "diverged | body:$.hits ranking_overlap")]);
}

#[test]
fn distances_off() {
    let found = |hits: usize| -> String {
        let scores = (0..hits).map(|at| format!("body:$.hits[{at}].distance ranking_score"));
        format!("diverged | {}", scores.collect::<Vec<_>>().join(", "))
    };
    lie("distance_off")
        .run()
        .ends(3, "fail")
        .finds(&[("between", &found(4)), ("ties", &found(5))]);
    lie("distance_rounded").run().ends(0, "pass").finds(&[]);
}

#[test]
fn ties_in_another_order() {
    lie("ties_reversed")
        .run()
        .ends(3, "fail")
        .finds(&[("ties", "diverged | body:$.hits[1] ranking_order")]);
    lie("ties_reversed")
        .with("ties = \"ordered\"", "ties = \"free\"")
        .run()
        .ends(0, "pass")
        .finds(&[]);
}

#[test]
fn rankings_detect_all_damage() {
    let result = lie("").run_with(&["--mutate"]).ends(0, "pass");
    let mutation = &result.0.report["mutation"];
    assert_eq!(mutation["killed"], mutation["total"]);
    assert!(mutation["total"].as_u64().unwrap() > 200, "{mutation}");
}
