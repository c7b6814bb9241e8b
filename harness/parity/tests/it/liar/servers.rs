//! Lies that only the HTTP transport allows.

use super::Lie;

#[test]
fn wrong_content_type() {
    let found = "diverged | header:content-type header";
    Lie::over("http", "wrong_content_type")
        .run()
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
    let found = "diverged | status status, body missing";
    Lie::over("http", "no_content")
        .run()
        .ends(3, "fail")
        .finds(&[
            ("zeros", found),
            ("plain", found),
            ("nested", found),
            (
                "refused",
                "diverged: `liar`: the status is 204, the case expects 422 | status status, body missing",
            ),
        ]);
}

#[test]
fn redirect() {
    let found = "diverged | status status";
    Lie::over("http", "redirects")
        .run()
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
fn wrong_content_length() {
    Lie::over("http", "length_too_long")
        .run_with(&["--case", "plain"])
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: the connection failed: error reading a body from connection: end of file before message length reached | failure failure",
        )]);
    Lie::over("http", "length_too_short")
        .run_with(&["--case", "refused"])
        .ends(4, "inconclusive")
        .finds(&[(
            "refused",
            "invalid: `liar`: the body is not JSON: the text ends inside a string at byte 75 | body bytes",
        )]);
}

#[test]
fn connection_closed_without_an_answer() {
    Lie::over("http", "closed_connection")
        .run_with(&["--case", "plain"])
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: the connection failed: connection closed before message completed | failure failure",
        )]);
}

#[test]
fn stalled_body() {
    Lie::over("http", "stuck_body")
        .with("\ntimeout_ms = 60000", "\ntimeout_ms = 5000")
        .run()
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: no answer within 5 s | failure failure",
        )]);
}

#[test]
fn endless_body() {
    Lie::over("http", "endless_body")
        .run_with(&["--case", "plain"])
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: no answer: the body is longer than 128 MiB | failure failure",
        )]);
}

#[test]
fn ready_timeout_limits_the_wait_for_a_slow_start() {
    Lie::over("http", "slow_start")
        .run()
        .ends(0, "pass")
        .finds(&[]);
    let result = Lie::over("http", "slow_start")
        .with("ready_timeout_ms = 60000", "ready_timeout_ms = 200")
        .run()
        .ends(1, "inconclusive");
    let failures = result.list("infrastructure").join("\n");
    assert!(
        failures.starts_with("`liar` was not ready after "),
        "{failures}"
    );
    assert!(
        failures.contains("ms: `/health` does not answer"),
        "{failures}"
    );
}

#[test]
fn never_ready() {
    for (lie, message, log) in [
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
        let result = Lie::over("http", lie)
            .with("ready_timeout_ms = 60000", "ready_timeout_ms = 10000")
            .run()
            .ends(1, "inconclusive");
        let reached = "invalid: `liar` was not reached";
        let result = result.finds(&[
            ("zeros", reached),
            ("plain", reached),
            ("nested", reached),
            ("refused", reached),
        ]);
        let failures = result.list("infrastructure").join("\n");
        for text in ["`liar` was not ready after ", message, log] {
            assert!(failures.contains(text), "{lie}: no `{text}` in {failures}");
        }
    }
}

#[test]
fn ignored_sigterm() {
    let result = Lie::over("http", "ignores_sigterm")
        .with("stop_timeout_ms = 60000", "stop_timeout_ms = 200")
        .run()
        .ends(0, "pass")
        .finds(&[]);
    assert_eq!(
        result.list("notices"),
        ["`liar` did not stop within 200 ms of SIGTERM and was killed"]
    );
}
