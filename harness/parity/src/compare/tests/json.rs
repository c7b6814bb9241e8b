use super::bodies;

#[test]
fn json_differences_have_kinds() {
    for (left, right, expected) in [
        (
            "{\"a\":1,\"b\":[true]}",
            " {\"b\":[ true ],\n\"a\":1}",
            &[][..],
        ),
        (
            "{\"a\":1}",
            "{\"a\":2}",
            &["body:$.a value: number 1 | number 2"],
        ),
        (
            "{\"a\":1}",
            "{\"a\":1.0}",
            &["body:$.a number_lexeme: number 1 | number 1.0"],
        ),
        (
            "{\"a\":1}",
            "{\"a\":\"1\"}",
            &["body:$.a type: number 1 | \"1\""],
        ),
        ("{\"a\":null}", "{}", &["body:$.a missing: null | nothing"]),
        ("{}", "{\"a\":null}", &["body:$.a extra: nothing | null"]),
        (
            "{\"a\":1,\"a\":2}",
            "{\"a\":1}",
            &["body:$.a duplicate_key: key 2 times | key once"],
        ),
        (
            "{\"a\":1,\"a\":2}",
            "{\"a\":1,\"a\":3}",
            &["body:$.a value: number 2 | number 3"],
        ),
        ("[1,2]", "[1]", &["body:$ length: array of 2 | array of 1"]),
        (
            "[1,2]",
            "[2,1]",
            &[
                "body:$[0] value: number 1 | number 2",
                "body:$[1] value: number 2 | number 1",
            ],
        ),
        ("[true]", "[false]", &["body:$[0] value: true | false"]),
        ("\"é\"", "\"\\u00e9\"", &[]),
        (
            "\"\\ud800\"",
            "\"\\ufffd\"",
            &["body:$ value: \"\\ud800\" | \"\\ufffd\""],
        ),
    ] {
        assert_eq!(bodies(left, right, ""), expected, "{left} and {right}");
    }
}

#[test]
fn json_policies_change_what_counts() {
    let order = "key_order = true";
    assert_eq!(
        bodies("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", order),
        ["body:$ key_order: keys a, b | keys b, a"]
    );
    assert_eq!(
        bodies("{\"a\":1,\"x\":0,\"b\":2}", "{\"a\":1,\"b\":2}", order),
        ["body:$.x missing: number 0 | nothing"]
    );
    let value = "numbers = \"value\"";
    assert!(bodies("[1,1e2]", "[1.0,100]", value).is_empty());
    assert_eq!(bodies("[1]", "[1.5]", value).len(), 1);
    let escapes = "escapes = true";
    assert_eq!(
        bodies("\"é\"", "\"\\u00e9\"", escapes),
        ["body:$ escape: \"é\" | \"\\u00e9\""]
    );
    assert_eq!(
        bodies("{\"é\":1}", "{\"\\u00e9\":1}", escapes),
        ["body:$['é'] escape: é | \\u00e9"]
    );
}

#[test]
fn deep_documents_are_compared_to_the_bottom() {
    let depth = 10_000;
    let nested = |inner: &str| format!("{}{inner}{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let found = bodies(&nested("1"), &nested("2"), "max_depth = 10000");
    assert_eq!(found.len(), 1);
    assert!(
        found[0].ends_with(".a value: number 1 | number 2"),
        "{}",
        &found[0][found[0].len() - 60..]
    );
}

#[test]
fn the_order_of_repeated_keys_counts_too() {
    let strict = "key_order = true";
    let one = r#"{"a":1,"b":2,"a":3}"#;
    assert_eq!(bodies(one, one, strict), [""; 0]);
    assert_eq!(
        bodies(one, r#"{"a":1,"a":3,"b":2}"#, strict),
        ["body:$ key_order: keys a, b, a | keys a, a, b"]
    );
}

#[test]
fn keys_that_are_repeated_on_one_side_are_not_reordered() {
    assert_eq!(
        bodies(
            r#"{"a":1,"b":2,"a":3}"#,
            r#"{"b":2,"a":1}"#,
            "key_order = true"
        ),
        ["body:$.a duplicate_key: key 2 times | key once"]
    );
}
