//! Lies that only the line transport allows.

use super::Lie;

#[test]
fn answer_without_envelope() {
    let found = "invalid: `liar`: no answer: the line is not a `{\"status\", \"body\"}` object: `{\"text\": …";
    Lie::over("line", "no_status")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            (
                "refused",
                "invalid: `liar`: no answer: the line is not a `{\"status\", \"body\"}` object: `{\"error\": …",
            ),
        ]);
}

#[test]
fn answer_sent_twice() {
    let found =
        "invalid: `liar`: no answer: more than one line came back, the second was `{\"status\": …";
    Lie::over("line", "answered_twice")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            ("refused", found),
        ]);
}

#[test]
fn second_copy_after_the_next_question() {
    // Without a next question, only the end of the output shows the second copy.
    Lie::over("line", "answered_twice_late")
        .run_with(&["--case", "plain"])
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: no answer: more than one line came back, the second was `{\"status\": 200, …",
        )]);
    // Otherwise the second copy counts as the answer to the next question, which then has two.
    let result = Lie::over("line", "answered_twice_late")
        .run()
        .ends(4, "inconclusive");
    let cases = result.0.report["cases"].to_string();
    assert!(
        cases.contains("more than one line came back, the second was"),
        "{cases}"
    );
}

#[test]
fn unfinished_line() {
    Lie::over("line", "unfinished_line")
        .run()
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: no answer: the line breaks off without a newline, and then it ended (exit code 0): `{\"status\": 200, \"body\": {\"text\": \"ab\", …",
        )]);
}

#[test]
fn noise_before_the_first_answer() {
    let found = "invalid: `liar`: answered with a line that is not JSON (expected a value at byte 0): `listening to standard input` | failure failure";
    Lie::over("line", "noise")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            ("refused", found),
        ]);
    let found = "invalid: `liar`: no answer: the line is not a `{\"status\", \"body\"}` object: `{\"level\": \"info\", \"message\": \"ready\"}` | failure failure";
    Lie::over("line", "json_noise")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            ("refused", found),
        ]);
    // The standard output of a server is its log.
    Lie::over("http", "noise").run().ends(0, "pass").finds(&[]);
}

#[test]
fn endless_line() {
    Lie::over("line", "flood")
        .run()
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: no answer: the line is longer than 128 MiB | failure failure",
        )]);
}

#[test]
fn failing_exit_code_after_the_last_answer() {
    Lie::over("line", "dies_at_the_end")
        .run()
        .ends(4, "inconclusive")
        .finds(&[
            (
                "nested",
                "invalid: `liar`: answered this case and then crashed (exit code 7) | failure failure",
            ),
            (
                "zeros",
                "invalid: `liar`, the second time: answered this case and then crashed (exit code 7)",
            ),
        ]);
}
