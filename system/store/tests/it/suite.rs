//! What every store does.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lakehouse_store::{
    Key, LocalStore, MemoryStore, ObjectInfo, PutMode, Retrying, Store, StoreError,
};
use proptest::prelude::*;

use crate::flaky::Flaky;
use crate::key;

/// Every implementation, new, below a folder.
fn stores(folder: &Path) -> Vec<(&'static str, Arc<dyn Store>)> {
    let memory = || MemoryStore::new(&folder.join("copies"));
    let pause = Duration::from_micros(1);
    let flaky = Retrying::with(Flaky::new(memory(), 2), 3, pause);
    vec![
        (
            "local",
            Arc::new(LocalStore::open(&folder.join("a/b")).unwrap()),
        ),
        ("memory", Arc::new(memory())),
        ("retrying", Arc::new(flaky)),
    ]
}

async fn each<F: Future<Output = ()>>(test: impl Fn(Arc<dyn Store>) -> F) {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores(folder.path()) {
        eprintln!("store: {name}");
        test(store).await;
    }
}

async fn put(store: &dyn Store, name: &str, bytes: &'static [u8]) {
    let put = store
        .put(&key(name), bytes.into(), PutMode::Overwrite)
        .await;
    put.unwrap();
}

async fn names(store: &dyn Store, folder: Option<&str>) -> Vec<String> {
    let listed = store.list(folder.map(key).as_ref()).await.unwrap();
    listed.into_iter().map(|o| o.key.to_string()).collect()
}

#[tokio::test]
async fn what_was_put_is_got() {
    each(async |store: Arc<dyn Store>| {
        let name = key("a/b/c.bin");
        assert!(matches!(store.get(&name).await, Err(StoreError::NotFound { key }) if key == name));
        put(&*store, "a/b/c.bin", b"first").await;
        put(&*store, "a/b/c.bin", b"the second").await;
        assert_eq!(store.get(&name).await.unwrap(), "the second");
        let info = ObjectInfo {
            key: name.clone(),
            size: 10,
        };
        assert_eq!(store.head(&name).await.unwrap(), info);
        assert_eq!(store.list(None).await.unwrap(), [info]);
        put(&*store, "empty", b"").await;
        assert_eq!(store.get(&key("empty")).await.unwrap(), "");
        assert!(matches!(
            store.get(&key("a/b")).await,
            Err(StoreError::NotFound { .. })
        ));
        assert!(matches!(
            store.head(&key("a/b")).await,
            Err(StoreError::NotFound { .. })
        ));
    })
    .await;
}

#[tokio::test]
async fn ranges_are_exact() {
    each(async |store: Arc<dyn Store>| {
        put(&*store, "x", b"0123456789").await;
        for (range, want) in [(0..10, "0123456789"), (3..4, "3"), (8..10, "89")] {
            assert_eq!(store.get_range(&key("x"), range).await.unwrap(), want);
        }
        #[expect(clippy::reversed_empty_ranges, reason = "it must be refused")]
        for range in [0..11, 10..11, 4..4, 5..4, 20..30] {
            let error = store.get_range(&key("x"), range.clone()).await.unwrap_err();
            let (start, end) = (range.start, range.end);
            let want = format!("object `x` has 10 bytes, not the range {start}..{end}");
            assert_eq!(error.to_string(), want);
        }
        let absent = store.get_range(&key("y"), 0..1).await;
        assert!(matches!(absent, Err(StoreError::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn listing_goes_by_whole_segments_in_order() {
    each(async |store: Arc<dyn Store>| {
        assert!(names(&*store, None).await.is_empty());
        assert!(names(&*store, Some("none")).await.is_empty());
        for name in ["b", "a/2", "a/10", "a/c/1", "ab/1", "a-b"] {
            put(&*store, name, b"x").await;
        }
        let all = ["a-b", "a/10", "a/2", "a/c/1", "ab/1", "b"];
        assert_eq!(names(&*store, None).await, all);
        assert_eq!(names(&*store, Some("a")).await, ["a/10", "a/2", "a/c/1"]);
        assert_eq!(names(&*store, Some("a/c")).await, ["a/c/1"]);
        // A folder's own name is no object in it.
        assert!(names(&*store, Some("b")).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn deleting_is_idempotent() {
    each(async |store: Arc<dyn Store>| {
        put(&*store, "a/b", b"x").await;
        for _ in 0..2 {
            store.delete(&key("a/b")).await.unwrap();
        }
        store.delete(&key("never/there")).await.unwrap();
        assert!(names(&*store, None).await.is_empty());
        assert!(matches!(
            store.get(&key("a/b")).await,
            Err(StoreError::NotFound { .. })
        ));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_one_creates() {
    each(async |store: Arc<dyn Store>| {
        for round in 0..20 {
            let name = key(&format!("race/{round}"));
            let creators: Vec<_> = (0..8_u8)
                .map(|n| {
                    let (store, name) = (Arc::clone(&store), name.clone());
                    tokio::spawn(async move {
                        // What is unavailable has not been tried: `Flaky` fails before the call.
                        loop {
                            let bytes = vec![n; 1000].into();
                            match store.put(&name, bytes, PutMode::Create).await {
                                Err(StoreError::Unavailable { .. }) => {}
                                Ok(()) => return Some(n),
                                Err(StoreError::AlreadyExists { .. }) => return None,
                                Err(error) => panic!("{error}"),
                            }
                        }
                    })
                })
                .collect();
            let mut winners = Vec::new();
            for creator in creators {
                winners.extend(creator.await.unwrap());
            }
            assert_eq!(winners.len(), 1, "{winners:?}");
            assert_eq!(store.get(&name).await.unwrap(), vec![winners[0]; 1000]);
        }
        assert_eq!(names(&*store, None).await.len(), 20);
    })
    .await;
}

#[tokio::test]
async fn a_file_becomes_an_object() {
    each(async |store: Arc<dyn Store>| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("made");
        for content in ["one", "two"] {
            std::fs::write(&file, content).unwrap();
            store.put_file(&key("deep/er/x"), &file).await.unwrap();
            assert!(!file.exists());
            assert_eq!(store.get(&key("deep/er/x")).await.unwrap(), content);
        }
        assert!(store.put_file(&key("y"), &file).await.is_err());
        assert_eq!(names(&*store, None).await, ["deep/er/x"]);
    })
    .await;
}

#[tokio::test]
async fn a_local_file_stays_what_it_was() {
    each(async |store: Arc<dyn Store>| {
        let absent = store.local(&key("a/x")).await;
        assert!(matches!(absent, Err(StoreError::NotFound { .. })));
        put(&*store, "a/x", b"one").await;
        let path = store.local(&key("a/x")).await.unwrap();
        let mut earlier = std::fs::File::open(&path).unwrap();
        put(&*store, "a/x", b"two").await;
        let path = store.local(&key("a/x")).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        store.delete(&key("a/x")).await.unwrap();
        assert!(!path.exists());
        let mut kept = String::new();
        std::io::Read::read_to_string(&mut earlier, &mut kept).unwrap();
        assert_eq!(kept, "one");
    })
    .await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is a key is found again under it, in the list too.
    #[test]
    fn any_key_is_found_again(text in "[^/\\\\:|#\\p{Cc}]{1,20}(/[^/\\\\:|#\\p{Cc}]{1,20}){0,2}") {
        let Ok(name) = Key::parse(text.clone()) else {
            prop_assert!(text.split('/').any(|s| matches!(s, "." | "..")), "{text}");
            return Ok(());
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(each(async |store: Arc<dyn Store>| {
            put(&*store, &text, b"here").await;
            assert_eq!(store.get(&name).await.unwrap(), "here");
            assert_eq!(names(&*store, None).await, [text.as_str()]);
            let path = store.local(&name).await.unwrap();
            assert_eq!(std::fs::read(path).unwrap(), b"here");
        }));
    }
}
