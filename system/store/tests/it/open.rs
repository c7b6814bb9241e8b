//! Opening by URL or path.

use lakehouse_base::ErrorCode;
use lakehouse_store::open;

use crate::{get, key, put};

#[tokio::test]
async fn a_path_and_a_url_open_the_same_files() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("da ta");
    let path = root.to_str().unwrap();
    let url = format!("file://{}", path.replace(' ', "%20"));
    let cache = folder.path().join("cache");
    put(&**open(path, &cache).unwrap().objects(), "a/x", "x").await;
    let other = open(&url, &cache).unwrap();
    assert_eq!(get(&**other.objects(), "a/x").await.unwrap(), "x");
    assert!(!cache.exists());
}

#[tokio::test]
async fn every_store_in_memory_is_another() {
    let folder = tempfile::tempdir().unwrap();
    let store = open("memory://", folder.path()).unwrap();
    put(&**store.objects(), "a/x", "x").await;
    let copy = store.local_file(&key("a/x")).await.unwrap();
    assert!(copy.starts_with(folder.path()));
    let other = open("memory://", folder.path()).unwrap();
    get(&**other.objects(), "a/x").await.unwrap_err();
}

#[test]
fn an_unusable_location_is_reported() {
    let cases = [
        ("", "it is empty"),
        (
            "file://host/x",
            "a `file` URL names no host and an absolute path",
        ),
        (
            "file:///%zz",
            "a `%` is not followed by two hexadecimal digits",
        ),
        ("file:///%ff", "its path is not UTF-8"),
        ("memory://x", "a store in memory has no name"),
        ("s3://bucket", "there is no store of the kind `s3`"),
    ];
    for (location, fault) in cases {
        let error = open(location, "unused".as_ref()).unwrap_err();
        let want = format!(
            "cannot open store `{location}`: {fault}; use `file:///…`, `memory://` or a path"
        );
        assert_eq!(error.to_string(), want);
        assert_eq!(error.code(), ErrorCode::BadRequest);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = open(file.join("x").to_str().unwrap(), "unused".as_ref()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Internal);
}
