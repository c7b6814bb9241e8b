//! What is particular to objects that are files.

use std::fs;

use lakehouse_base::ErrorCode;
use lakehouse_store::{LocalStore, PutMode, Store};

use crate::key;

#[tokio::test]
async fn objects_outlive_the_store_and_are_files_at_their_keys() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalStore::open(folder.path()).unwrap();
    let name = key("a/b c%20ü.bin");
    store.put(&name, "x".into(), PutMode::Create).await.unwrap();
    let path = store.local(&name).await.unwrap();
    let want = fs::canonicalize(folder.path())
        .unwrap()
        .join("a/b c%20ü.bin");
    assert_eq!(path, want);
    drop(store);
    let store = LocalStore::open(folder.path()).unwrap();
    assert_eq!(store.get(&name).await.unwrap(), "x");
}

#[tokio::test]
async fn nothing_unfinished_is_left_or_listed() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalStore::open(folder.path()).unwrap();
    for _ in 0..2 {
        let _ = store.put(&key("x"), "x".into(), PutMode::Create).await;
        store
            .put(&key("y"), "y".into(), PutMode::Overwrite)
            .await
            .unwrap();
    }
    let mut files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    files.sort();
    assert_eq!(files, ["x", "y"]);
    // What a crash would leave.
    fs::write(folder.path().join("z#1"), "half").unwrap();
    assert_eq!(store.list(None).await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_object_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalStore::open(folder.path()).unwrap();
    store
        .put(&key("a"), "x".into(), PutMode::Create)
        .await
        .unwrap();
    let error = store.put(&key("a/b"), "x".into(), PutMode::Create).await;
    let error = error.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Internal);
    assert!(
        error.to_string().starts_with("cannot write `a/b`: "),
        "{error}"
    );
}
