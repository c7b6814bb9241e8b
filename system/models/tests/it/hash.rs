//! The `hash` provider, compared with vectors that another program computed from the contract.

use std::borrow::Cow;

use lakehouse_models::embed::{EmbedError, EmbedRequest, Embedder, HashEmbedder, hash::embed_text};
use proptest::prelude::*;
use serde::Deserialize;

/// A text and the nonzero components of its vector.
#[derive(Deserialize)]
struct Case {
    text: String,
    components: Vec<(usize, f64)>,
}

#[test]
fn vectors_match_the_contract() {
    let mut count = 0;
    for line in include_str!("hash.jsonl").lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let mut want = vec![0.0_f32; 768];
        for (index, value) in case.components {
            want[index] = value as f32;
        }
        assert_eq!(embed_text(&case.text).values(), want, "{:?}", case.text);
        count += 1;
    }
    assert!(count > 10, "{count} cases found");
}

#[tokio::test]
async fn other_models_are_unknown() {
    let texts = [Cow::Borrowed("a")];
    let request = EmbedRequest {
        model: "hash-512",
        prefix: "",
        texts: &texts,
    };
    let error = HashEmbedder.embed(request).await.unwrap_err();
    assert_eq!(
        error,
        EmbedError::UnknownModel {
            model: "hash-512".to_owned()
        }
    );
    assert_eq!(error.to_string(), "unknown model `hash-512`");
}

#[tokio::test]
async fn a_prefix_is_part_of_the_text() {
    let texts = [Cow::Borrowed("b")];
    let request = EmbedRequest {
        model: "hash-768",
        prefix: "a: ",
        texts: &texts,
    };
    assert_eq!(
        HashEmbedder.embed(request).await.unwrap(),
        [embed_text("a: b")]
    );
}

proptest! {
    #[test]
    fn every_text_has_a_unit_vector(text in any::<String>()) {
        let embedding = embed_text(&text);
        let norm = embedding.values().iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        prop_assert!((norm - 1.0).abs() < 1e-6, "{norm}");
        prop_assert_eq!(embedding.dimension(), 768);
    }

    #[test]
    fn ascii_case_and_word_order_do_not_matter(words in prop::collection::vec("[a-z0-9é]{1,8}", 1..6)) {
        let forward = words.join(" ");
        let backward: Vec<_> = words.iter().rev().map(|word| word.to_ascii_uppercase()).collect();
        let (forward, backward) = (embed_text(&forward), embed_text(&backward.join(", ")));
        // If the components cancel out, the vector depends on the text itself.
        prop_assume!(forward.values().iter().filter(|value| **value != 0.0).count() > 1);
        prop_assert_eq!(forward, backward);
    }
}
