//! Lies that only lines allow.

use super::Lie;

#[test]
fn an_answer_without_its_envelope() {
    let found =
        "invalid: `liar`: gave no answer: the line is no `{\"status\", \"body\"}`: `{\"text\": …";
    Lie::over("line", "no_status")
        .told()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            (
                "refused",
                "invalid: `liar`: gave no answer: the line is no `{\"status\", \"body\"}`: `{\"error\": …",
            ),
        ]);
}

#[test]
fn an_answer_twice() {
    let found = "invalid: `liar`: gave no answer: more than one line came back, the second was `{\"status\": …";
    Lie::over("line", "answered_twice")
        .told()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            ("refused", found),
        ]);
}

#[test]
fn an_answer_twice_when_the_next_was_asked() {
    // With nothing to ask after it, only the end of the output can tell.
    Lie::over("line", "answered_twice_late")
        .told_with(&["--case", "plain"])
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: gave no answer: more than one line came back, the second was `{\"status\": 200, …",
        )]);
    // Otherwise it passes for the answer to the next, which then has one too many.
    let told = Lie::over("line", "answered_twice_late")
        .told()
        .ends(4, "inconclusive");
    let told = told.0.report["cases"].to_string();
    assert!(
        told.contains("more than one line came back, the second was"),
        "{told}"
    );
}

#[test]
fn a_line_that_breaks_off() {
    Lie::over("line", "unfinished_line")
        .told()
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: gave no answer: the line breaks off without a newline, and then it ended (exit code 0): `{\"status\": 200, \"body\": {\"text\": \"ab\", …",
        )]);
}

#[test]
fn noise_before_the_first_answer() {
    let found = "invalid: `liar`: answered a line that is not JSON (expected a value at byte 0): `listening to standard input` | failure failure";
    Lie::over("line", "noise")
        .told()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            ("refused", found),
        ]);
    let found = "invalid: `liar`: gave no answer: the line is no `{\"status\", \"body\"}`: `{\"level\": \"info\", \"message\": \"ready\"}` | failure failure";
    Lie::over("line", "json_noise")
        .told()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            ("refused", found),
        ]);
    // A server's output is its log.
    Lie::over("http", "noise").told().ends(0, "pass").finds(&[]);
}

#[test]
fn a_line_without_end() {
    Lie::over("line", "flood")
        .told()
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: gave no answer: the line is longer than 128 MiB | failure failure",
        )]);
}

#[test]
fn an_exit_code_when_all_is_answered() {
    Lie::over("line", "dies_at_the_end")
        .told()
        .ends(4, "inconclusive")
        .finds(&[
            (
                "nested",
                "invalid: `liar`: answered this case and then died (exit code 7) | failure failure",
            ),
            (
                "zeros",
                "invalid: `liar`, the second time: answered this case and then died (exit code 7)",
            ),
        ]);
}
