//! Misbehaving processes, and what they leave behind.

use std::time::Duration;

use crate::support::{ECHO, LINE_PROBE, TestRoot, is_running, wait_until};

const THREE: &str = "[[case]]\nname = \"a\"\ninput = '\"a\"'\n[[case]]\nname = \"b\"\ninput = '\"b\"'\n[[case]]\nname = \"c\"\ninput = '\"c\"'\n";

fn except_b(otherwise: &str) -> String {
    format!(
        "while IFS= read -r line; do if [ \"$line\" = '\"b\"' ]; then {otherwise}; else printf '%s\\n' \"$line\"; fi; done"
    )
}

#[test]
fn a_death_is_reported_and_the_other_cases_run() {
    let right = except_b("echo oh no >&2; exit 3");
    let ran = TestRoot::pair(ECHO, &right, THREE)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("b"),
        "invalid: `right`: crashed on this case (exit code 3)"
    );
    assert_eq!(ran.outcome("a"), "match: ");
    assert_eq!(ran.outcome("c"), "match: ");

    let ran = TestRoot::pair(ECHO, &except_b("kill -9 $$"), THREE)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("b"),
        "invalid: `right`: crashed on this case (signal 9 (SIGKILL))"
    );
}

#[test]
fn a_line_that_is_not_json_is_quoted() {
    let ran = TestRoot::pair(ECHO, &except_b("echo hello there"), THREE)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("b"),
        "invalid: `right`: answered with a line that is not JSON (expected a value at byte 0): `hello there`"
    );
    assert_eq!(ran.outcome("c"), "match: ");
}

#[test]
fn a_timeout_is_reported() {
    let probe = format!("{LINE_PROBE}[line]\ntimeout_ms = 5000\n");
    let ran = TestRoot::pair(ECHO, &except_b("sleep 100"), THREE)
        .probe("s", &probe)
        .run(&[]);
    let ran = ran.ends(4, "inconclusive");
    assert_eq!(ran.outcome("b"), "invalid: `right`: no answer within 5 s");
    assert_eq!(ran.outcome("c"), "match: ");
}

#[test]
fn two_lines_for_one_case_are_reported() {
    let one = "[[case]]\nname = \"b\"\ninput = '\"b\"'\n";
    let ran = TestRoot::pair(ECHO, &except_b("echo 1; echo 2"), one)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("b"),
        "invalid: `right`: no answer: more than one line came back, the second was `2`"
    );
}

#[test]
fn a_second_line_does_not_become_the_next_answer() {
    // Both lines in one write, so that the second is there before the next case is sent.
    let right = except_b("printf '\"b\"\\n\"b\"\\n'");
    let ran = TestRoot::pair(ECHO, &right, THREE)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("b"),
        "invalid: `right`: no answer: more than one line came back, the second was `\"b\"`"
    );
    assert_eq!(ran.outcome("a"), "match: ");
    assert_eq!(ran.outcome("c"), "match: ");
}

#[test]
fn an_empty_answer_is_reported() {
    let ran = TestRoot::pair(ECHO, &except_b("echo"), THREE)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("b"),
        "invalid: `right`: answered with an empty line"
    );
}

#[test]
fn a_missing_program_is_an_infrastructure_failure() {
    let root = TestRoot::pair(ECHO, ECHO, THREE);
    let description = root.read("fixtures/implementations/right.toml");
    root.write(
        "fixtures/implementations/right.toml",
        &description.replace("[\"sh\", ", "[\"no-such-program\", "),
    );
    let ran = root.run(&[]).ends(1, "inconclusive");
    let message = ran.list("infrastructure").concat();
    assert!(
        message.contains("failed to start `no-such-program"),
        "{message}"
    );
    assert_eq!(ran.outcome("a"), "invalid: `right` was not reached");
}

#[test]
fn a_failed_build_shows_the_end_of_its_log() {
    let root = TestRoot::pair(ECHO, ECHO, THREE);
    let description = root.read("fixtures/implementations/right.toml");
    root.write(
        "fixtures/implementations/right.toml",
        &format!(
            "{description}[build]\ncommand = [\"sh\", \"-c\", \"echo missing semicolon; exit 7\"]\n"
        ),
    );
    let ran = root.run(&[]).ends(1, "inconclusive");
    let message = ran.list("infrastructure").concat();
    assert!(
        message.starts_with("failed to build `right` (exit code 7)"),
        "{message}"
    );
    assert!(message.contains("missing semicolon"), "{message}");
    assert_eq!(ran.outcome("a"), "invalid: `right` could not be built");
}

#[test]
fn a_build_runs_once() {
    let root = TestRoot::pair(ECHO, "exec sh \"$(dirname \"$0\")/target/built.sh\"", THREE);
    let description = root.read("fixtures/implementations/right.toml");
    root.write(
        "fixtures/implementations/right.toml",
        &format!(
            "{description}[build]\ncommand = [\"sh\", \"-c\", \"mkdir -p {{target}} && echo x >> {{target}}/builds && cp {{root}}/left.sh {{target}}/built.sh\"]\n"
        ),
    );
    root.run(&[]).ends(0, "pass");
    assert_eq!(root.read("target/builds"), "x\n");
}

#[test]
fn a_grandchild_left_running_is_killed_and_reported() {
    let root = TestRoot::pair(ECHO, "", THREE);
    let pids = root.path("pids");
    root.write(
        "right.sh",
        &format!(
            "sleep 300 >/dev/null 2>&1 </dev/null &\necho $! >> {}\n{ECHO}",
            pids.display()
        ),
    );
    let ran = root.run(&[]).ends(1, "inconclusive");
    let message = ran.list("infrastructure").concat();
    assert!(
        message.contains("`right` left `sleep 300` (process "),
        "{message}"
    );
    assert!(message.contains("it was killed"), "{message}");
    let pids = root.read("pids");
    assert_eq!(pids.lines().count(), 2, "one per round");
    for pid in pids.lines() {
        assert!(message.contains(&format!("(process {pid})")), "{message}");
        assert!(!is_running(pid), "{pid} still runs");
    }
}

#[test]
fn a_grandchild_in_another_session_is_killed() {
    let root = TestRoot::pair(ECHO, "", THREE);
    let pids = root.path("pids");
    root.write(
        "right.sh",
        &format!(
            "setsid sh -c 'echo $$ >> {}; exec sleep 300' >/dev/null 2>&1 </dev/null &\n{ECHO}\n",
            pids.display()
        ),
    );
    let ran = root.run(&[]);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let message = ran.list("infrastructure").concat();
    assert!(
        message.contains("left its process group and was still running; it was killed"),
        "{message}"
    );
    for pid in root.read("pids").lines() {
        wait_until("the process was not killed", || {
            (!is_running(pid)).then_some(())
        });
    }
}

#[test]
fn the_environment_is_inherited_without_cargo_package_variables() {
    let answer =
        "while read -r line; do echo \"\\\"$CARGO_PKG_THING-$OTHER_THING-$GREETING\\\"\"; done";
    let root = TestRoot::pair(ECHO, answer, "[[case]]\nname = \"a\"\ninput = '1'\n");
    let file = "fixtures/implementations/right.toml";
    let text = root.read(file).replace(
        "[surfaces]",
        "environment = { GREETING = \"{surface}\" }\n[surfaces]",
    );
    root.write(file, &text);
    let mut command = root.command(&[]);
    command
        .env("CARGO_PKG_THING", "seen")
        .env("OTHER_THING", "kept");
    let ran = root.finish(command).ends(3, "fail");
    let body = ran.case("a", "right")["right"].to_string();
    assert!(body.contains("-kept-s"), "{body}");
    assert!(!body.contains("seen"), "{body}");
}

#[test]
fn an_ordinary_run_leaves_nothing_behind() {
    let root = TestRoot::pair(ECHO, ECHO, THREE);
    root.run(&[]).ends(0, "pass");
    assert_eq!(
        root.leftover_folders(),
        [""; 0].map(std::path::PathBuf::from)
    );
}

#[test]
fn sigterm_stops_everything_and_still_reports() {
    let root = TestRoot::pair(ECHO, "", THREE);
    let pids = root.path("pids");
    root.write(
        "right.sh",
        &format!("echo $$ > {}\nread -r line\nexec sleep 300", pids.display()),
    );
    for signal in ["-TERM", "-INT"] {
        let _ = std::fs::remove_file(&pids);
        let _ = std::fs::remove_file(root.path("target/parity/latest"));
        let child = root.start(&[]);
        let pid = root.wait_for("pids");
        let (ran, took) = root.interrupt(child, signal, 1);
        assert!(took < Duration::from_secs(60), "it took {took:?}");
        assert!(
            ran.text.contains("3 invalid"),
            "no partial grid in {}",
            ran.text
        );
        assert!(!is_running(&pid), "{pid} still runs");
        assert!(root.leftover_folders().is_empty());
    }
}
