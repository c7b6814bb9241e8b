use super::bodies;

/// Rankings at `$.hits`, of ids in two parts, with a tolerance of 0.01.
fn rankings(overlap: f64, ties: &str) -> String {
    format!(
        "body = \"ranking\"\n[[compare.ranking]]\nat = \"$.hits\"\nid = [\"id\", \"in\"]\nscore = \"d\"\ntolerance = 0.01\noverlap = {overlap:?}\nties = \"{ties}\"\nnear = [\"$.hits[*].why.f\"]"
    )
}

/// Hits from their ids and distances; the metadata follows from the id.
fn hits(of: &[(&str, f64)]) -> String {
    let all: Vec<String> = of
        .iter()
        .map(|(id, d)| {
            format!(r#"{{"id":"{id}","in":1,"d":{d:?},"m":{{"of":"{id}"}},"why":{{"f":1}}}}"#)
        })
        .collect();
    format!(r#"{{"hits":[{}],"n":1.0}}"#, all.join(","))
}

#[test]
fn rankings_are_compared_by_id() {
    let strict = || rankings(1.0, "free");
    let left = hits(&[("a", 0.1), ("b", 0.2), ("c", 0.3), ("d", 0.305)]);
    let found = |right: &[(&str, f64)]| bodies(&left, &hits(right), &strict());
    assert_eq!(
        found(&[("a", 0.109), ("b", 0.191), ("d", 0.3), ("c", 0.3)]),
        [""; 0]
    );
    assert_eq!(
        found(&[("b", 0.2), ("a", 0.1), ("c", 0.3), ("d", 0.305)]),
        ["body:$.hits[0] ranking_order: `a`, 1 before `b`, 1 | `b`, 1 before `a`, 1"]
    );
    assert_eq!(
        found(&[("a", 0.1), ("b", 0.22), ("c", 0.3), ("d", 0.305)]),
        ["body:$.hits[1].d ranking_score: number 0.2 | number 0.22"]
    );
    assert_eq!(
        found(&[("a", 0.1), ("c", 0.3), ("d", 0.305), ("e", 0.4)]),
        ["body:$.hits ranking_overlap: 1 id that the other lacks | 1 id that the other lacks"]
    );
    assert_eq!(
        found(&[("a", 0.1), ("b", 0.2), ("c", 0.3)]),
        [
            "body:$.hits ranking_length: ranking of 4 | ranking of 3",
            "body:$.hits ranking_overlap: 1 id that the other lacks | 0 ids that the other lacks",
        ]
    );
    // One difference, however many elements moved.
    assert_eq!(
        found(&[("d", 0.305), ("c", 0.3), ("b", 0.2), ("a", 0.1)]),
        ["body:$.hits[0] ranking_order: `a`, 1 before `b`, 1 | `b`, 1 before `a`, 1"]
    );
}

#[test]
fn overlap_limits_the_missing_elements() {
    let left = hits(&[("a", 0.1), ("b", 0.2), ("c", 0.3), ("d", 0.4)]);
    let right = hits(&[("a", 0.1), ("c", 0.3), ("d", 0.4), ("e", 0.5)]);
    assert_eq!(bodies(&left, &right, &rankings(0.75, "free")), [""; 0]);
    assert_eq!(bodies(&left, &right, &rankings(0.76, "free")).len(), 1);
}

#[test]
fn ordered_ties_keep_the_order_of_equals() {
    let ordered = || rankings(1.0, "ordered");
    let [ab, ba] = [["a", "b"], ["b", "a"]].map(|[x, y]| hits(&[(x, 0.1), (y, 0.1)]));
    assert_eq!(bodies(&ab, &ba, &rankings(1.0, "free")), [""; 0]);
    assert_eq!(
        bodies(&ab, &ba, &ordered()),
        ["body:$.hits[0] ranking_order: `a`, 1 before `b`, 1 | `b`, 1 before `a`, 1"]
    );
    let rounded = hits(&[("b", 0.1), ("a", 0.100_000_1)]);
    assert_eq!(bodies(&ab, &rounded, &ordered()), [""; 0]);
}

#[test]
fn only_scores_have_a_tolerance() {
    let left = hits(&[("a", 0.1), ("b", 0.2)]);
    for (from, to, expected) in [
        (
            r#""of":"b""#,
            r#""of":"x""#,
            r#"body:$.hits[1].m.of value: "b" | "x""#,
        ),
        (
            r#""f":1}}]"#,
            r#""f":1.02}}]"#,
            "body:$.hits[1].why.f ranking_score: number 1 | number 1.02",
        ),
        (
            r#""d":0.2"#,
            r#""d":"0.2""#,
            r#"body:$.hits[1].d type: number 0.2 | "0.2""#,
        ),
        (
            r#","d":0.1"#,
            "",
            "body:$.hits[0].d missing: number 0.1 | nothing",
        ),
        (
            r#""n":1.0"#,
            r#""n":1"#,
            "body:$.n number_lexeme: number 1.0 | number 1",
        ),
        (
            r#""id":"b""#,
            r#""id":"a""#,
            r#"body:$.hits[1].id value: "b" | "a""#,
        ),
    ] {
        let found = bodies(&left, &left.replace(from, to), &rankings(1.0, "free"));
        assert_eq!(found, [expected], "{to}");
    }
    let close = left.replace(r#""f":1}"#, r#""f":1.005}"#);
    assert_eq!(bodies(&left, &close, &rankings(1.0, "free")), [""; 0]);
}

#[test]
fn a_vector_and_a_ranking_are_of_different_types() {
    let rules = rankings(1.0, "free");
    let rules = rules.replacen("[[compare", "vectors_at = [\"$.hits\"]\n[[compare", 1);
    assert_eq!(
        bodies(
            "{\"hits\":[1,2]}",
            &hits(&[("a", 0.1)]).replace(",\"n\":1.0", ""),
            &rules
        ),
        ["body:$.hits type: vector of 2 dimensions | array of 1"]
    );
}
