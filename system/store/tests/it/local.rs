//! The behaviour of local files only.

use std::fs;
use std::os::unix::ffi::OsStrExt;

use lakehouse_store::LocalStore;
use object_store::{Error, GetResultPayload, ObjectStore, ObjectStoreExt, PutMode};

use crate::{get, key, names, put};

#[tokio::test]
async fn objects_outlive_the_store_and_are_files_at_their_keys() {
    let folder = tempfile::tempdir().unwrap();
    // The characters are special in the URLs of `LocalFileSystem`.
    let root = folder.path().join("100%25 da ta?#");
    let name = "a/b c%20ü.bin";
    let store = LocalStore::open(&root).unwrap();
    put(&store, name, "x").await;
    let file = fs::canonicalize(&root).unwrap().join(name);
    assert_eq!(store.path(&key(name)), file);
    assert_eq!(fs::read(&file).unwrap(), b"x");
    let object = store.get(&key(name)).await.unwrap();
    assert!(matches!(object.payload, GetResultPayload::File(_, path) if path == file));
    drop(store);
    let store = LocalStore::open(&root).unwrap();
    assert_eq!(get(&store, name).await.unwrap(), "x");
    assert_eq!(names(&store, None).await, [name]);
}

#[tokio::test]
async fn nothing_unfinished_is_left_or_listed() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalStore::open(folder.path()).unwrap();
    for _ in 0..2 {
        let create = PutMode::Create.into();
        let _ = store.put_opts(&key("x"), "x".into(), create).await;
        put(&store, "y", "y").await;
        store.copy(&key("y"), &key("z")).await.unwrap();
        let mut aborted = store.put_multipart(&key("y")).await.unwrap();
        aborted.put_part("half".into()).await.unwrap();
        aborted.abort().await.unwrap();
        let mut dropped = store.put_multipart(&key("y")).await.unwrap();
        dropped.put_part("half".into()).await.unwrap();
    }
    let files = || {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(files(), ["x", "y", "z"]);
    // A staged file of a crashed process, and files that no key can name.
    fs::write(folder.path().join("y#1"), "half").unwrap();
    fs::write(folder.path().join("a:b"), "x").unwrap();
    let not_utf8 = std::ffi::OsStr::from_bytes(b"\xFF");
    fs::write(folder.path().join(not_utf8), "x").unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("broken")).unwrap();
    assert_eq!(names(&store, None).await, ["x", "y", "z"]);
    let level = store.list_with_delimiter(None).await.unwrap();
    assert_eq!(level.objects.len(), 3);
    put(&store, "y", "again").await;
    assert_eq!(get(&store, "y").await.unwrap(), "again");
}

#[tokio::test]
async fn an_upload_ends_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalStore::open(folder.path()).unwrap();
    let mut upload = store.put_multipart(&key("x")).await.unwrap();
    upload.put_part("x".into()).await.unwrap();
    upload.complete().await.unwrap();
    for ended in [
        upload.put_part("y".into()).await,
        upload.complete().await.map(drop),
        upload.abort().await,
    ] {
        let error = ended.unwrap_err().to_string();
        assert!(error.ends_with("the upload has ended"), "{error}");
    }
    assert_eq!(get(&store, "x").await.unwrap(), "x");
}

#[tokio::test]
async fn an_object_is_not_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalStore::open(folder.path()).unwrap();
    put(&store, "a", "x").await;
    put(&store, "b/c", "x").await;
    for mode in [PutMode::Create, PutMode::Overwrite] {
        for name in ["a/b", "b"] {
            let options = mode.clone().into();
            let put = store.put_opts(&key(name), "x".into(), options).await;
            assert!(matches!(put, Err(Error::Generic { .. })), "{name}: {put:?}");
        }
    }
    assert_eq!(names(&store, None).await, ["a", "b/c"]);
}

#[tokio::test]
async fn a_folder_that_was_removed_is_created_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalStore::open(folder.path()).unwrap();
    put(&store, "a/b/c", "x").await;
    fs::remove_dir_all(folder.path().join("a")).unwrap();
    put(&store, "a/b/c", "y").await;
    assert_eq!(get(&store, "a/b/c").await.unwrap(), "y");
}

#[test]
fn no_runtime_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalStore::open(folder.path()).unwrap();
    futures::executor::block_on(async {
        put(&store, "a/x", "x").await;
        assert_eq!(names(&store, None).await, ["a/x"]);
        assert_eq!(get(&store, "a/x").await.unwrap(), "x");
    });
}
