//! Lies about what is found, and in which order.

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
        .told()
        .ends(3, "fail")
        .finds(&[("between", found), ("ties", found)]);
}

#[test]
fn a_hit_missing() {
    let found = "diverged | body:$.hits ranking_length, body:$.hits ranking_overlap";
    lie("missing_hit")
        .told()
        .ends(3, "fail")
        .finds(&[("between", found), ("ties", found)]);
}

#[test]
fn a_neighbour_missed_in_a_list_as_long() {
    let found = "diverged | body:$.hits ranking_overlap";
    lie("missed_neighbour")
        .told()
        .ends(3, "fail")
        .finds(&[("between", found), ("ties", found)]);
}

#[test]
fn what_was_excluded_is_there() {
    lie("excluded_hit")
        .told()
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
        .told()
        .ends(3, "fail")
        .finds(&[("between", &found(4)), ("ties", &found(5))]);
    lie("distance_rounded").told().ends(0, "pass").finds(&[]);
}

#[test]
fn equals_in_another_order() {
    lie("ties_reversed")
        .told()
        .ends(3, "fail")
        .finds(&[("ties", "diverged | body:$.hits[1] ranking_order")]);
    lie("ties_reversed")
        .with("ties = \"ordered\"", "ties = \"free\"")
        .told()
        .ends(0, "pass")
        .finds(&[]);
}

#[test]
fn a_ranking_stands_the_damage() {
    let told = lie("").told_with(&["--mutate"]).ends(0, "pass");
    let mutation = &told.0.report["mutation"];
    assert_eq!(mutation["killed"], mutation["total"]);
    assert!(mutation["total"].as_u64().unwrap() > 200, "{mutation}");
}
