//! Which calls are retried.

use std::time::Duration;

use lakehouse_base::ErrorCode;
use lakehouse_store::{Backoff, Retrying, StoreError};
use object_store::memory::InMemory;
use object_store::{Error, GetResultPayload, ObjectStore, ObjectStoreExt, PutMode};

use crate::flaky::Flaky;
use crate::{QUICK, get, key, names, put};

#[tokio::test]
async fn the_last_try_reports_its_error() {
    let store = Retrying::new(Flaky::new(InMemory::new(), 3), QUICK);
    let error = store.get(&key("x")).await.unwrap_err();
    let error = StoreError::new("read", &key("x"), error);
    assert_eq!(error.code(), ErrorCode::Upstream);
    let message = error.to_string();
    assert!(
        message.starts_with("cannot read `x` for now: "),
        "{message}"
    );
    assert!(message.ends_with("timed out"), "{message}");
    // The fourth call gets through.
    let absent = store.get(&key("x")).await;
    assert!(matches!(absent, Err(Error::NotFound { .. })), "{absent:?}");
}

#[tokio::test]
async fn creating_is_tried_once() {
    let flaky = Flaky::new(InMemory::new(), 1).failing_creating();
    let store = Retrying::new(flaky, QUICK);
    put(&store, "y", "y").await;
    let create = async || {
        let create = PutMode::Create.into();
        store.put_opts(&key("x"), "x".into(), create).await
    };
    let copy = async || store.copy_if_not_exists(&key("y"), &key("z")).await;
    let rename = async || store.rename(&key("y"), &key("z")).await;
    assert!(matches!(create().await, Err(Error::Generic { .. })));
    create().await.unwrap();
    assert!(matches!(create().await, Err(Error::Generic { .. })));
    assert!(matches!(create().await, Err(Error::AlreadyExists { .. })));
    assert!(matches!(copy().await, Err(Error::Generic { .. })));
    copy().await.unwrap();
    assert!(matches!(rename().await, Err(Error::Generic { .. })));
    rename().await.unwrap();
    assert_eq!(names(&store, None).await, ["x", "z"]);
}

#[tokio::test]
async fn a_final_error_is_reported_at_once() {
    let hours = Backoff {
        tries: 5,
        first_pause: Duration::from_secs(3600),
    };
    let store = Retrying::new(InMemory::new(), hours);
    let absent = store.head(&key("x")).await;
    assert!(matches!(absent, Err(Error::NotFound { .. })));
}

#[tokio::test]
async fn an_interrupted_body_is_resumed() {
    let flaky = Flaky::new(InMemory::new(), 2).breaking_bodies();
    let store = Retrying::new(flaky, QUICK);
    put(&store, "x", "0123456789").await;
    assert_eq!(get(&store, "x").await.unwrap(), "0123456789");
    let range = store.get_range(&key("x"), 3..8).await.unwrap();
    assert_eq!(range, "34567");
}

#[tokio::test]
async fn a_body_is_not_resumed_with_another_object() {
    let flaky = Flaky::new(InMemory::new(), 0).breaking_bodies();
    let store = Retrying::new(flaky, QUICK);
    put(&store, "x", "0123456789").await;
    let object = store.get(&key("x")).await.unwrap();
    assert!(matches!(object.payload, GetResultPayload::Stream(_)));
    put(&store, "x", "abcdefghij").await;
    let mixed = object.bytes().await;
    assert!(
        matches!(mixed, Err(Error::Precondition { .. })),
        "{mixed:?}"
    );
}
