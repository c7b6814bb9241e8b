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
