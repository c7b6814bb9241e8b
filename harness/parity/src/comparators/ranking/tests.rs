//! Rankings by their tolerance, form and damage.

use super::*;
use crate::json::parse;

fn rule(id: &[&str], near: &[&str]) -> Ranking {
    let query = |path: &str| Query::read(path).expect("it is a path");
    Ranking {
        at: query("$"),
        id: id.iter().map(|name| (*name).to_owned()).collect(),
        score: "s".to_owned(),
        tolerance: 1e-5,
        overlap: 1.0,
        ties: Ties::Free,
        near: near.iter().map(|path| query(path)).collect(),
        terms: Vec::new(),
    }
}

#[test]
fn the_tolerance_is_relative_beyond_one() {
    for (left, right, expected) in [
        (0.5, 0.500_009, true),
        (0.5, 0.500_011, false),
        (-0.5, 0.5, false),
        (1e15, 1.000_009e15, true),
        (1e15, 1.000_011e15, false),
        (-1e15, 1e15, false),
        (f64::INFINITY, f64::INFINITY, true),
        (f64::NAN, f64::NAN, false),
    ] {
        assert_eq!(near(left, right, 1e-5, None), expected, "{left} {right}");
        assert_eq!(near(right, left, 1e-5, None), expected, "{right} {left}");
    }
}

#[test]
fn the_tolerance_of_a_sum_is_relative_to_its_terms() {
    let rule = Ranking {
        terms: vec!["t".to_owned(), "u".to_owned()],
        ..rule(&["id"], &["$[*].x.y"])
    };
    let kinds = |left: &str, right: &str| {
        let [left, right] = [left, right].map(|terms| {
            let text = format!(r#"[{{"id":"a",{terms}}},{{"id":"b","s":9,"t":1}}]"#);
            parse(text.as_bytes()).expect("it is JSON")
        });
        let claims = rule.claims(&left).into_iter().zip(rule.claims(&right));
        let compared = claims.map(|(l, r)| {
            let place = |tree, id| Place { tree, id };
            match rule.compare(place(&left, l), place(&right, r)) {
                Compared::Own { differences, .. } => differences,
                Compared::AsJson => Vec::new(),
            }
        });
        let kinds = compared.flatten().map(|found| found.kind);
        kinds.collect::<Vec<_>>()
    };
    let cancelled = r#""s":1.5,"t":[2e5,-2e5,1.5]"#;
    for (left, right, expected) in [
        (cancelled, r#""s":4.5,"t":[2e5,-2e5,1.5]"#, &[][..]),
        (
            cancelled,
            r#""s":6.5,"t":[2e5,-2e5,1.5]"#,
            &[Kind::RankingScore],
        ),
        (r#""s":0.1,"t":1e-3"#, r#""s":0.100000005,"t":1e-3"#, &[]),
        (
            r#""s":0.1,"t":1e-3"#,
            r#""s":0.1000001,"t":1e-3"#,
            &[Kind::RankingScore],
        ),
        (
            r#""s":1,"x":{"y":1},"u":{"v":-1e5}"#,
            r#""s":1,"x":{"y":1.9},"u":{"v":-1e5}"#,
            &[],
        ),
        (r#""s":1"#, r#""s":1.0"#, &[]),
        (r#""s":1"#, r#""s":1.000001"#, &[Kind::RankingScore]),
        (
            r#""s":1,"t":1e999"#,
            r#""s":2,"t":1e999"#,
            &[Kind::RankingScore],
        ),
    ] {
        assert_eq!(kinds(left, right), expected, "{left} and {right}");
    }
    assert_eq!(
        rule.to_string(),
        "ranking: $ by s, at least 1 of the same id, scores within 0.00001 of the sum of the magnitudes of t and u, ties in any order"
    );
}

#[test]
fn damage_goes_beyond_a_tolerance_of_terms() {
    let rule = Ranking {
        terms: vec!["t".to_owned()],
        ..rule(&["id"], &[])
    };
    let moved = rule.moved(SCORE_MOVED, "1.5", Some(4e5));
    let moved: f64 = moved
        .expect("it can be moved")
        .parse()
        .expect("it is a number");
    assert!(!near(1.5, moved, rule.tolerance, Some(4e5)));
    assert_eq!(rule.moved(json::NUMBER_UP, "1.5", Some(4e5)), None);
}

#[test]
fn lists_of_another_form_are_not_rankings() {
    let rule = rule(&["id", "in"], &["$[*].t"]);
    let count = |text: &str| {
        let document = parse(text.as_bytes()).expect("it is JSON");
        let is_list = rule.list(&document, 0).is_some();
        (is_list, rule.near(&document).len())
    };
    let good = r#"[{"id":"a","in":1,"s":1,"t":2},{"id":"a","in":2,"s":1}]"#;
    assert_eq!(count(good), (true, 3));
    assert_eq!(count("[]"), (true, 0));
    for (from, to) in [
        ("\"in\":2", "\"in\":1.0"),
        ("\"in\":2", "\"in\":null"),
        ("\"in\":2", "\"on\":2"),
        ("\"s\":1,", "\"s\":\"1\","),
    ] {
        assert!(!count(&good.replace(from, to)).0, "{to}");
    }
    assert_eq!(count("{}"), (false, 0));
}

#[test]
fn rules_describe_themselves() {
    assert_eq!(
        rule(&["id"], &[]).to_string(),
        "ranking: $ by s, at least 1 of the same id, scores within 0.00001, ties in any order"
    );
}

/// The kinds and shapes of the differences between two rankings.
fn differences(rule: &Ranking, left: &str, right: &str) -> Vec<(Kind, [Side; 2])> {
    let [left, right] = [left, right].map(|text| parse(text.as_bytes()).expect("it is JSON"));
    let place = |tree| Place { tree, id: 0 };
    match rule.compare(place(&left), place(&right)) {
        Compared::Own { differences, .. } => differences
            .into_iter()
            .map(|found| (found.kind, [found.left, found.right]))
            .collect(),
        Compared::AsJson => Vec::new(),
    }
}

/// A ranking whose scores fall from 9.
fn ranked(ids: &[&str]) -> String {
    let elements = ids.iter().zip((0..10).rev());
    let elements: Vec<String> = elements
        .map(|(id, score)| format!(r#"{{"id":"{id}","s":{score}}}"#))
        .collect();
    format!("[{}]", elements.join(","))
}

#[test]
fn the_shape_of_an_order_belongs_to_the_whole_order() {
    let rule = rule(&["id"], &[]);
    let shapes = |ids: &[&str]| {
        let found = differences(&rule, &ranked(&["a", "b", "c", "d"]), &ranked(ids));
        let [(Kind::RankingOrder, [left, right])] = found.as_slice() else {
            panic!("{ids:?}: {found:?}");
        };
        assert_eq!(left.text, "`a` before `b`");
        assert_eq!(right.text, "`b` before `a`");
        [left.shape.clone(), right.shape.clone()]
    };
    let one = shapes(&["b", "a", "c", "d"]);
    let other = shapes(&["b", "a", "d", "c"]);
    assert_eq!(one[0], other[0]);
    assert_ne!(one[1], other[1]);
}

#[test]
fn the_shape_of_a_lost_element_belongs_to_the_element() {
    let rule = rule(&["id"], &[]);
    let shapes = |left: &str| {
        let found = differences(&rule, left, r#"[{"id":"a","s":2}]"#);
        let kinds: Vec<Kind> = found.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [Kind::RankingLength, Kind::RankingOverlap]);
        found
            .into_iter()
            .map(|(_, [left, right])| {
                assert!(!right.shape.contains("lacks starting"), "{right:?}");
                left.shape
            })
            .collect::<Vec<_>>()
    };
    let one = shapes(r#"[{"id":"a","s":2},{"id":"b","s":1,"t":1}]"#);
    let other = shapes(r#"[{"id":"a","s":2},{"id":"b","s":1,"t":2}]"#);
    let shared = shapes(r#"[{"id":"a","s":2,"t":3},{"id":"b","s":1,"t":1}]"#);
    for (index, one) in one.iter().enumerate() {
        assert_ne!(*one, other[index]);
        assert_eq!(*one, shared[index], "the shared element has no part in it");
    }
}

#[test]
fn long_rankings_are_cut_in_reports() {
    let text = |count: usize| {
        let ids = vec!["a".to_owned(); count];
        side("ids", &ids, b"").text
    };
    assert!(!text(16).contains('…'));
    assert!(text(17).ends_with("a, …"));
}

#[test]
fn scores_are_moved_just_beyond_their_tolerance() {
    let rule = rule(&["id"], &[]);
    for lexeme in ["0", "0.5", "-0.5", "3000"] {
        let moved = rule.moved(SCORE_MOVED, lexeme, None);
        let moved: f64 = moved.expect("it can be moved").parse().expect("a number");
        let old: f64 = lexeme.parse().expect("a number");
        let away = moved - old;
        let scale = old.abs().max(1.0);
        assert!(
            away > 1e-5 * scale && away < 2.1e-5 * scale,
            "{lexeme} {moved}"
        );
    }
    assert_eq!(rule.moved(json::NUMBER_UP, "0", None).as_deref(), Some("1"));
    assert!(rule.moved(SCORE_MOVED, "1e308", None).is_some());
    let exact = Ranking {
        tolerance: 0.0,
        ..rule
    };
    let moved = exact.moved(SCORE_MOVED, "1", None);
    assert_eq!(moved.as_deref(), Some("1.000000001"));
}

#[test]
fn a_score_as_text_is_damage_to_plain_json() {
    let document = parse(b"[7]").expect("it is JSON");
    let place = Place {
        tree: &document,
        id: 1,
    };
    let damaged = rule(&["id"], &[]).damage(json::NUMBER_AS_TEXT, place);
    assert!(matches!(damaged, Damaged::Plain));
}

#[test]
fn swaps_within_a_tie_and_lost_ids_within_the_overlap_are_accepted() {
    let terms = Ranking {
        terms: vec!["t".to_owned()],
        ..rule(&["id"], &[])
    };
    let document = |text: &str| parse(text.as_bytes()).expect("it is JSON");
    let swap = |rule: &Ranking, text: &str, index: usize| {
        let tree = &document(text);
        rule.accepts(SWAPPED, Place { tree, id: 0 }, index)
    };
    let plain = rule(&["id"], &[]);
    let list = r#"[{"id":"a","s":1},{"id":"b","s":1.000001},{"id":"c","s":2}]"#;
    assert!(swap(&plain, list, 0));
    assert!(!swap(&plain, list, 1));
    assert!(!swap(&plain, list, 2), "there is nothing behind the last");
    assert!(!swap(&plain, "[1,2]", 0), "it is not a ranking");
    // The scale is that of either element.
    for (one, other) in [("1e6", "1"), ("1", "1e6")] {
        let list = format!(r#"[{{"id":"a","s":1,"t":{one}}},{{"id":"b","s":2,"t":{other}}}]"#);
        assert!(swap(&terms, &list, 0), "{list}");
    }

    let lost = |overlap: f64, member: &str| {
        let rule = Ranking {
            overlap,
            ..rule(&["id", "in"], &[])
        };
        let tree = &document(r#"[{"id":"a","in":1,"s":1},{"id":"b","in":1,"s":1}]"#);
        let element = tree.elements(0).expect("it is a list")[1];
        let id = tree.member(element, member).expect("it is there");
        rule.accepts(json::EMPTIED, Place { tree, id }, 0)
    };
    assert!(lost(0.5, "id") && lost(0.5, "in"));
    assert!(!lost(0.5, "s"), "it is not a part of the id");
    assert!(!lost(0.6, "id"), "one of two is too few");
}

#[test]
fn scores_certainly_differ_beyond_three_times_the_tolerance() {
    let rule = rule(&["id"], &[]);
    let certainly = |left: &str, right: &str| {
        let [left, right] =
            [left, right].map(|text| parse(format!("[{text}]").as_bytes()).expect("it is JSON"));
        let place = |tree| Place { tree, id: 1 };
        rule.certainly_differ(place(&left), place(&right))
    };
    assert_eq!(certainly("1", "1.00002"), Some(false));
    assert_eq!(certainly("1", "1.00004"), Some(true));
    assert_eq!(certainly("1", "\"1\""), None);
}
