//! Damage to small documents, by its effect on their text.

use rand::SeedableRng as _;

use super::*;
use crate::json::Segment;

#[test]
fn changes_elsewhere_are_flaws() {
    let path = |keys: &[&str]| {
        let keys = keys.iter().map(|key| Segment::Key((*key).to_owned()));
        Path(keys.collect())
    };
    let within = [path(&["a"])];
    assert_eq!(flaw(&[], &within).as_deref(), Some("it changed nothing"));
    assert_eq!(flaw(&[path(&["a", "b"])], &within), None);
    assert_eq!(
        flaw(&[path(&["a"]), path(&["c"])], &within).as_deref(),
        Some("it also changed `$.c`")
    );
}

#[test]
fn long_changes_are_cut_around_the_difference() {
    assert_eq!(shown("12", "13"), "12 -> 13");
    assert_eq!(shown("12", ""), "12 -> nothing");
    let whole = "a".repeat(39);
    assert_eq!(
        shown(&format!("{whole}b"), &format!("{whole}c")),
        format!("{whole}b -> {whole}c")
    );
    assert_eq!(shown("", "\"a\":1"), "nothing -> \"a\":1");
    let long = "é".repeat(100);
    assert_eq!(
        shown(&format!("{long}a"), &format!("{long}b")),
        "…ééééééééééa -> …ééééééééééb"
    );
}

const STRICT: JsonPolicy = JsonPolicy {
    key_order: true,
    numbers_by_value: false,
    escapes: true,
    max_depth: 100,
};

fn read(text: &str, policy: JsonPolicy) -> JsonText<'static> {
    JsonText::read(text.as_bytes(), policy, &[]).expect("it is JSON")
}

/// The damage to the outermost value.
fn damages(text: &str, policy: JsonPolicy) -> Vec<(Damage, usize)> {
    let sites = read(text, policy).sites().into_iter();
    let outer = sites.filter(|site| site.id == Document::ROOT);
    outer.map(|site| (site.damage, site.index)).collect()
}

#[test]
fn every_value_has_the_damage_that_its_policy_reports() {
    let first = |damages: &[Damage]| -> Vec<(Damage, usize)> {
        damages.iter().map(|damage| (*damage, 0)).collect()
    };
    let numbers = [
        NULLED,
        NUMBER_AS_TEXT,
        NUMBER_UP,
        NUMBER_DOWN,
        NUMBER_ULP,
        LAST_DIGIT,
        SIGN,
        NUMBER_RESPELLED,
    ];
    for (text, strict, loose) in [
        ("null", &[NULL_FILLED][..], &[NULL_FILLED][..]),
        ("true", &[NULLED, BOOL_FLIPPED], &[NULLED, BOOL_FLIPPED]),
        ("1", &numbers, &numbers[..7]),
        ("\"\"", &[NULLED, CHARACTER], &[NULLED, CHARACTER]),
        (
            "\"a\"",
            &[NULLED, CHARACTER, EMPTIED, TEXT_RESPELLED],
            &[NULLED, CHARACTER, EMPTIED],
        ),
        ("[]", &[NULLED], &[NULLED]),
        ("{}", &[NULLED, KEY_ADDED], &[NULLED, KEY_ADDED]),
    ] {
        let by_value = JsonPolicy {
            key_order: false,
            numbers_by_value: true,
            escapes: false,
            ..STRICT
        };
        assert_eq!(damages(text, STRICT), first(strict), "{text}");
        assert_eq!(damages(text, by_value), first(loose), "{text}");
    }
    assert_eq!(
        damages("[1,2]", STRICT),
        [
            (NULLED, 0),
            (EMPTIED, 0),
            (ELEMENT_DROPPED, 0),
            (ELEMENT_DOUBLED, 0),
            (ELEMENTS_SWAPPED, 0),
            (ELEMENT_DROPPED, 1),
            (ELEMENT_DOUBLED, 1),
        ]
    );
    assert_eq!(
        damages(r#"{"a":1,"b":2}"#, STRICT),
        [
            (NULLED, 0),
            (KEY_ADDED, 0),
            (EMPTIED, 0),
            (KEY_DROPPED, 0),
            (KEY_RENAMED, 0),
            (KEY_RESPELLED, 0),
            (KEYS_SWAPPED, 0),
            (KEY_DROPPED, 1),
            (KEY_RENAMED, 1),
            (KEY_RESPELLED, 1),
        ]
    );
}

#[test]
fn damage_has_its_effect_on_the_text() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for (damage, index, text, expected) in [
        (NULL_FILLED, 0, "null", Some("0")),
        (NULLED, 0, "[1]", Some("null")),
        (BOOL_FLIPPED, 0, "true", Some("false")),
        (CHARACTER, 0, "\"a\"", Some("\"b\"")),
        (TEXT_RESPELLED, 0, "\"a\"", Some("\"\\u0061\"")),
        (EMPTIED, 0, "\"a\"", Some("\"\"")),
        (EMPTIED, 0, "[1]", Some("[]")),
        (EMPTIED, 0, "{\"a\":1}", Some("{}")),
        (ELEMENT_DROPPED, 0, "[1]", Some("[]")),
        (ELEMENT_DROPPED, 0, "[1, 2]", Some("[2]")),
        (ELEMENT_DROPPED, 1, "[1, 2]", Some("[1]")),
        (ELEMENT_DOUBLED, 1, "[1, 2]", Some("[1, 2,2]")),
        (ELEMENTS_SWAPPED, 0, "[1, 2]", Some("[2, 1]")),
        (ELEMENTS_SWAPPED, 0, "[1,1]", None),
        (KEY_ADDED, 0, "{}", Some("{\"mutant\":null}")),
        (KEY_ADDED, 0, "{\"a\":1}", Some("{\"a\":1,\"mutant\":null}")),
        (KEY_ADDED, 0, "{\"a\":1,\"mutant\":2}", None),
        (KEY_DROPPED, 0, "{\"a\":1}", Some("{}")),
        (KEY_DROPPED, 0, "{\"a\":1,\"b\":2}", Some("{\"b\":2}")),
        (KEY_DROPPED, 1, "{\"a\":1,\"b\":2}", Some("{\"a\":1}")),
        (
            KEY_RENAMED,
            1,
            "{\"a\":1,\"b\":2}",
            Some("{\"a\":1,\"b_\":2}"),
        ),
        (KEY_RENAMED, 0, "{\"a\":1,\"a_\":2}", None),
        (KEY_RENAMED, 0, "{\"a\":1,\"a\":2}", None),
        (
            KEY_RENAMED,
            0,
            "{\"a\":1,\"b\":2,\"b\":3}",
            Some("{\"a_\":1,\"b\":2,\"b\":3}"),
        ),
        (KEY_RESPELLED, 0, "{\"a\":1}", Some("{\"\\u0061\":1}")),
        (
            KEYS_SWAPPED,
            0,
            "{ \"a\":1, \"b\":2}",
            Some("{ \"b\":2, \"a\":1}"),
        ),
        (KEYS_SWAPPED, 0, "{\"a\":1,\"b\":2,\"b\":3}", None),
    ] {
        let id = Document::ROOT;
        let site = JsonSite { damage, id, index };
        let damaged = read(text, STRICT).damaged(&site, &mut random);
        assert!(damaged.iter().all(|damaged| damaged.flaw.is_none()));
        let new = damaged.map(|damaged| damaged.text);
        assert_eq!(new.as_deref(), expected, "{damage} of {text}");
    }
}

#[test]
fn damage_is_expected_at_the_values_that_change() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for (damage, index, text, expected) in [
        (ELEMENTS_SWAPPED, 1, "[1,2,3]", &["$[1]", "$[2]"][..]),
        (KEY_ADDED, 0, "{\"a\":1}", &["$.mutant"]),
        (KEY_DROPPED, 1, "{\"a\":1,\"b\":2}", &["$.b"]),
        (KEY_RENAMED, 0, "{\"a\":1}", &["$.a", "$.a_"]),
        (KEYS_SWAPPED, 0, "{\"a\":1,\"b\":2}", &["$"]),
    ] {
        let id = Document::ROOT;
        let site = JsonSite { damage, id, index };
        let damaged = read(text, STRICT).damaged(&site, &mut random);
        let mut paths = damaged.expect("it is possible").expected;
        paths.sort();
        assert_eq!(paths, expected, "{damage} of {text}");
    }
}
