//! Moving local files into a store, and reading objects as local files.

use std::fs;
use std::io::Read;

use lakehouse_store::{Store, StoreError, open};

use crate::{get, key, names, put};

/// Runs a test on a store of local files and on one in memory.
async fn each(test: impl AsyncFn(Store)) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("store");
    for location in [root.to_str().unwrap(), "memory://"] {
        eprintln!("store: {location}");
        test(open(location, &folder.path().join("copies")).unwrap()).await;
    }
}

#[tokio::test]
async fn a_file_becomes_an_object() {
    each(async |store| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        // Larger than one part of an upload.
        let large = "0123456789".repeat(1 << 20);
        for content in ["one", "", &large] {
            fs::write(&file, content).unwrap();
            store.put_file(&key("deep/er/x"), &file).await.unwrap();
            assert!(!file.exists());
            let object = get(&**store.objects(), "deep/er/x").await.unwrap();
            assert!(object == content, "{} bytes", object.len());
        }
        store.put_file(&key("y"), &file).await.unwrap_err();
        fs::write(&file, "x").unwrap();
        let error = store.put_file(&key("a#1"), &file).await.unwrap_err();
        assert!(matches!(error, StoreError::InvalidKey(_)), "{error}");
        assert!(file.exists());
        assert_eq!(names(&**store.objects(), None).await, ["deep/er/x"]);
    })
    .await;
}

#[tokio::test]
async fn a_file_of_another_file_system_becomes_an_object() {
    let shared = tempfile::tempdir_in("/dev/shm").unwrap();
    let file = shared.path().join("file");
    each(async |store| {
        fs::write(&file, "content").unwrap();
        store.put_file(&key("a/x"), &file).await.unwrap();
        assert!(!file.exists());
        let object = get(&**store.objects(), "a/x").await.unwrap();
        assert_eq!(object, "content");
        let copy = store.local_file(&key("a/x")).await.unwrap();
        let beside = fs::read_dir(copy.parent().unwrap()).unwrap();
        assert_eq!(beside.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_open_local_file_keeps_its_bytes() {
    each(async |store| {
        let name = key("a/x");
        let absent = store.local_file(&name).await;
        assert!(matches!(absent, Err(StoreError::NotFound { key }) if key == "a/x"));
        put(&**store.objects(), "a/x", "one").await;
        let path = store.local_file(&name).await.unwrap();
        let mut earlier = fs::File::open(&path).unwrap();
        put(&**store.objects(), "a/x", "two").await;
        let path = store.local_file(&name).await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        for _ in 0..2 {
            store.delete(&name).await.unwrap();
            assert!(!path.exists());
        }
        let mut kept = String::new();
        earlier.read_to_string(&mut kept).unwrap();
        assert_eq!(kept, "one");
    })
    .await;
}
