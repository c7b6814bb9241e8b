//! Lies that only servers can tell.

use super::Lie;

#[test]
fn another_content_type() {
    let found = "diverged | header:content-type header";
    Lie::over("http", "wrong_content_type")
        .told()
        .ends(3, "fail")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            ("refused", found),
        ]);
}

#[test]
fn no_content() {
    let found = "invalid: `liar`: the answer is empty (status 204) | status status";
    Lie::over("http", "no_content")
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
fn elsewhere() {
    let found = "diverged | status status";
    Lie::over("http", "redirects")
        .told()
        .ends(3, "fail")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            (
                "refused",
                "diverged: `liar`: the status is 302, the case expects 422 | status status",
            ),
        ]);
}

#[test]
fn a_length_that_is_wrong() {
    Lie::over("http", "length_too_long")
        .told_with(&["--case", "plain"])
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: the connection failed: request or response body error: error reading a body from connection: end of file before message length reached | failure failure",
        )]);
    Lie::over("http", "length_too_short")
        .told_with(&["--case", "refused"])
        .ends(4, "inconclusive")
        .finds(&[(
            "refused",
            "invalid: `liar`: the body is not JSON: the text ends inside a string at byte 75 | body bytes",
        )]);
}

#[test]
fn a_connection_that_is_closed() {
    Lie::over("http", "closed_connection")
        .told_with(&["--case", "plain"])
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: the connection failed: client error (SendRequest): connection closed before message completed | failure failure",
        )]);
}

#[test]
fn a_body_that_stops_half_way() {
    Lie::over("http", "stuck_body")
        .with("timeout_ms = 5000", "timeout_ms = 1000")
        .told()
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: gave no answer within 1000 ms | failure failure",
        )]);
}

#[test]
fn a_body_without_end() {
    Lie::over("http", "endless_body")
        .told_with(&["--case", "plain"])
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: gave no answer: the body is longer than 128 MiB | failure failure",
        )]);
}

#[test]
fn slow_to_start_is_waited_for_as_long_as_its_description_says() {
    Lie::over("http", "slow_start")
        .told()
        .ends(0, "pass")
        .finds(&[]);
    let told = Lie::over("http", "slow_start")
        .with("ready_timeout_ms = 8000", "ready_timeout_ms = 200")
        .told()
        .ends(1, "inconclusive");
    let troubles = told.list("infrastructure").join("\n");
    assert!(
        troubles.starts_with("`liar` was not ready after "),
        "{troubles}"
    );
    assert!(
        troubles.contains("ms: `/health` does not answer"),
        "{troubles}"
    );
}

#[test]
fn never_ready() {
    for (lie, told_as, log) in [
        (
            "never_ready",
            "ms: `/health` answers 503",
            "liar.echo.http.log (empty)",
        ),
        (
            "never_listens",
            "ms: `/health` does not answer",
            "waiting for a database",
        ),
    ] {
        let told = Lie::over("http", lie)
            .with("ready_timeout_ms = 8000", "ready_timeout_ms = 4000")
            .told()
            .ends(1, "inconclusive");
        let reached = "invalid: `liar` was not reached";
        let told = told.finds(&[
            ("zeros", reached),
            ("plain", reached),
            ("nested", reached),
            ("refused", reached),
        ]);
        let troubles = told.list("infrastructure").join("\n");
        for text in ["`liar` was not ready after ", told_as, log] {
            assert!(troubles.contains(text), "{lie}: no `{text}` in {troubles}");
        }
    }
}

#[test]
fn deaf_to_sigterm() {
    let told = Lie::over("http", "ignores_sigterm")
        .with("stop_timeout_ms = 3000", "stop_timeout_ms = 200")
        .told()
        .ends(0, "pass")
        .finds(&[]);
    assert_eq!(
        told.list("notices"),
        ["`liar` did not stop within 200 ms of SIGTERM and was killed"]
    );
}
