//! Accepted and rejected keys.

use std::sync::Arc;

use lakehouse_base::ErrorCode;
use lakehouse_store::StoreError;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use proptest::prelude::*;

use crate::{each, get, key, names, put};

#[tokio::test]
async fn every_store_rejects_the_same_keys() {
    let long = "a".repeat(241);
    let longer = "a/".repeat(512) + "a";
    let forbidden = "it has a control character, a `\\`, a `:`, a `|` or a `#`";
    let cases = [
        ("", "it is empty"),
        ("a\\b", forbidden),
        ("C:", forbidden),
        ("a#1", forbidden),
        ("a#1/b", forbidden),
        ("a\u{85}", forbidden),
        (&long, "it has a segment of more than 240 bytes"),
        (&longer, "it has more than 1024 bytes"),
    ];
    each(async |store: Arc<dyn ObjectStore>| {
        put(&*store, "x", "x").await;
        for (text, fault) in cases {
            let (bad, good, range) = (key(text), key("x"), 0..1);
            let errors = [
                store.put(&bad, "x".into()).await.map(drop),
                store.put_multipart(&bad).await.map(drop),
                store.get(&bad).await.map(drop),
                store
                    .get_ranges(&bad, std::slice::from_ref(&range))
                    .await
                    .map(drop),
                store.delete(&bad).await,
                store.copy(&bad, &good).await,
                store.copy(&good, &bad).await,
                store.rename(&bad, &good).await,
                store.rename(&good, &bad).await,
            ];
            for error in errors {
                let error = StoreError::new("use", &bad, error.unwrap_err());
                let want = format!("key `{text}` is not valid: {fault}");
                assert_eq!(error.to_string(), want);
                assert_eq!(error.code(), ErrorCode::BadRequest);
            }
            if !text.is_empty() {
                assert!(names(&*store, Some(text)).await.is_empty());
                let level = store.list_with_delimiter(Some(&bad)).await.unwrap();
                assert!(level.objects.is_empty() && level.common_prefixes.is_empty());
            }
        }
        assert_eq!(names(&*store, None).await, ["x"]);
    })
    .await;
}

#[test]
fn no_key_leaves_the_store() {
    for text in ["..", "a/../../b", "./a", "a//b", "a\0", "a\nb"] {
        Key::parse(text).unwrap_err();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// An accepted key is found under its own spelling, in listings too.
    #[test]
    fn an_accepted_key_is_found_again(text in "[^/\\\\:|#\\p{Cc}]{1,20}(/[^/\\\\:|#\\p{Cc}]{1,20}){0,2}") {
        let Ok(name) = Key::parse(&text) else {
            prop_assert!(text.split('/').any(|s| matches!(s, "." | "..")), "{text}");
            return Ok(());
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(each(async |store: Arc<dyn ObjectStore>| {
            put(&*store, &text, "here").await;
            assert_eq!(get(&*store, &text).await.unwrap(), "here");
            assert_eq!(names(&*store, None).await, [text.as_str()]);
            store.delete(&name).await.unwrap();
            assert!(names(&*store, None).await.is_empty());
        }));
    }
}
