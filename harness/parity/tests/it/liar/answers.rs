//! Lies about what is answered.

use super::{Lie, over_both};

const ALL_FIELDS: &str = "body:$.text missing, body:$.n missing, body:$.ratio missing, body:$.empty missing, body:$.items missing, body:$.size missing, body:$.elapsed_ms missing";

#[test]
fn always_the_status_of_a_success() {
    over_both(|transport| {
        Lie::over(transport, "always_200")
            .told()
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
        Lie::over(transport, "swapped_outcome").told().ends(3, "fail").finds(&[
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
fn an_error_of_another_code() {
    Lie::over("line", "other_error")
        .told()
        .ends(3, "fail")
        .finds(&[("refused", "diverged | body:$.error.code value")]);
}

#[test]
fn fields_swapped() {
    let swapped = "diverged | body:$.size.text value, body:$.size.items value";
    Lie::over("line", "swapped_fields")
        .told()
        .ends(3, "fail")
        .finds(&[("plain", swapped), ("nested", swapped)]);
}

#[test]
fn zero_values_omitted() {
    let not_empty = "diverged | body:$.empty missing";
    Lie::over("line", "omitted_zeros").told().ends(3, "fail").finds(&[
        (
            "zeros",
            "diverged | body:$.text missing, body:$.n missing, body:$.ratio missing, body:$.items missing, body:$.size.text missing, body:$.size.items missing",
        ),
        ("plain", not_empty),
        ("nested", not_empty),
    ]);
}

#[test]
fn null_for_what_is_empty() {
    Lie::over("line", "null_for_empty")
        .told()
        .ends(3, "fail")
        .finds(&[("zeros", "diverged | body:$.items type")]);
}

#[test]
fn numbers_as_strings() {
    // The time is hidden only where it is a number.
    let found = "invalid: `liar`: `body:$.elapsed_ms` is not a number of at least 0: `\"#\"` | body:$.n type, body:$.ratio type, body:$.size.text type, body:$.size.items type, body:$.elapsed_ms type";
    let nested = found.replace(
        "body:$.size.text type",
        "body:$.items[0].k type, body:$.items[1][0] type, body:$.items[1][1] type, body:$.size.text type",
    );
    Lie::over("line", "numbers_as_strings")
        .told()
        .ends(4, "inconclusive")
        .finds(&[("zeros", found), ("plain", found), ("nested", &nested)]);
}

#[test]
fn numbers_written_otherwise() {
    let found = "diverged | body:$.n number_lexeme, body:$.size.text number_lexeme, body:$.size.items number_lexeme";
    Lie::over("line", "numbers_as_floats").told().ends(3, "fail").finds(&[
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
        .told()
        .ends(3, "fail")
        .finds(&[("zeros", found), ("plain", found), ("nested", found)]);
}

#[test]
fn items_reversed_dropped_and_added() {
    Lie::over("line", "reversed_items")
        .told()
        .ends(3, "fail")
        .finds(&[(
            "nested",
            "diverged | body:$.items[0] type, body:$.items[1] type",
        )]);
    let shorter = "diverged | body:$.items length";
    Lie::over("line", "dropped_item")
        .told()
        .ends(3, "fail")
        .finds(&[("plain", shorter), ("nested", shorter)]);
    let more = "diverged | body:$.debug extra";
    Lie::over("line", "extra_key")
        .told()
        .ends(3, "fail")
        .finds(&[("zeros", more), ("plain", more), ("nested", more)]);
}

#[test]
fn a_success_with_nothing_in_it() {
    let found = format!("diverged | {ALL_FIELDS}");
    Lie::over("http", "hollow").told().ends(3, "fail").finds(&[
        ("zeros", &found),
        ("plain", &found),
        ("nested", &found),
    ]);
}

#[test]
fn a_hidden_value_that_cannot_be_one() {
    let found = "invalid: `liar`: `body:$.elapsed_ms` is not a number of at least 0: `-1` | body:$.elapsed_ms type";
    Lie::over("line", "negative_time")
        .told()
        .ends(4, "inconclusive")
        .finds(&[("zeros", found), ("plain", found), ("nested", found)]);
}

#[test]
fn a_field_that_is_never_the_same() {
    let found =
        "invalid: `liar` differs from itself: `body:$.n` (number # | number #) | body:$.n value";
    Lie::over("line", "random_field")
        .told()
        .ends(4, "inconclusive")
        .finds(&[("zeros", found), ("plain", found), ("nested", found)]);
}

#[test]
fn state_that_leaks_from_case_to_case() {
    let found = |numbers: &str| {
        format!(
            "invalid: `liar` differs from itself when the cases come in another order: `body:$.n` ({numbers}) | body:$.n value"
        )
    };
    Lie::over("line", "leaked_state")
        .told()
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
    let told = Lie::over("line", "out_of_order").told().ends(3, "fail");
    let told = told.finds(&[
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
    let reasons = told.0.case("refused", "liar")["reasons"].to_string();
    assert!(
        reasons.contains("`liar`: this is the answer to `zeros`"),
        "{reasons}"
    );
}

#[test]
fn the_first_answer_for_ever() {
    let told = Lie::over("http", "first_answer_forever")
        .told()
        .ends(4, "inconclusive");
    for case in ["zeros", "plain", "refused"] {
        let reasons = told.0.case(case, "liar")["reasons"].to_string();
        assert!(
            reasons.contains("differs from itself when the cases come in another order")
                && reasons.contains("`liar`: this is the answer to `nested`"),
            "{case}: {reasons}"
        );
    }
}
