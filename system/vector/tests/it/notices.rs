//! Conditions that match no item are reported.

use std::ops::Bound;

use lakehouse_vector::{Bounds, Engine, Filter, GraphKind, Index, Metric, Pattern, Scalar};

use crate::support::{config, files, item, name, open, small};

fn eq(field: &str, value: impl Into<Scalar>) -> Filter {
    Filter::Eq {
        field: field.into(),
        value: value.into(),
    }
}

fn check(index: &Index, filter: Filter, want: &[&str]) {
    let notices = index.notices(&filter);
    let notices: Vec<_> = notices.iter().map(ToString::to_string).collect();
    assert_eq!(notices, want, "{filter:?}");
}

const ITEMS: [&str; 5] = [
    r#"{"years":3,"state":"MI","available":true,"gone":1}"#,
    r#"{"years":4,"role":["Picker","Packer"],"note":null,"none":[]}"#,
    r#"{"mixed":1,"home":{"city":"Flint"},"tags":[["a"]]}"#,
    r#"{"mixed":["x",true,{}],"yeary":1,"yearz":1,"yearx":1}"#,
    "{}",
];

fn check_all(index: &Index) {
    check(index, eq("years", 9.0), &[]);
    check(index, eq("years", Scalar::Null), &[]);
    check(index, eq("role", "Loader"), &[]);
    check(
        index,
        eq("years", "3"),
        &["has a string in `years`; its values are numbers"],
    );
    check(
        index,
        eq("available", 1.0),
        &["has a number in `available`; its values are booleans"],
    );
    check(
        index,
        eq("role", true),
        &["has a boolean in `role`; its values are strings"],
    );
    check(
        index,
        eq("home", "Flint"),
        &["has a string in `home`; its values are objects"],
    );
    check(
        index,
        eq("tags", "a"),
        &["has a string in `tags`; its values are objects"],
    );
    // Nothing is known of the type.
    check(index, eq("note", "x"), &[]);
    check(index, eq("none", 1.0), &[]);
    check(
        index,
        eq("role", "picker"),
        &["has `picker` in `role`; did you mean `Picker`?"],
    );
    check(
        index,
        eq("state", "mi"),
        &["has `mi` in `state`; did you mean `MI`?"],
    );
    check(
        index,
        Filter::In {
            field: "role".into(),
            values: vec![
                "PACKER".into(),
                "Loader".into(),
                "Picker".into(),
                1.0.into(),
                "picker".into(),
            ],
        },
        &[
            "has a number in `role`; its values are strings",
            "has `PACKER` in `role`; did you mean `Packer`?",
            "has `picker` in `role`; did you mean `Picker`?",
        ],
    );
    for name in ["State", "stat", "tsate", "sttae"] {
        let want = format!("has a field `{name}`; did you mean `state`?");
        check(index, eq(name, "MI"), &[&want]);
    }
    check(
        index,
        eq("yeers", Scalar::Null),
        &["has a field `yeers`; did you mean `years`?"],
    );
    check(
        index,
        eq("YEAR", 1.0),
        &["has a field `YEAR`; did you mean `years`, `yearx` or `yeary`?"],
    );
    check(index, eq("shift", "days"), &["has a field `shift`"]);
    check(
        index,
        eq(&"y".repeat(65), 1.0),
        &[&format!("has a field `{}`", "y".repeat(65))],
    );
    check(
        index,
        Filter::And(vec![
            Filter::Not(Box::new(Filter::In {
                field: "years".into(),
                values: vec!["3".into(), true.into(), 3.0.into(), "4".into()],
            })),
            Filter::Or(vec![
                Filter::Range {
                    field: "shift".into(),
                    bounds: Bounds::Texts(Bound::Included("a".into()), Bound::Unbounded),
                },
                Filter::Like {
                    field: "years".into(),
                    pattern: Pattern::parse("3%", None, false).unwrap(),
                },
                Filter::IsNull {
                    field: "shift".into(),
                },
                Filter::Contains {
                    field: "state".into(),
                    value: "M".into(),
                },
            ]),
        ]),
        &[
            "has a string in `years`; its values are numbers",
            "has a boolean in `years`; its values are numbers",
            "has a field `shift`",
        ],
    );
    let many = (0..30)
        .map(|at| eq(&format!("unknown-{at}"), 1.0))
        .collect();
    assert_eq!(index.notices(&Filter::Or(many)).len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_describe_the_items_of_now() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    let engine = open(&options).await;
    let (index, _) = engine
        .create(&name("x"), config(1, Metric::Dot))
        .await
        .unwrap();
    check(&index, eq("yeers", 1.0), &[]);
    let items = (0..)
        .zip(ITEMS)
        .map(|(at, metadata)| item(&format!("w-{at}"), vec![1.0], metadata));
    index.upsert(items.collect()).await.unwrap();
    check_all(&index);
    check(&index, eq("gone", 2.0), &[]);
    check(&index, eq("mixed", Scalar::Null), &[]);
    // The only item with the field is replaced.
    let replacement = item(
        "w-0",
        vec![1.0],
        r#"{"years":3,"state":"MI","available":true}"#,
    );
    index.upsert(vec![replacement]).await.unwrap();
    check(
        &index,
        eq("gone", 2.0),
        &["has a field `gone`; did you mean `none`?"],
    );
    index.delete(vec!["w-3".into()]).await.unwrap();
    check(
        &index,
        eq("mixed", "x"),
        &["has a string in `mixed`; its values are numbers"],
    );
    let again = item("w-3", vec![1.0], ITEMS[3]);
    index.upsert(vec![again]).await.unwrap();
    check_all(&index);
    drop(index);
    engine.close().await;
    // From a snapshot.
    let engine: std::sync::Arc<Engine> = open(&options).await;
    let index = engine.get("x").unwrap();
    check_all(&index);
    check(
        &index,
        eq("gone", 2.0),
        &["has a field `gone`; did you mean `none`?"],
    );
    let ids = (0..5).map(|at| format!("w-{at}").into()).collect();
    index.delete(ids).await.unwrap();
    check(&index, eq("yeers", 1.0), &[]);
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_is_suggested_out_of_more_than_1000_fields() {
    let folder = tempfile::tempdir().unwrap();
    let options = small(folder.path(), files(folder.path()), GraphKind::Flat);
    let engine = open(&options).await;
    let (index, _) = engine
        .create(&name("x"), config(1, Metric::Dot))
        .await
        .unwrap();
    let fields = |count: usize| {
        let fields: Vec<_> = (0..count)
            .map(|at| format!("\"field-{at:04}\":1"))
            .collect();
        item("a", vec![1.0], &format!("{{{}}}", fields.join(",")))
    };
    index.upsert(vec![fields(1000)]).await.unwrap();
    check(
        &index,
        eq("fild-0999", 1.0),
        &["has a field `fild-0999`; did you mean `field-0999`, `field-0099` or `field-0199`?"],
    );
    index.upsert(vec![fields(1001)]).await.unwrap();
    check(&index, eq("fild-0999", 1.0), &["has a field `fild-0999`"]);
    engine.close().await;
}
