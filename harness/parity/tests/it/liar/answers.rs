//! Lies in the content of an answer.

use super::{Lie, over_both};

const ALL_FIELDS: &str = "body:$.text missing, body:$.n missing, body:$.ratio missing, body:$.empty missing, body:$.items missing, body:$.size missing, body:$.elapsed_ms missing";

#[test]
fn status_is_always_200() {
    over_both(|transport| {
        Lie::over(transport, "always_200")
            .run()
            .ends(3, "fail")
            .finds(&[(
                "refused",
                "diverged: `liar`: the status is 200, the case expects 422 | status status",
            )]);
    });
}

#[test]
fn success_and_error_swapped() {
    let refuses = format!(
        "diverged: `liar`: the answer is an error (status 422), the case expects none | status status, {ALL_FIELDS}, body:$.error extra"
    );
    over_both(|transport| {
        Lie::over(transport, "swapped_outcome").run().ends(3, "fail").finds(&[
            ("zeros", &refuses),
            ("plain", &refuses),
            ("nested", &refuses),
            (
                "refused",
                "diverged: `liar`: the status is 200, the case expects 422; `liar`: this is the answer to `zeros` | status status, body:$.error missing…",
            ),
        ]);
    });
}

#[test]
fn wrong_error_code() {
    Lie::over("line", "other_error")
        .run()
        .ends(3, "fail")
        .finds(&[("refused", "diverged | body:$.error.code value")]);
}

#[test]
fn fields_swapped() {
    let swapped = "diverged | body:$.size.text value, body:$.size.items value";
    Lie::over("line", "swapped_fields")
        .run()
        .ends(3, "fail")
        .finds(&[("plain", swapped), ("nested", swapped)]);
}

#[test]
fn zero_values_omitted() {
    let not_empty = "diverged | body:$.empty missing";
    Lie::over("line", "omitted_zeros").run().ends(3, "fail").finds(&[
        (
            "zeros",
            "diverged | body:$.text missing, body:$.n missing, body:$.ratio missing, body:$.items missing, body:$.size.text missing, body:$.size.items missing",
        ),
        ("plain", not_empty),
        ("nested", not_empty),
    ]);
}

#[test]
fn null_for_an_empty_list() {
    Lie::over("line", "null_for_empty")
        .run()
        .ends(3, "fail")
        .finds(&[("zeros", "diverged | body:$.items type")]);
}

#[test]
fn numbers_as_strings() {
    // A time that is not a number is not normalised.
    let found = "invalid: `liar`: `body:$.elapsed_ms` is not a number of at least 0: `\"#\"` | body:$.n type, body:$.ratio type, body:$.size.text type, body:$.size.items type, body:$.elapsed_ms type";
    let nested = found.replace(
        "body:$.size.text type",
        "body:$.items[0].k type, body:$.items[1][0] type, body:$.items[1][1] type, body:$.size.text type",
    );
    Lie::over("line", "numbers_as_strings")
        .run()
        .ends(4, "inconclusive")
        .finds(&[("zeros", found), ("plain", found), ("nested", &nested)]);
}

#[test]
fn integers_written_as_floats() {
    let found = "diverged | body:$.n number_lexeme, body:$.size.text number_lexeme, body:$.size.items number_lexeme";
    Lie::over("line", "numbers_as_floats").run().ends(3, "fail").finds(&[
        ("zeros", found),
        ("plain", found),
        (
            "nested",
            "diverged | body:$.n number_lexeme, body:$.items[0].k number_lexeme, body:$.items[1][0] number_lexeme, body:$.size.text number_lexeme, body:$.size.items number_lexeme",
        ),
    ]);
}

#[test]
fn keys_sorted() {
    let found = "diverged | body:$ key_order";
    Lie::over("line", "sorted_keys")
        .run()
        .ends(3, "fail")
        .finds(&[("zeros", found), ("plain", found), ("nested", found)]);
}

#[test]
fn items_reversed_or_dropped_and_a_key_added() {
    Lie::over("line", "reversed_items")
        .run()
        .ends(3, "fail")
        .finds(&[(
            "nested",
            "diverged | body:$.items[0] type, body:$.items[1] type",
        )]);
    let shorter = "diverged | body:$.items length";
    Lie::over("line", "dropped_item")
        .run()
        .ends(3, "fail")
        .finds(&[("plain", shorter), ("nested", shorter)]);
    let more = "diverged | body:$.debug extra";
    Lie::over("line", "extra_key")
        .run()
        .ends(3, "fail")
        .finds(&[("zeros", more), ("plain", more), ("nested", more)]);
}

#[test]
fn empty_success_body() {
    let found = format!("diverged | {ALL_FIELDS}");
    Lie::over("http", "hollow").run().ends(3, "fail").finds(&[
        ("zeros", &found),
        ("plain", &found),
        ("nested", &found),
    ]);
}

#[test]
fn normalised_value_that_fails_its_check() {
    let found = "invalid: `liar`: `body:$.elapsed_ms` is not a number of at least 0: `-1` | body:$.elapsed_ms type";
    Lie::over("line", "negative_time")
        .run()
        .ends(4, "inconclusive")
        .finds(&[("zeros", found), ("plain", found), ("nested", found)]);
}

#[test]
fn field_that_changes_every_time() {
    let found =
        "invalid: `liar` differs from itself: `body:$.n` (number # | number #) | body:$.n value";
    Lie::over("line", "random_field")
        .run()
        .ends(4, "inconclusive")
        .finds(&[("zeros", found), ("plain", found), ("nested", found)]);
}

#[test]
fn state_leaks_between_cases() {
    let found = |numbers: &str| {
        format!(
            "invalid: `liar` differs from itself when the cases come in another order: `body:$.n` ({numbers}) | body:$.n value"
        )
    };
    Lie::over("line", "leaked_state")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", &found("number 2 | number 3")),
            ("plain", &found("number 8 | number 9")),
            ("nested", &found("number -9 | number -11")),
        ]);
}

#[test]
fn answers_out_of_order() {
    let other_order = "invalid: `liar` differs from itself when the cases come in another order: ";
    let plain = format!("{other_order}`body:$.text` (\"ab\" | \"Zoë <b>\"), …");
    let refused = format!("{other_order}`status` (200 | 422), …");
    let result = Lie::over("line", "out_of_order").run().ends(3, "fail");
    let result = result.finds(&[
        (
            "zeros",
            "diverged: `liar`: this is the answer to `plain` | body:$.text value…",
        ),
        ("plain", &plain),
        (
            "nested",
            "diverged: `liar`: the answer is an error (status 422), the case expects none | …",
        ),
        ("refused", &refused),
    ]);
    let reasons = result.0.case("refused", "liar")["reasons"].to_string();
    assert!(
        reasons.contains("`liar`: this is the answer to `zeros`"),
        "{reasons}"
    );
}

#[test]
fn first_answer_repeated_forever() {
    let result = Lie::over("http", "first_answer_forever")
        .run()
        .ends(4, "inconclusive");
    for case in ["zeros", "plain", "refused"] {
        let reasons = result.0.case(case, "liar")["reasons"].to_string();
        assert!(
            reasons.contains("differs from itself when the cases come in another order")
                && reasons.contains("`liar`: this is the answer to `nested`"),
            "{case}: {reasons}"
        );
    }
}
