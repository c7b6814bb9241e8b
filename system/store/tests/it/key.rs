//! What is a key.

use lakehouse_base::ErrorCode;
use lakehouse_store::Key;

#[test]
fn what_is_wrong_with_a_key_is_told() {
    let long = "a".repeat(241);
    let longer = "a/".repeat(512) + "a";
    let cases = [
        ("", "it is empty"),
        ("/a", "it has an empty segment"),
        ("a/", "it has an empty segment"),
        ("a//b", "it has an empty segment"),
        ("..", "it has a segment `.` or `..`"),
        ("a/../../b", "it has a segment `.` or `..`"),
        ("./a", "it has a segment `.` or `..`"),
        (
            "a\\b",
            "it has a control character, a `\\`, a `:`, a `|` or a `#`",
        ),
        (
            "C:",
            "it has a control character, a `\\`, a `:`, a `|` or a `#`",
        ),
        (
            "a#1",
            "it has a control character, a `\\`, a `:`, a `|` or a `#`",
        ),
        (
            "a\0",
            "it has a control character, a `\\`, a `:`, a `|` or a `#`",
        ),
        (
            "a\nb",
            "it has a control character, a `\\`, a `:`, a `|` or a `#`",
        ),
        (&long, "it has a segment of more than 240 bytes"),
        (&longer, "it has more than 1024 bytes"),
    ];
    for (text, fault) in cases {
        let error = Key::parse(text).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("key `{text}` is not valid: {fault}")
        );
        assert_eq!(error.code(), ErrorCode::BadRequest);
    }
}

#[test]
fn the_rest_is_one() {
    let long = "a".repeat(240);
    for text in ["a", "a/b.snap", "…/.a/a..b/...", "%2e%2e/x", " ", &long] {
        let key = Key::parse(text).unwrap();
        assert_eq!(key.as_str(), text);
        assert_eq!(Some(key.file_name()), text.split('/').next_back());
    }
}
