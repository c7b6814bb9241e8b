//! Compares the inverted index with a scan of every row.

use lakehouse_json as json;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::filter::Bounds;
use crate::pattern::Pattern;

/// A member: a value, or an array of values.
fn member() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => value(),
        1 => vec(value(), 0..4).prop_map(|elements| format!("[{}]", elements.join(","))),
    ]
}

/// Few values of all types, many of them equal or near the lengths at which keys are cut.
fn value() -> impl Strategy<Value = String> {
    let long = "a text that is longer than all that is kept of it";
    let text = select(vec![
        "",
        "a",
        "b",
        "ü",
        "12",
        "14 bytes of it",
        "15 bytes of it.",
        &long[..31],
        &long[..32],
        &long[..33],
        &long[..40],
        long,
        "a text that is longer than all tha",
        "\\u0061",
        "z",
    ]);
    let number = select(vec![
        "0", "-0.0", "1", "1.0", "-1", "2.5", "1e3", "1e400", "-1e400", "5e-324",
    ]);
    let other = select(vec![
        "null",
        "true",
        "false",
        "[]",
        "[1]",
        "{}",
        "{\"a\":1}",
    ]);
    prop_oneof![
        3 => text.prop_map(|text| format!("\"{text}\"")),
        3 => number.prop_map(str::to_owned),
        1 => other.prop_map(str::to_owned),
    ]
}

fn field() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "b", "c"])
}

fn row() -> impl Strategy<Value = Metadata> {
    let members = vec((field(), member()), 0..5);
    members.prop_map(|members| {
        let members = members
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"));
        let text = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
        Metadata::parse(&text).unwrap()
    })
}

fn scalar() -> impl Strategy<Value = Scalar> {
    value().prop_filter_map("no scalar", |text| {
        Scalar::from_json(&json::parse(&text, 8).unwrap())
    })
}

fn bound<T: std::fmt::Debug + Clone>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Bound<T>> {
    (value, 0..3).prop_map(|(value, kind)| match kind {
        0 => Bound::Included(value),
        1 => Bound::Excluded(value),
        _ => Bound::Unbounded,
    })
}

fn bounds() -> impl Strategy<Value = Bounds> {
    let number = || {
        scalar().prop_filter_map("no number", |scalar| match scalar {
            Scalar::Number(number) => Some(number),
            _ => None,
        })
    };
    let text = || {
        scalar().prop_filter_map("no text", |scalar| match scalar {
            Scalar::Text(text) => Some(text),
            _ => None,
        })
    };
    prop_oneof![
        (bound(number()), bound(number())).prop_map(|(l, u)| Bounds::Numbers(l, u)),
        (bound(text()), bound(text())).prop_map(|(l, u)| Bounds::Texts(l, u)),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let name = || field().prop_map(Box::from);
    let leaf = prop_oneof![
        (name(), scalar()).prop_map(|(field, value)| Filter::Eq { field, value }),
        (name(), vec(scalar(), 1..4)).prop_map(|(field, values)| Filter::In { field, values }),
        (name(), bounds()).prop_map(|(field, bounds)| Filter::Range { field, bounds }),
        (name(), scalar()).prop_map(|(field, value)| Filter::Contains { field, value }),
        (name(), part()).prop_map(|(field, part)| Filter::Contains {
            field,
            value: Scalar::from(&*part),
        }),
        (name(), part(), any::<bool>()).prop_map(|(field, part, ignores_case)| {
            let pattern = Pattern::parse(&format!("%{part}_%"), None, ignores_case);
            let pattern = pattern.expect("there is no escape");
            Filter::Like { field, pattern }
        }),
        name().prop_map(|field| Filter::IsNull { field }),
        (name(), select(Kind::ALL.to_vec()))
            .prop_map(|(field, kind)| Filter::OnlyOf { field, kind }),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Filter::And),
            vec(inner.clone(), 0..3).prop_map(Filter::Or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

/// A part of some of the values.
fn part() -> impl Strategy<Value = String> {
    let parts = vec![
        "",
        "a",
        "text",
        "kept of it",
        "bytes of it",
        "TEXT",
        "%",
        "ü",
        "\"",
        "zz",
    ];
    select(parts).prop_map(str::to_owned)
}

fn index(rows: &[Metadata]) -> Inverted {
    let mut inverted = Inverted::new();
    for (slot, row) in (0..).zip(rows) {
        inverted.insert(slot, row.fields());
    }
    inverted
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn filters_select_the_rows_that_pass(rows in vec(row(), 0..80), filter in filter()) {
        let inverted = index(&rows);
        let selected = inverted.select(&filter, &|slot| rows[slot as usize].clone());
        let pass = (0..).zip(&rows).filter(|(_, row)| filter.passes(row));
        let want: RoaringBitmap = pass.map(|(slot, _)| slot).collect();
        prop_assert_eq!(&selected, &want);
        let mut loaded = Inverted::load(rows.iter().take(40).map(Metadata::fields));
        for (slot, row) in (0..).zip(&rows).skip(40) {
            loaded.insert(slot, row.fields());
        }
        let selected = loaded.select(&filter, &|slot| rows[slot as usize].clone());
        prop_assert_eq!(&selected, &want);
    }

    #[test]
    fn texts_are_those_of_live_rows(rows in vec(row(), 0..60), live in vec(any::<bool>(), 60)) {
        let inverted = index(&rows);
        let metadata = |slot: u32| rows[slot as usize].clone();
        let texts = inverted.texts("a", &metadata, |slot| live[slot as usize]);
        let mut want: Vec<Arc<str>> = Vec::new();
        for (row, _) in rows.iter().zip(&live).filter(|(_, live)| **live) {
            if let Some(Scalar::Text(text)) = row.get("a") {
                want.push(text.into());
            }
        }
        want.sort();
        want.dedup();
        prop_assert_eq!(texts, want);
    }

    #[test]
    fn elements_are_those_of_live_rows(rows in vec(row(), 0..60), live in vec(any::<bool>(), 60)) {
        let inverted = index(&rows);
        let metadata = |slot: u32| rows[slot as usize].clone();
        let mut elements = inverted.elements("a", &metadata, |slot| live[slot as usize]);
        elements.sort();
        let live_rows = rows.iter().zip(&live).filter(|(_, live)| **live);
        let values = live_rows.filter_map(|(row, _)| row.values("a"));
        let mut want: Vec<Arc<str>> = values
            .flat_map(|values| values.scalars().to_vec())
            .filter_map(|value| match value {
                Scalar::Text(text) => Some(Arc::from(text)),
                _ => None,
            })
            .collect();
        want.sort();
        want.dedup();
        prop_assert_eq!(elements, want);
    }
}

#[test]
fn parts_of_long_and_escaped_strings_are_found() {
    let long = "Forklift Operation, Reach Truck, Inventory Control, RF Scanner";
    let rows = [
        format!(r#"{{"skills":"{long}"}}"#),
        format!(r#"{{"skills":["{long}, Packing","other"]}}"#),
        r#"{"skills":"Forklift Operation, Reach Truck, Inventory Control, RF \u0053canner"}"#
            .into(),
        r#"{"skills":"RF","note":"Inventory Control, RF Scanner"}"#.into(),
    ];
    let rows = rows.map(|row| Metadata::parse(&row).unwrap());
    let inverted = index(&rows);
    let filter = Filter::Contains {
        field: "skills".into(),
        value: "RF Scanner".into(),
    };
    let selected = inverted.select(&filter, &|slot| rows[slot as usize].clone());
    assert_eq!(selected.iter().collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn shared_and_unique_values_are_found() {
    let row = |slot: u32| {
        let text = format!(
            "{{\"half\":{},\"own\":\"id-{slot}\",\"n\":{slot}}}",
            slot % 2
        );
        Metadata::parse(&text).unwrap()
    };
    let rows: Vec<_> = (0..100_000).map(row).collect();
    let inverted = index(&rows);
    let metadata = |slot: u32| rows[slot as usize].clone();
    let count = |filter: &Filter| inverted.select(filter, &metadata).len();
    let eq = |field: &str, value: Scalar| Filter::Eq {
        field: field.into(),
        value,
    };
    let n = |upper| Filter::Range {
        field: "n".into(),
        bounds: Bounds::Numbers(Bound::Included(10.0), upper),
    };
    assert_eq!(count(&eq("half", 1.0.into())), 50_000);
    assert_eq!(count(&eq("own", "id-77777".into())), 1);
    let some = Filter::In {
        field: "own".into(),
        values: ["id-7", "id-8", "id-x"].map(Scalar::from).to_vec(),
    };
    assert_eq!(count(&some), 2);
    assert_eq!(count(&n(Bound::Excluded(90_000.0))), 89_990);
    assert_eq!(count(&Filter::Not(Box::new(n(Bound::Unbounded)))), 10);
    assert_eq!(inverted.texts("own", &metadata, |slot| slot < 5).len(), 5);
}

#[test]
fn keys_are_small() {
    assert_eq!(size_of::<text_key::TextKey>(), 16);
    assert_eq!(size_of::<postings::Postings>(), 4);
}
