//! Filters that can match nothing in a corpus are reported.

use lakehouse_matrix::MatrixQuery;
use lakehouse_vector::{Filter, Scalar};

use super::fixture::{Fixture, ids};

const PEOPLE: [(&str, &str, &str); 3] = [
    (
        "a",
        "picker",
        r#"{"years":4,"available":true,"certs":["Forklift","OSHA 10"]}"#,
    ),
    ("b", "picker", r#"{"years":2,"certs":[]}"#),
    ("c", "picker", r#"{"years":1}"#),
];

async fn fixture() -> Fixture {
    let fixture = Fixture::new().await;
    fixture.fill("people", &PEOPLE).await;
    fixture
        .fill("alumni", &[("z", "picker", r#"{"left":2024}"#)])
        .await;
    fixture.fill("none", &[]).await;
    fixture
}

#[tokio::test]
async fn conditions_that_match_nothing_are_reported() {
    let fixture = fixture().await;
    let cases: [(&str, &[&str], &[&str]); 10] = [
        (
            "years >= '3'",
            &[],
            &[
                "sql_filter: no document of `people` has a string in `years`; its values are numbers",
            ],
        ),
        (
            "available = 1",
            &[],
            &[
                "sql_filter: no document of `people` has a number in `available`; its values are \
               booleans",
            ],
        ),
        (
            "available = 'true'",
            &[],
            &[
                "sql_filter: no document of `people` has a string in `available`; its values are \
               booleans",
            ],
        ),
        (
            "Years > 1 OR years = 1",
            &["c"],
            &["sql_filter: no document of `people` has a field `Years`; did you mean `years`?"],
        ),
        (
            "yaers IS NULL",
            &["a", "b", "c"],
            &["sql_filter: no document of `people` has a field `yaers`; did you mean `years`?"],
        ),
        (
            "certs IN ('osha 10', 'Forklift')",
            &["a"],
            &[
                "sql_filter: no document of `people` has `osha 10` in `certs`; did you mean `OSHA 10`?",
            ],
        ),
        ("certs = 'OSHA 10'", &["a"], &[]),
        ("certs <> 'OSHA 10'", &["b"], &[]),
        ("certs <> 'OSHA 10' OR certs IS NULL", &["b", "c"], &[]),
        ("certs LIKE 'OSHA%'", &["a"], &[]),
    ];
    for (condition, hits, notices) in cases {
        let query = MatrixQuery {
            sql_filter: Some(condition),
            ..MatrixQuery::new("picker", vec!["people"])
        };
        // The second answer is from the cache.
        for _ in 0..2 {
            let answer = fixture.matrix.retrieve(query.clone()).await.unwrap();
            assert_eq!(ids(&answer), hits, "{condition}");
            assert_eq!(answer.notices, notices, "{condition}");
        }
    }
}

#[tokio::test]
async fn notices_are_ordered_by_corpus_and_filter() {
    let fixture = fixture().await;
    let query = MatrixQuery {
        filter: Some(Filter::Eq {
            field: "yaers".into(),
            value: Scalar::from(1.0),
        }),
        sql_filter: Some("left = 'x' OR years = 9"),
        ..MatrixQuery::new("picker", vec!["alumni", "gone", "none", "people", "alumni"])
    };
    let answer = fixture.matrix.retrieve(query).await.unwrap();
    assert_eq!(
        answer.notices,
        [
            "filter: no document of `alumni` has a field `yaers`",
            "sql_filter: no document of `alumni` has a string in `left`; its values are numbers",
            "sql_filter: no document of `alumni` has a field `years`",
            "filter: no document of `people` has a field `yaers`; did you mean `years`?",
            "sql_filter: no document of `people` has a field `left`",
        ]
    );
    assert_eq!(
        fixture.cold("picker", &["people"], 1).await.notices,
        [""; 0]
    );
}
