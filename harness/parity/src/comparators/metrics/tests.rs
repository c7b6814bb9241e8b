//! Metrics within their tolerance, in JSON and in the text format.

use super::*;
use crate::json::parse;

fn paths(left: &str, right: &str, tolerance: f64) -> Vec<String> {
    let read = |text: &str| series(text.as_bytes()).expect("they are metrics");
    let mut out = Vec::new();
    compare_series(&mut out, &read(left), &read(right), tolerance);
    out.iter()
        .map(|d| format!("{} {}", d.path, d.kind))
        .collect()
}

#[test]
fn series_are_compared_within_the_tolerance() {
    let left = "# HELP x y\nx{a=\"b c\"} 100\ny 2\n";
    assert!(paths(left, "y 2.0\nx{a=\"b c\"} 101", 0.01).is_empty());
    assert_eq!(
        paths(left, "y 2\nx{a=\"b c\"} 102", 0.01),
        ["body:x{a=\"b c\"} metric"]
    );
    assert_eq!(paths(left, "y 2", 1.0), ["body:x{a=\"b c\"} missing"]);
    assert_eq!(paths("y 2", left, 1.0), ["body:x{a=\"b c\"} extra"]);
    assert_eq!(paths("y 1", "y +Inf", 0.5), ["body:y metric"]);
}

#[test]
fn all_samples_of_a_series_count() {
    assert_eq!(paths("a 1\na 2\n", "a 9\na 2\n", 0.01), ["body:a metric"]);
    assert_eq!(paths("a 1\na 2\n", "a 2\n", 0.01), ["body:a metric"]);
    assert!(paths("a 1\na 2\n", "a 1.0\na 2\n", 0.01).is_empty());
}

#[test]
fn numbers_beyond_floats_are_compared_exactly() {
    for (left, right, tolerance, expected) in [
        ("9007199254740993", "9007199254740992", 0.0, false),
        ("9007199254740993", "9007199254740992", 0.01, true),
        ("1e400", "2e400", 0.5, false),
        ("1e400", "10e399", 0.5, true),
        ("1e-400", "2e-400", 0.5, false),
        ("0", "-0.0", 0.5, true),
        ("+Inf", "1e400", 0.5, false),
        ("+Inf", "Inf", 0.5, true),
        ("+Inf", "-Inf", 0.5, false),
        ("+Inf", "0", 0.5, false),
        ("+Inf", "0", 0.0, false),
        ("NaN", "1", 0.5, false),
    ] {
        assert_eq!(close(left, right, tolerance), expected, "{left} {right}");
    }
}

#[test]
fn lines_that_are_not_samples_are_rejected() {
    for text in ["x", "x y", "x{", "\"hello\""] {
        assert!(series(text.as_bytes()).is_none(), "{text}");
    }
}

#[test]
fn only_series_that_occur_once_are_damaged() {
    let body = b"# HELP a\na 1\nb{x=\"1 2\"} 3\n\nc 1\nc 2\n";
    let found = lines_of_own(body);
    assert_eq!(found, [(1, "a".to_owned()), (2, "b{x=\"1 2\"}".to_owned())]);
    assert_eq!(moved("x", 0.1), None);
    assert_eq!(moved("5", 1.0), None);
}

#[test]
fn bodies_are_json_or_series() {
    let metrics = Metrics {
        policy: JsonPolicy::default(),
        tolerance: 0.0,
        rules: Vec::new(),
    };
    assert!(matches!(metrics.read(b"{\"a\":1}"), Body::Json(_)));
    assert!(matches!(metrics.read(b"a 1\n"), Body::Bytes(_)));
    assert!(matches!(metrics.read(b"<html>"), Body::Malformed(..)));
}

#[test]
fn metrics_never_certainly_differ() {
    let rules: Vec<Box<dyn Rule>> = vec![Box::new(Numbers { tolerance: 0.5 })];
    let read = |text: &str| {
        let mut body = json::JsonBody::new(parse(text.as_bytes()).expect("it is JSON"));
        body.claim(&rules);
        body
    };
    let same = |left: &str, right: &str| {
        let (left, right) = (read(left), read(right));
        let root = Document::ROOT;
        json::same((&left, root), (&right, root), JsonPolicy::default(), &rules)
    };
    assert!(same("[1,2]", "[2,1]"));
    assert!(!same("[1]", "[true]"));
}

#[test]
fn metrics_are_moved_just_beyond_their_tolerance() {
    for lexeme in ["100", "-100", "0", "0.001"] {
        for tolerance in [0.0, 0.01, 0.5] {
            let moved = moved(lexeme, tolerance).expect("it can be moved");
            assert!(!close(lexeme, &moved, tolerance), "{lexeme} {moved}");
            let (old, new): (f64, f64) = (
                lexeme.parse().expect("it is a number"),
                moved.parse().expect("it is a number"),
            );
            assert!(old.signum() == new.signum(), "{lexeme} {moved}");
            let most = old.abs() / (1.0 - tolerance) * 1.02 + 1e-8;
            assert!(
                new.abs() > old.abs() && new.abs() < most,
                "{lexeme} {moved}"
            );
        }
    }
    assert_eq!(moved("5", 2.0), None);
    assert_eq!(moved("1e308", 0.5), None);
}
