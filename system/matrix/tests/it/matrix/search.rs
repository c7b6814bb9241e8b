//! Searches without the playbook.

use lakehouse_base::ErrorCode;
use lakehouse_matrix::{CorpusReport, MatrixQuery, Shape};
use lakehouse_models::embed::hash::embed_text;
use lakehouse_vector::{Filter, Scalar};
use proptest::prelude::*;

use super::fixture::{Fixture, corpus_name, ids};

fn report(corpus: &str, outcome: Result<usize, &str>) -> CorpusReport {
    CorpusReport {
        corpus: corpus.to_owned(),
        outcome: outcome.map_err(str::to_owned),
    }
}

#[tokio::test]
async fn hits_of_all_corpora_are_ranked_together() {
    let fixture = Fixture::new().await;
    let same = ("same", "forklift operator", r#"{"n":1}"#);
    fixture
        .fill(
            "b",
            &[same, ("x", "forklift driver", "{}"), ("y", "nurse", "{}")],
        )
        .await;
    fixture
        .fill(
            "a",
            &[same, ("w", "forklift operator", "{}"), ("z", "cook", "{}")],
        )
        .await;
    let answer = fixture
        .cold("forklift operator", &["b", "gone", "a", "b", "Bad Name"], 4)
        .await;
    let hits: Vec<_> = answer
        .hits
        .iter()
        .map(|hit| (&*hit.corpus, &*hit.id))
        .collect();
    assert_eq!(hits, [("a", "same"), ("b", "same"), ("a", "w"), ("b", "x")]);
    assert_eq!(
        answer.corpora,
        [
            report("b", Ok(3)),
            report("gone", Err("unknown corpus `gone`")),
            report("a", Ok(3)),
            report("Bad Name", Err("unknown corpus `Bad Name`")),
        ]
    );
    for hit in &answer.hits {
        assert_eq!(hit.distance, hit.base_distance);
        assert_eq!((hit.why.shape, hit.why.factor), (Shape::Cold, 1.0));
        assert_eq!(hit.text, None);
    }
    assert!(!answer.playbook.used);
    assert_eq!(answer.playbook.role.source.as_str(), "none");
    let query = MatrixQuery::new("forklift operator", vec!["a", "b"]);
    let retrieved = fixture.matrix.retrieve(query).await.unwrap();
    let texts: Vec<_> = retrieved
        .hits
        .iter()
        .filter_map(|hit| hit.text.as_deref())
        .collect();
    assert_eq!(texts.len(), 6);
    assert_eq!(texts[..2], ["forklift operator", "forklift operator"]);
}

#[tokio::test]
async fn filters_and_exclusions_hold_in_every_corpus() {
    let fixture = Fixture::new().await;
    for corpus in ["a", "b"] {
        let documents = [
            ("1", "picker", r#"{"years":1,"state":"MI"}"#),
            ("2", "picker", r#"{"years":2,"state":"MI"}"#),
            ("3", "picker", r#"{"years":3,"state":"OH"}"#),
            ("4", "picker", r#"{"state":"MI"}"#),
        ];
        fixture.fill(corpus, &documents).await;
    }
    let filter = Filter::Eq {
        field: "state".into(),
        value: "MI".into(),
    };
    let query = MatrixQuery {
        filter: Some(filter),
        exclude_ids: vec!["1"],
        ..MatrixQuery::new("picker", vec!["a", "b"])
    };
    assert_eq!(
        ids(&fixture.search(query.clone()).await),
        ["2", "2", "4", "4"]
    );
    let query = MatrixQuery {
        sql_filter: Some("NOT years = 1"),
        ..query
    };
    assert_eq!(ids(&fixture.search(query.clone()).await), ["2", "2"]);
    let query = MatrixQuery {
        sql_filter: Some("years >"),
        ..query
    };
    let error = fixture.matrix.search(query.clone()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::BadRequest);
    let blank = MatrixQuery {
        query_text: " ",
        ..query
    };
    let error = fixture.matrix.search(blank).await.unwrap_err();
    assert_eq!(error.to_string(), "query_text is empty");
    assert_eq!(error.code(), ErrorCode::BadRequest);
}

#[tokio::test]
async fn cached_results_depend_on_filters_and_exclusions() {
    let fixture = Fixture::new().await;
    let documents = ["a", "b", "c"].map(|id| (id, "picker", r#"{"n":1}"#));
    fixture.fill("people", &documents).await;
    let search = async |exclude: &[&'static str], n: Option<f64>| {
        let filter = n.map(|n| Filter::Eq {
            field: "n".into(),
            value: Scalar::Number(n),
        });
        let query = MatrixQuery {
            exclude_ids: exclude.to_vec(),
            filter,
            ..MatrixQuery::new("picker", vec!["people"])
        };
        let hits = fixture.matrix.search(query).await.unwrap().hits;
        let ids: Vec<String> = hits.iter().map(|hit| hit.id.to_string()).collect();
        (ids.join(" "), fixture.matrix.cache_stats().hits)
    };
    let want = |ids: &str, hits| (ids.to_owned(), hits);
    assert_eq!(search(&[], None).await, want("a b c", 0));
    assert_eq!(search(&["a"], None).await, want("b c", 0));
    assert_eq!(search(&["b"], None).await, want("a c", 0));
    assert_eq!(search(&["a", "b"], None).await, want("c", 0));
    assert_eq!(search(&[], Some(1.0)).await, want("a b c", 0));
    assert_eq!(search(&[], Some(2.0)).await, want("", 0));
    assert_eq!(search(&["a"], Some(1.0)).await, want("b c", 0));
    // Again, from the cache.
    assert_eq!(search(&["a"], Some(1.0)).await, want("b c", 1));
    assert_eq!(search(&["b"], None).await, want("a c", 2));
    assert_eq!(search(&[], Some(2.0)).await, want("", 3));
    fixture
        .fill("people", &[("a", "picker", r#"{"n":2}"#)])
        .await;
    assert_eq!(search(&[], Some(2.0)).await, want("a", 3));
}

#[tokio::test]
async fn queries_with_a_cached_result_are_not_embedded() {
    let fixture = Fixture::new().await;
    fixture.fill("people", &[("1", "picker", "{}")]).await;
    let first = fixture.cold("pickers", &["people"], 1).await;
    let embedded = fixture.embedders.cache_stats();
    assert_eq!(fixture.cold("pickers", &["people"], 1).await, first);
    assert_eq!(fixture.embedders.cache_stats(), embedded);
}

#[tokio::test]
async fn corpora_whose_model_fails_are_reported() {
    let (fixture, seen) = Fixture::with_upstream().await;
    let hashed = corpus_name("hashed");
    fixture
        .matrix
        .create_corpus(&hashed, Some("hash-768"))
        .await
        .unwrap();
    fixture.fill("m1", &[("1", "picker", "{}")]).await;
    fixture.fill("m2", &[("2", "picker", "{}")]).await;
    let calls = seen.calls();
    let answer = fixture.cold("pickers", &["m1", "hashed", "m2"], 3).await;
    assert_eq!(ids(&answer), ["1", "2"]);
    assert_eq!(seen.calls(), calls + 1, "once for both corpora");
    seen.fail(true);
    let answer = fixture.cold("packers", &["m1", "hashed", "m2"], 3).await;
    assert_eq!(seen.calls(), calls + 2, "a failed call is not repeated");
    let failed = Err("ollama: answered status 500");
    assert_eq!(
        answer.corpora,
        [
            report("m1", failed),
            report("hashed", Ok(0)),
            report("m2", failed)
        ]
    );
    let query = MatrixQuery::new("packers", vec!["m1", "gone"]);
    let error = fixture.matrix.search(query).await.unwrap_err();
    assert_eq!(error.to_string(), "ollama: answered status 500");
    let query = MatrixQuery::new("packers", vec!["gone", "m1"]);
    let error = fixture.matrix.search(query).await.unwrap_err();
    assert_eq!(error.to_string(), "unknown corpus `gone`");
    assert_eq!(error.code(), ErrorCode::NotFound);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_cold_ranking_is_exact_over_all_corpora(
        texts in prop::collection::vec("(picker|packer|nurse|cook|detroit|flint| ){1,6}", 1..30),
        query in "(picker|packer|nurse|cook|detroit|flint| ){1,4}z",
        k in 1..12_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let fixture = Fixture::new().await;
            let texts: Vec<_> = texts.iter().map(|text| format!("x{text}")).collect();
            let named: Vec<_> = (0..).zip(&texts).map(|(n, text)| (format!("w-{n}"), text)).collect();
            let (mut corpora, mut distances) = (["a", "b"].map(|_| Vec::new()), Vec::new());
            for (n, (id, text)) in named.iter().enumerate() {
                corpora[n % 2].push((id.as_str(), text.as_str(), "{}"));
                let (document, query) = (embed_text(text), embed_text(&query));
                let pairs = document.values().iter().zip(query.values());
                distances.push(1.0 - pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>());
            }
            fixture.fill("a", &corpora[0]).await;
            fixture.fill("b", &corpora[1]).await;
            let answer = fixture.cold(&query, &["a", "b"], k).await;
            distances.sort_by(f64::total_cmp);
            let got: Vec<_> = answer.hits.iter().map(|hit| hit.distance).collect();
            assert_eq!(got.len(), k.min(texts.len()));
            for (got, want) in got.iter().zip(distances) {
                assert!((got - want.max(0.0)).abs() < 1e-5, "{got} {want}");
            }
            let in_order = |pair: &[lakehouse_matrix::MatrixHit]| {
                let key = |at: usize| (pair[at].id.clone(), pair[at].corpus.clone());
                pair[0].distance < pair[1].distance
                    || pair[0].distance == pair[1].distance && key(0) < key(1)
            };
            assert!(answer.hits.windows(2).all(in_order));
        });
    }
}

#[tokio::test]
async fn results_are_cached_until_the_corpus_changes() {
    let fixture = Fixture::new().await;
    let fill = async |documents: &[(&str, &str, &str)]| fixture.fill("people", documents).await;
    fill(&[
        ("a", "forklift operator", r#"{"n":1}"#),
        ("b", "cook", "{}"),
    ])
    .await;
    let first = fixture.cold("forklift operator", &["people"], 1).await;
    assert_eq!(ids(&first), ["a"]);
    assert_eq!(fixture.matrix.cache_stats().hits, 0);
    let again = fixture.cold("forklift operator", &["people"], 1).await;
    assert_eq!(again, first);
    assert_eq!(fixture.matrix.cache_stats().hits, 1);
    // The key includes `k`.
    let both = fixture.cold("forklift operator", &["people"], 2).await;
    assert_eq!(ids(&both), ["a", "b"]);
    assert_eq!(fixture.matrix.cache_stats().hits, 1);

    fill(&[
        ("a", "nurse", r#"{"n":2}"#),
        ("c", "forklift operator", "{}"),
    ])
    .await;
    let changed = fixture.cold("forklift operator", &["people"], 1).await;
    assert_eq!(ids(&changed), ["c"]);
    assert_eq!(fixture.matrix.cache_stats().hits, 1);
    fill(&[("c", "forklift operator", r#"{"n":3}"#)]).await;
    let metadata = fixture.cold("forklift operator", &["people"], 1).await;
    assert_eq!(metadata.hits[0].metadata.as_str(), r#"{"n":3}"#);
    fixture
        .matrix
        .delete_document(&corpus_name("people"), "c")
        .await
        .unwrap();
    let gone = fixture.cold("forklift operator", &["people"], 3).await;
    assert!(!ids(&gone).contains(&"c"), "{gone:?}");
}

#[tokio::test]
async fn cached_results_end_with_their_corpus() {
    let fixture = Fixture::new().await;
    fixture.fill("people", &[("a", "cook", "{}")]).await;
    assert_eq!(ids(&fixture.cold("cook", &["people"], 1).await), ["a"]);
    fixture
        .matrix
        .drop_corpus(&corpus_name("people"))
        .await
        .unwrap();
    fixture.fill("people", &[("b", "cook", "{}")]).await;
    assert_eq!(ids(&fixture.cold("cook", &["people"], 1).await), ["b"]);
}
