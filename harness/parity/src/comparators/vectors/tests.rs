//! Vectors by their tolerances, shapes and damage.

use super::*;
use crate::json::{Document, parse};

fn vectors() -> Vectors {
    Vectors {
        at: Vec::new(),
        path: String::new(),
        cosine: 1e-6,
        norm: 1e-4,
    }
}

fn kinds(left: &[f64], right: &[f64]) -> Vec<Kind> {
    let found = vectors().differences(left, right);
    found.into_iter().map(|found| found.kind).collect()
}

#[test]
fn norm_direction_and_dimension_are_distinguished() {
    use Kind::{Dimension, Direction, Norm};
    assert_eq!(kinds(&[0.6, 0.8], &[0.6, 0.800_000_01]), []);
    assert_eq!(kinds(&[0.6, 0.8], &[12.0, 16.0]), [Norm]);
    assert_eq!(kinds(&[0.6, 0.8], &[0.8, 0.6]), [Direction]);
    assert_eq!(kinds(&[0.6, 0.8], &[-12.0, -16.0]), [Norm, Direction]);
    assert_eq!(kinds(&[1.0], &[1.0, 0.0]), [Dimension]);
    assert_eq!(kinds(&[0.0], &[0.0]), []);
    assert_eq!(kinds(&[0.0], &[1.0]), [Norm, Direction]);
    assert_eq!(kinds(&[1e300, 1e300], &[1e300, 1e300]), []);
    assert_eq!(kinds(&[1.0, 1.0], &[1.0, f64::INFINITY]), [Norm, Direction]);
}

#[test]
fn norms_have_two_digits() {
    assert_eq!(norm_shape(1.000_04), "vector of norm 1");
    assert_eq!(norm_shape(20.6), "vector of norm 2.1e1");
    assert_eq!(norm_shape(1.26), "vector of norm 1.3");
    assert_eq!(norm_shape(0.0), "vector of norm 0");
}

#[test]
fn damage_goes_just_beyond_the_tolerances() {
    let rule = vectors();
    let unit = vec![0.6, 0.0, 0.8];
    let turned = rule.changed(TURNED, &unit).expect("it can be turned");
    let cosine: f64 = unit.iter().zip(&turned).map(|(a, b)| a * b).sum();
    assert!((norm(&turned) - 1.0).abs() < 1e-9);
    let distance = 1.0 - cosine;
    assert!(distance > rule.cosine && distance < 3.0 * rule.cosine);
    let scaled = rule.changed(SCALED, &unit).expect("it can be scaled");
    let grown = norm(&scaled) - 1.0;
    assert!(grown > rule.norm && grown < 3.0 * rule.norm);
    assert_eq!(rule.changed(TURNED, &[2.0]), Some(vec![-2.0]));
    assert_eq!(rule.changed(TURNED, &[0.0]), None);
    assert_eq!(rule.changed(SHORTENED, &[1.0, 2.0]), Some(vec![1.0]));
}

/// The rule's opinion on two JSON arrays.
fn certainly(rule: &Vectors, left: &str, right: &str) -> Option<bool> {
    let [left, right] = [left, right].map(|text| parse(text.as_bytes()).expect("it is JSON"));
    let place = |tree| Place {
        tree,
        id: Document::ROOT,
    };
    rule.certainly_differ(place(&left), place(&right))
}

#[test]
fn vectors_certainly_differ_beyond_three_times_the_tolerances() {
    let rule = vectors();
    for (left, right, expected) in [
        ("[1]", "[1,0]", Some(true)),
        ("[1]", "[\"1\"]", None),
        ("[0]", "[0]", Some(false)),
        ("[100]", "[100.02]", Some(false)),
        ("[100]", "[100.04]", Some(true)),
        ("[1,0]", "[1,0.002]", Some(false)),
        ("[1,0]", "[1,0.003]", Some(true)),
    ] {
        assert_eq!(certainly(&rule, left, right), expected, "{left} {right}");
        assert_eq!(certainly(&rule, right, left), expected, "{right} {left}");
    }
    let exact = Vectors {
        cosine: 0.0,
        norm: 0.0,
        ..vectors()
    };
    // Rounding errors are not certain.
    for (left, right) in [
        ("[1,0]", "[1,0]"),
        ("[1]", "[1.000000000001]"),
        ("[1,0]", "[1,0.00001]"),
    ] {
        assert_eq!(
            certainly(&exact, left, right),
            Some(false),
            "{left} {right}"
        );
    }
}

#[test]
fn norms_are_compared_by_their_ratio() {
    assert_eq!(kinds(&[100.0], &[100.005]), []);
    assert_eq!(kinds(&[100.0], &[100.02]), [Kind::Norm]);
    assert_eq!(kinds(&[0.01], &[0.010_002]), [Kind::Norm]);
}

#[test]
fn any_vector_is_turned_just_beyond_the_tolerance() {
    for tolerance in [0.0, 1e-6, 1e-3] {
        let rule = Vectors {
            cosine: tolerance,
            ..vectors()
        };
        let old = [3.0, 1.0, -4.0, 2.0];
        let new = rule.changed(TURNED, &old).expect("it can be turned");
        let (old_norm, new_norm) = (norm(&old), norm(&new));
        assert!((old_norm - new_norm).abs() < 1e-9, "{new:?}");
        let distance = 1.0 - dot(&old, &new, old_norm, new_norm);
        assert!(
            distance > tolerance && distance < 2.1 * tolerance + 1e-8,
            "{distance}"
        );
    }
}

#[test]
fn vectors_without_a_direction_are_not_scaled() {
    let rule = vectors();
    assert_eq!(rule.changed(SCALED, &[0.0, 0.0]), None);
    assert_eq!(rule.changed(SCALED, &[f64::INFINITY]), None);
    assert_eq!(rule.changed(LENGTHENED, &[1.0]), Some(vec![1.0, 0.0]));
}

#[test]
fn only_emptying_is_damage_to_the_array_itself() {
    let document = parse(b"[1,2]").expect("it is JSON");
    let damaged = |damage| {
        let id = Document::ROOT;
        let tree = &document;
        match vectors().damage(damage, Place { tree, id }) {
            Damaged::To(text) => text,
            Damaged::Plain => "plain".to_owned(),
            Damaged::Impossible => "impossible".to_owned(),
        }
    };
    assert_eq!(damaged(json::EMPTIED), "plain");
    assert_eq!(damaged(SHORTENED), "[1.0]");
}

#[test]
fn long_vectors_are_cut_in_reports() {
    let text = |length: usize| side(String::new(), &vec![0.0; length]).text;
    let zeros = vec!["0"; MAX_SHOWN].join(", ");
    assert_eq!(text(MAX_SHOWN), format!("[{zeros}] (norm 0)"));
    assert_eq!(text(MAX_SHOWN + 1), format!("[{zeros}, …] (norm 0)"));
}
