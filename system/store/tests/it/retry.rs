//! What is tried again, and what is not.

use std::time::Duration;

use lakehouse_base::ErrorCode;
use lakehouse_store::{MemoryStore, PutMode, Retrying, Store, StoreError};

use crate::flaky::Flaky;
use crate::key;

fn flaky(failures: u32) -> Flaky<MemoryStore> {
    Flaky::new(MemoryStore::new("unused".as_ref()), failures)
}

#[tokio::test]
async fn it_gives_up_after_its_tries() {
    let store = Retrying::with(flaky(3), 3, Duration::from_micros(1));
    let error = store.get(&key("x")).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Upstream);
    assert_eq!(
        error.to_string(),
        "cannot reach `the store` for now: timed out"
    );
    // The fourth call gets through.
    let error = store.get(&key("x")).await.unwrap_err();
    assert_eq!(error.to_string(), "no object `x`");
}

#[tokio::test]
async fn creating_is_tried_once() {
    let store = Retrying::with(flaky(1), 3, Duration::from_micros(1));
    let name = key("x");
    let create = async || store.put(&name, "x".into(), PutMode::Create).await;
    assert!(matches!(
        create().await,
        Err(StoreError::Unavailable { .. })
    ));
    create().await.unwrap();
    store
        .put(&name, "y".into(), PutMode::Overwrite)
        .await
        .unwrap();
    assert_eq!(store.get(&name).await.unwrap(), "y");
}

#[tokio::test]
async fn what_is_final_is_told_at_once() {
    // A second try would wait for longer than any test.
    let store = Retrying::with(flaky(0), 5, Duration::from_secs(3600));
    let absent = store.head(&key("x")).await;
    assert!(matches!(absent, Err(StoreError::NotFound { .. })));
}
