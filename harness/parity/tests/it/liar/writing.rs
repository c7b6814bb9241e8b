//! Lies in the bytes of an answer.

use super::{Lie, over_both};

#[test]
fn text_escaped_differently() {
    over_both(|transport| {
        Lie::over(transport, "escaped_text")
            .run()
            .ends(3, "fail")
            .finds(&[("nested", "diverged | body:$.text escape")]);
    });
}

#[test]
fn duplicate_key() {
    let found = "diverged | body:$.n duplicate_key, body:$.n value";
    over_both(|transport| {
        Lie::over(transport, "duplicate_key")
            .run()
            .ends(3, "fail")
            .finds(&[("zeros", found), ("plain", found), ("nested", found)]);
    });
}

#[test]
fn truncated_body() {
    Lie::over("line", "cut_body")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", "invalid: `liar`: answered with a line that is not JSON (…"),
            ("plain", "invalid: `liar`: answered with a line that is not JSON (…"),
            ("nested", "invalid: `liar`: answered with a line that is not JSON (…"),
            (
                "refused",
                "invalid: `liar`: answered with a line that is not JSON (the text ends where a value is expected at byte 66): `{\"status\": 422, \"body\": {\"error\": {\"code\": \"wrong_type\", \"field\": ` | failure failure",
            ),
        ]);
    Lie::over("http", "cut_body")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", "invalid: `liar`: the body is not JSON: …"),
            ("plain", "invalid: `liar`: the body is not JSON: …"),
            ("nested", "invalid: `liar`: the body is not JSON: …"),
            (
                "refused",
                "invalid: `liar`: the body is not JSON: the text ends where a value is expected at byte 42 | body bytes",
            ),
        ]);
}

#[test]
fn trailing_bytes() {
    let line = "invalid: `liar`: answered with a line that is not JSON (unexpected text after the value at byte …";
    Lie::over("line", "trailing_bytes")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", line),
            ("plain", line),
            ("nested", line),
            ("refused", line),
        ]);
    let body = "invalid: `liar`: the body is not JSON: unexpected text after the value at byte …";
    Lie::over("http", "trailing_bytes")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", body),
            ("plain", body),
            ("nested", body),
            (
                "refused",
                "invalid: `liar`: the body is not JSON: unexpected text after the value at byte 86 | body bytes",
            ),
        ]);
}

#[test]
fn leading_byte_order_mark() {
    let line =
        "invalid: `liar`: answered with a line that is not JSON (a byte order mark at byte 0): …";
    Lie::over("line", "byte_order_mark")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", line),
            ("plain", line),
            ("nested", line),
            ("refused", line),
        ]);
    let body = "invalid: `liar`: the body is not JSON: a byte order mark at byte 0 | body bytes";
    Lie::over("http", "byte_order_mark")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", body),
            ("plain", body),
            ("nested", body),
            ("refused", body),
        ]);
}

#[test]
fn invalid_utf_8() {
    Lie::over("line", "not_utf8")
        .run()
        .ends(4, "inconclusive")
        .finds(&[(
            "nested",
            "invalid: `liar`: answered with a line that is not JSON (invalid UTF-8 at byte 36): …",
        )]);
    Lie::over("http", "not_utf8")
        .run()
        .ends(4, "inconclusive")
        .finds(&[(
            "nested",
            "invalid: `liar`: the body is not JSON: invalid UTF-8 at byte 12 | body bytes",
        )]);
}

#[test]
fn empty_answer() {
    let line = "invalid: `liar`: answered with an empty line | failure failure";
    Lie::over("line", "empty_answer")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", line),
            ("plain", line),
            ("nested", line),
            ("refused", line),
        ]);
    let body = "diverged: `liar`: the answer is empty (status 200); if that is right, write `empty = true` in the case | body missing";
    Lie::over("http", "empty_answer")
        .run()
        .ends(3, "fail")
        .finds(&[
            ("zeros", body),
            ("plain", body),
            ("nested", body),
            (
                "refused",
                "diverged: `liar`: the answer is empty (status 422); if that is right, write `empty = true` in the case | body missing",
            ),
        ]);
}
