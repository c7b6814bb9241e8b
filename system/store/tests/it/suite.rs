//! The behaviour of every store, beyond the tests of `object_store`.

use std::ops::Range;
use std::sync::Arc;

use futures::TryStreamExt;
use object_store::path::Path as Key;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode};

use crate::{each, get, key, names, put};

#[tokio::test]
async fn a_folder_is_not_an_object() {
    each(async |store| {
        put(&*store, "a/b/c", "x").await;
        for name in ["a", "a/b", "a/b/c/d", "a/b/d", "x/y"] {
            let absent = get(&*store, name).await;
            assert!(
                matches!(absent, Err(Error::NotFound { .. })),
                "{name}: {absent:?}"
            );
            let absent = store.head(&key(name)).await;
            assert!(
                matches!(absent, Err(Error::NotFound { .. })),
                "{name}: {absent:?}"
            );
            let absent = store.get_ranges(&key(name), &[0..1, 0..1]).await;
            assert!(
                matches!(absent, Err(Error::NotFound { .. })),
                "{name}: {absent:?}"
            );
            let absent = store.copy(&key(name), &key("copy")).await;
            assert!(
                matches!(absent, Err(Error::NotFound { .. })),
                "{name}: {absent:?}"
            );
            store.delete(&key(name)).await.unwrap();
        }
        assert_eq!(names(&*store, None).await, ["a/b/c"]);
    })
    .await;
}

#[tokio::test]
async fn ranges_end_with_the_object() {
    each(async |store| {
        put(&*store, "x", "0123456789").await;
        let range = async |range: Range<u64>| {
            let one = store.get_range(&key("x"), range.clone()).await;
            let many = store.get_ranges(&key("x"), &[0..1, range]).await;
            assert_eq!(one.is_ok(), many.is_ok(), "{one:?} {many:?}");
            if let (Ok(one), Ok(many)) = (&one, many) {
                assert_eq!(many, [b"0".as_slice(), one].map(|b| b.to_vec()));
            }
            one.ok()
                .map(|bytes| String::from_utf8(bytes.into()).unwrap())
        };
        for (wanted, got) in [
            (0..10, "0123456789"),
            (3..4, "3"),
            (8..10, "89"),
            (0..11, "0123456789"),
            (9..u64::MAX, "9"),
        ] {
            assert_eq!(range(wanted).await.as_deref(), Some(got));
        }
        #[expect(clippy::reversed_empty_ranges, reason = "it must be rejected")]
        for wanted in [10..11, 4..4, 5..4, 20..30] {
            assert_eq!(range(wanted).await, None);
        }
    })
    .await;
}

#[tokio::test]
async fn listings_are_in_key_order_and_can_be_read_in_pages() {
    each(async |store| {
        assert!(names(&*store, None).await.is_empty());
        assert!(names(&*store, Some("none")).await.is_empty());
        let all = [
            "a b/x", "a!/x", "a-b", "a.b", "a/!", "a/10", "a/2", "a/c.d", "a/c/1", "a0", "ab/1",
            "b", "ü",
        ];
        for name in all.iter().rev() {
            put(&*store, name, "x").await;
        }
        assert_eq!(names(&*store, None).await, all);
        assert_eq!(
            names(&*store, Some("a")).await,
            ["a/!", "a/10", "a/2", "a/c.d", "a/c/1"]
        );
        assert_eq!(names(&*store, Some("a/c")).await, ["a/c/1"]);
        // An object is not in a folder of its own name.
        assert!(names(&*store, Some("b")).await.is_empty());
        for prefix in [None, Some(key("a"))] {
            let whole: Vec<_> = store.list(prefix.as_ref()).try_collect().await.unwrap();
            for size in 1..=all.len() {
                let mut paged = Vec::new();
                let mut offset = Key::default();
                loop {
                    let page = store.list_with_offset(prefix.as_ref(), &offset);
                    let page: Vec<_> = take(page, size).await;
                    let Some(last) = page.last() else { break };
                    offset = last.location.clone();
                    paged.extend(page);
                }
                assert_eq!(paged, whole, "pages of {size}");
            }
        }
    })
    .await;
}

async fn take<T>(mut stream: impl TryStreamExt<Ok = T, Error = Error> + Unpin, n: usize) -> Vec<T> {
    let mut items = Vec::new();
    while items.len() < n
        && let Some(item) = stream.try_next().await.unwrap()
    {
        items.push(item);
    }
    items
}

#[tokio::test]
async fn a_listing_of_many_objects_is_complete() {
    each(async |store| {
        let all: Vec<_> = (0..1003).map(|n| format!("{:02}/{n:04}", n % 7)).collect();
        for name in &all {
            put(&*store, name, "").await;
        }
        let mut sorted = all;
        sorted.sort();
        assert_eq!(names(&*store, None).await, sorted);
        let after = store.list_with_offset(None, &key("05/0999"));
        let after: Vec<_> = after.try_collect().await.unwrap();
        let want = sorted.iter().filter(|name| name.as_str() > "05/0999");
        assert!(want.eq(after.iter().map(|object| object.location.as_ref())));
    })
    .await;
}

#[tokio::test]
async fn a_prefix_without_objects_is_not_listed() {
    each(async |store| {
        put(&*store, "a/b/c", "x").await;
        put(&*store, "a/d", "x").await;
        store.delete(&key("a/b/c")).await.unwrap();
        let level = store.list_with_delimiter(Some(&key("a"))).await.unwrap();
        assert_eq!(level.common_prefixes, []);
        assert_eq!(level.objects.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn deleting_is_idempotent() {
    each(async |store| {
        put(&*store, "a/b", "x").await;
        for _ in 0..2 {
            store.delete(&key("a/b")).await.unwrap();
        }
        store.delete(&key("never/there")).await.unwrap();
        assert!(names(&*store, None).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn etags_change_with_the_object_and_are_the_same_everywhere() {
    each(async |store| {
        let mut tags = Vec::new();
        for content in ["one", "two", "two"] {
            let tag = put(&*store, "a/x", content).await.e_tag.unwrap();
            let head = store.head(&key("a/x")).await.unwrap();
            let listed: Vec<_> = store.list(None).try_collect().await.unwrap();
            let level = store.list_with_delimiter(Some(&key("a"))).await.unwrap();
            assert_eq!((&head.e_tag, head.size), (&Some(tag.clone()), 3));
            assert_eq!(
                (&listed[..], &level.objects[..]),
                (&[head.clone()][..], &[head][..])
            );
            assert!(!tags.contains(&tag), "{tag} {tags:?}");
            tags.push(tag);
        }
        let mut upload = store.put_multipart(&key("a/x")).await.unwrap();
        upload.put_part("two".into()).await.unwrap();
        let tag = upload.complete().await.unwrap().e_tag;
        assert_eq!(store.head(&key("a/x")).await.unwrap().e_tag, tag);
        assert!(!tags.contains(&tag.unwrap()));
    })
    .await;
}

#[tokio::test]
async fn copies_and_renames_onto_the_same_bytes_leave_nothing_behind() {
    each(async |store| {
        put(&*store, "x", "one").await;
        for _ in 0..2 {
            store.copy(&key("x"), &key("y")).await.unwrap();
        }
        store.copy(&key("x"), &key("x")).await.unwrap();
        store.rename(&key("x"), &key("x")).await.unwrap();
        assert_eq!(names(&*store, None).await, ["x", "y"]);
        let taken = store.rename_if_not_exists(&key("x"), &key("y")).await;
        assert!(
            matches!(taken, Err(Error::AlreadyExists { .. })),
            "{taken:?}"
        );
        store.rename(&key("x"), &key("y")).await.unwrap();
        assert_eq!(names(&*store, None).await, ["y"]);
        assert_eq!(get(&*store, "y").await.unwrap(), "one");
        // A copy does not change with the original.
        store.copy(&key("y"), &key("z")).await.unwrap();
        put(&*store, "y", "two").await;
        assert_eq!(get(&*store, "z").await.unwrap(), "one");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_one_writer_creates_an_object() {
    each(async |store: Arc<dyn ObjectStore>| {
        for round in 0..20 {
            let name = key(&format!("race/{round}"));
            let create = |n: u8| {
                let (store, name) = (Arc::clone(&store), name.clone());
                tokio::spawn(async move {
                    let bytes = vec![n; 1000].into();
                    match store.put_opts(&name, bytes, PutMode::Create.into()).await {
                        Ok(_) => Some(n),
                        Err(Error::AlreadyExists { .. }) => None,
                        Err(error) => panic!("{error}"),
                    }
                })
            };
            let writers: Vec<_> = (0..8).map(create).collect();
            let mut winners = Vec::new();
            for writer in writers {
                winners.extend(writer.await.unwrap());
            }
            assert_eq!(winners.len(), 1, "{winners:?}");
            let object = store.get(&name).await.unwrap().bytes().await.unwrap();
            assert_eq!(object, vec![winners[0]; 1000]);
        }
        assert_eq!(names(&*store, None).await.len(), 20);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_writers_never_mix() {
    each(async |store: Arc<dyn ObjectStore>| {
        let write = |n: u8| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for length in 1..20 {
                    let bytes = vec![n; length * 1000];
                    store.put(&key("a/x"), bytes.into()).await.unwrap();
                    let read = store.get(&key("a/x")).await.unwrap().bytes().await.unwrap();
                    assert!(read.len() % 1000 == 0 && read.iter().all(|b| *b == read[0]));
                }
            })
        };
        for writer in (0..4).map(write).collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        assert_eq!(names(&*store, None).await, ["a/x"]);
    })
    .await;
}
