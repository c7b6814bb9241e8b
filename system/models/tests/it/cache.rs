//! The cache: what it keeps, which calls it makes, and the order of its answers.

use std::{borrow::Cow, sync::Arc};

use lakehouse_base::{UpstreamError, UpstreamFault};
use lakehouse_models::embed::{CacheStats, EmbedCache, EmbedError, Embedders, Embedding};
use proptest::prelude::*;

use crate::counting::{Counting, counting};
use crate::support::LONG_TIMEOUT;

const ROOMY_BYTES: u64 = 1 << 20;

async fn embedders(cache_bytes: u64) -> (Embedders, Counting) {
    let (ollama, seen) = counting().await;
    let cache = EmbedCache::new(cache_bytes);
    (Embedders::with_provider(cache, Arc::new(ollama), "m"), seen)
}

async fn embed(embedders: &Embedders, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError> {
    let texts: Vec<_> = texts.iter().map(|text| Cow::Borrowed(*text)).collect();
    Ok(embedders.embed(None, &texts).await?.embeddings)
}

/// Waits until the cache has counted this many misses.
async fn misses(embedders: &Embedders, count: u64) {
    let counted = async {
        while embedders.cache_stats().misses < count {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(LONG_TIMEOUT, counted).await;
    waited.expect("a miss was not counted");
}

/// The vector that the counting upstream gives a text.
fn vector_of(text: &str) -> Embedding {
    Embedding::normalised(&[text.chars().count() as f64, 1.0, 0.0]).unwrap()
}

#[tokio::test]
async fn each_missing_text_is_requested_once() {
    let (embedders, seen) = embedders(ROOMY_BYTES).await;
    let texts = ["aa", "b", "aa", "cccc", "b"];
    let want: Vec<_> = texts.iter().map(|text| vector_of(text)).collect();
    assert_eq!(embed(&embedders, &texts).await.unwrap(), want);
    assert_eq!(embed(&embedders, &texts).await.unwrap(), want);
    let got = embed(&embedders, &["dd", "b", "dd", "eee", "aa"])
        .await
        .unwrap();
    assert_eq!(got, ["dd", "b", "dd", "eee", "aa"].map(vector_of));
    let bodies = seen.bodies();
    assert_eq!(
        bodies,
        [
            r#"{"model":"m","input":["aa","b","cccc"],"truncate":false}"#,
            r#"{"model":"m","input":["dd","eee"],"truncate":false}"#,
        ]
    );
    let CacheStats {
        hits,
        misses,
        entries,
        bytes,
    } = embedders.cache_stats();
    assert_eq!((hits, misses, entries), (5 + 2, 5 + 3, 5));
    assert!((100..ROOMY_BYTES).contains(&bytes), "{bytes}");
}

#[tokio::test]
async fn models_do_not_share_entries() {
    let (embedders, seen) = embedders(ROOMY_BYTES).await;
    let texts = [Cow::Borrowed("a")];
    for model in ["m", "n", "m"] {
        let embedded = embedders.embed(Some(model), &texts).await.unwrap();
        assert_eq!(embedded.model, model);
    }
    assert_eq!(seen.calls(), 2);
    let built_in = embedders.embed(Some("hash-768"), &texts).await.unwrap();
    assert_eq!(built_in.embeddings[0].dimension(), 768);
    assert_eq!(seen.calls(), 2);
}

#[tokio::test]
async fn concurrent_misses_of_a_text_make_one_call() {
    let (embedders, seen) = embedders(ROOMY_BYTES).await;
    seen.hold();
    let ask = |texts: &'static [&'static str]| {
        let embedders = embedders.clone();
        tokio::spawn(async move { embed(&embedders, texts).await })
    };
    let first = ask(&["a", "bb"]);
    seen.called(1).await;
    let mut others = vec![ask(&["ccc", "bb"])];
    seen.called(2).await;
    others.extend((0..20).map(|i| {
        ask(if i % 2 == 0 {
            &["bb", "a"]
        } else {
            &["ccc", "a"]
        })
    }));
    // All of these wait for the two calls; none of them makes a third.
    misses(&embedders, 2 + 2 + 40).await;
    seen.release();
    assert_eq!(first.await.unwrap().unwrap(), ["a", "bb"].map(vector_of));
    for other in others {
        other.await.unwrap().unwrap();
    }
    let bodies = seen.bodies();
    assert_eq!(
        bodies,
        [
            r#"{"model":"m","input":["a","bb"],"truncate":false}"#,
            r#"{"model":"m","input":["ccc"],"truncate":false}"#,
        ]
    );
}

#[tokio::test]
async fn waiting_requests_share_a_failure_that_is_not_kept() {
    let (embedders, seen) = embedders(ROOMY_BYTES).await;
    seen.hold();
    seen.fail(true);
    let asked: Vec<_> = (0..10)
        .map(|_| {
            let embedders = embedders.clone();
            tokio::spawn(async move { embed(&embedders, &["a"]).await })
        })
        .collect();
    misses(&embedders, 10).await;
    seen.called(1).await;
    seen.release();
    let failure = EmbedError::Upstream(UpstreamError::new(
        "ollama",
        UpstreamFault::Status {
            status: 500,
            words: String::new(),
        },
    ));
    for asked in asked {
        assert_eq!(asked.await.unwrap(), Err(failure.clone()));
    }
    assert_eq!(seen.calls(), 1);
    assert_eq!(embedders.cache_stats().entries, 0);

    seen.fail(false);
    assert_eq!(embed(&embedders, &["a"]).await.unwrap(), [vector_of("a")]);
    assert_eq!(seen.calls(), 2);
}

#[tokio::test]
async fn a_cancelled_request_does_not_cancel_the_call() {
    let (embedders, seen) = embedders(ROOMY_BYTES).await;
    seen.hold();
    let leader = {
        let embedders = embedders.clone();
        tokio::spawn(async move { embed(&embedders, &["a"]).await })
    };
    seen.called(1).await;
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    let waiter = {
        let embedders = embedders.clone();
        tokio::spawn(async move { embed(&embedders, &["a"]).await })
    };
    misses(&embedders, 2).await;
    seen.release();
    let answer = tokio::time::timeout(LONG_TIMEOUT, waiter).await;
    assert_eq!(
        answer.expect("the waiter hangs").unwrap().unwrap(),
        [vector_of("a")]
    );
    assert_eq!(seen.calls(), 1);
}

#[tokio::test]
async fn memory_stays_within_the_bound() {
    const BOUND_BYTES: u64 = 40_000;
    let (embedders, seen) = embedders(BOUND_BYTES).await;
    for i in 0..400 {
        let text = format!("text {i}");
        embed(&embedders, &[&text]).await.unwrap();
        let CacheStats { bytes, .. } = embedders.cache_stats();
        assert!(bytes <= BOUND_BYTES, "{bytes} after {i}");
    }
    let CacheStats { entries, bytes, .. } = embedders.cache_stats();
    assert!(
        entries > 50 && bytes > BOUND_BYTES / 2,
        "{entries} entries of {bytes} bytes"
    );
    assert_eq!(seen.calls(), 400);

    // A vector that is larger than the bound is returned and not kept.
    let large = "x".repeat(50_000);
    assert_eq!(
        embed(&embedders, &[&large]).await.unwrap(),
        [vector_of(&large)]
    );
    assert!(embedders.cache_stats().bytes <= BOUND_BYTES);
}

#[tokio::test]
async fn a_cache_of_0_bytes_keeps_nothing() {
    let (embedders, seen) = embedders(0).await;
    for _ in 0..3 {
        assert_eq!(
            embed(&embedders, &["a", "a"]).await.unwrap(),
            [vector_of("a"), vector_of("a")]
        );
    }
    assert_eq!(seen.calls(), 3);
    assert_eq!(embedders.cache_stats().entries, 0);
}

#[tokio::test]
async fn vectors_of_a_changed_model_are_requested_again() {
    let (embedders, seen) = embedders(ROOMY_BYTES).await;
    embed(&embedders, &["a"]).await.unwrap();
    seen.embed_in(4);
    let error = embed(&embedders, &["a", "b"]).await.unwrap_err();
    assert_eq!(error.to_string(), "ollama: answer is malformed");
    let embeddings = embed(&embedders, &["a", "b"]).await.unwrap();
    assert!(
        embeddings
            .iter()
            .all(|embedding| embedding.dimension() == 4)
    );
}

#[tokio::test]
async fn blank_texts_are_rejected_before_any_call() {
    let (embedders, seen) = embedders(ROOMY_BYTES).await;
    let error = embed(&embedders, &["a", "\u{3000}\t", ""])
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "text 1 is empty");
    assert_eq!(seen.calls(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn concurrent_requests_get_their_own_vectors_in_order(
        requests in prop::collection::vec(prop::collection::vec("[a-d]{1,6}", 1..12), 1..12),
        cache_bytes in prop::sample::select(vec![0, 3_000, ROOMY_BYTES]),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let (embedders, seen) = embedders(cache_bytes).await;
            let asked: Vec<_> = requests.iter().cloned().map(|texts| {
                let embedders = embedders.clone();
                tokio::spawn(async move {
                    let texts: Vec<_> = texts.iter().map(String::as_str).collect();
                    embed(&embedders, &texts).await
                })
            }).collect();
            for (texts, asked) in requests.iter().zip(asked) {
                let want: Vec<_> = texts.iter().map(|text| vector_of(text)).collect();
                prop_assert_eq!(asked.await.unwrap().unwrap(), want);
            }
            if cache_bytes == ROOMY_BYTES {
                let mut asked_for: Vec<String> = Vec::new();
                for body in seen.bodies().iter() {
                    let body: serde_json::Value = serde_json::from_str(body).unwrap();
                    let input = body["input"].as_array().unwrap().clone();
                    asked_for.extend(input.iter().map(|text| text.as_str().unwrap().to_owned()));
                }
                let calls = asked_for.len();
                asked_for.sort();
                asked_for.dedup();
                prop_assert_eq!(calls, asked_for.len(), "a text was asked for twice");
            }
            Ok(())
        })?;
    }
}
