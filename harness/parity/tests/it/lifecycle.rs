//! Processes that do not do as they should, and what is left of them.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{ECHO, LINE_PROBE, TestRoot, lives, wait_until};

const THREE: &str = "[[case]]\nname = \"a\"\ninput = '\"a\"'\n[[case]]\nname = \"b\"\ninput = '\"b\"'\n[[case]]\nname = \"c\"\ninput = '\"c\"'\n";

fn except_b(otherwise: &str) -> String {
    format!(
        "while IFS= read -r line; do if [ \"$line\" = '\"b\"' ]; then {otherwise}; else printf '%s\\n' \"$line\"; fi; done"
    )
}

#[test]
fn who_dies_half_way_is_told_and_the_rest_goes_on() {
    let right = except_b("echo oh no >&2; exit 3");
    let ran = TestRoot::pair(ECHO, &right, THREE)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.told("b"),
        "invalid: `right`: died on this case (exit code 3)"
    );
    assert_eq!(ran.told("a"), "match: ");
    assert_eq!(ran.told("c"), "match: ");

    let ran = TestRoot::pair(ECHO, &except_b("kill -9 $$"), THREE)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.told("b"),
        "invalid: `right`: died on this case (signal 9 (SIGKILL))"
    );
}

#[test]
fn a_line_that_is_not_json_is_quoted() {
    let ran = TestRoot::pair(ECHO, &except_b("echo hello there"), THREE)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.told("b"),
        "invalid: `right`: answered a line that is not JSON (expected a value at byte 0): `hello there`"
    );
    assert_eq!(ran.told("c"), "match: ");
}

#[test]
fn no_answer_in_time_is_told() {
    let probe = format!("{LINE_PROBE}[line]\ntimeout_ms = 1000\n");
    let ran = TestRoot::pair(ECHO, &except_b("sleep 100"), THREE)
        .probe("s", &probe)
        .run(&[]);
    let ran = ran.ends(4, "inconclusive");
    assert_eq!(
        ran.told("b"),
        "invalid: `right`: gave no answer within 1000 ms"
    );
    assert_eq!(ran.told("c"), "match: ");
}

#[test]
fn two_lines_for_one_case_are_told() {
    let one = "[[case]]\nname = \"b\"\ninput = '\"b\"'\n";
    let ran = TestRoot::pair(ECHO, &except_b("echo 1; echo 2"), one)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.told("b"),
        "invalid: `right`: gave no answer: more than one line came back, the second was `2`"
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
        ran.told("b"),
        "invalid: `right`: gave no answer: more than one line came back, the second was `\"b\"`"
    );
    assert_eq!(ran.told("a"), "match: ");
    assert_eq!(ran.told("c"), "match: ");
}

#[test]
fn an_empty_answer_is_told() {
    let ran = TestRoot::pair(ECHO, &except_b("echo"), THREE)
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(ran.told("b"), "invalid: `right`: answered an empty line");
}

#[test]
fn a_program_that_cannot_be_started_is_infrastructure() {
    let root = TestRoot::pair(ECHO, ECHO, THREE);
    let description = root.read("fixtures/implementations/right.toml");
    root.write(
        "fixtures/implementations/right.toml",
        &description.replace("[\"sh\", ", "[\"no-such-program\", "),
    );
    let ran = root.run(&[]).ends(1, "inconclusive");
    let told = ran.list("infrastructure").concat();
    assert!(told.contains("failed to start `no-such-program"), "{told}");
    assert_eq!(ran.told("a"), "invalid: `right` was not reached");
}

#[test]
fn a_build_that_fails_is_infrastructure_and_shows_the_end_of_its_log() {
    let root = TestRoot::pair(ECHO, ECHO, THREE);
    let description = root.read("fixtures/implementations/right.toml");
    root.write(
        "fixtures/implementations/right.toml",
        &format!(
            "{description}[build]\ncommand = [\"sh\", \"-c\", \"echo missing semicolon; exit 7\"]\n"
        ),
    );
    let ran = root.run(&[]).ends(1, "inconclusive");
    let told = ran.list("infrastructure").concat();
    assert!(
        told.starts_with("failed to build `right` (exit code 7)"),
        "{told}"
    );
    assert!(told.contains("missing semicolon"), "{told}");
    assert_eq!(ran.told("a"), "invalid: `right` could not be built");
}

#[test]
fn a_build_runs_once_before_everything() {
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
fn a_grandchild_left_running_is_killed_and_told() {
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
    let told = ran.list("infrastructure").concat();
    assert!(
        told.contains("`right` left `sleep 300` (process "),
        "{told}"
    );
    assert!(told.contains("it was killed"), "{told}");
    let pids = root.read("pids");
    assert_eq!(pids.lines().count(), 2, "one per round");
    for pid in pids.lines() {
        assert!(told.contains(&format!("(process {pid})")), "{told}");
        assert!(!lives(pid), "{pid} still runs");
    }
}

#[test]
fn a_grandchild_that_left_the_group_is_found() {
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
    let told = ran.list("infrastructure").concat();
    assert!(
        told.contains("left its process group and was still running; it was killed"),
        "{told}"
    );
    for pid in root.read("pids").lines() {
        wait_until("it is gone", || (!lives(pid)).then_some(()));
    }
}

#[test]
fn the_environment_is_inherited_without_the_variables_of_a_package() {
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
fn nothing_is_left_of_an_ordinary_run() {
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
        let _ = std::fs::remove_file(root.path("target/parity/report.json"));
        let child = root.start(&[]);
        let pid = root.wait_for("pids");
        let began = Instant::now();
        let sent = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        let output = child.wait_with_output().unwrap();
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it took {:?}",
            began.elapsed()
        );
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let ran = root.ran(
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        );
        let ran = ran.ends(4, "inconclusive");
        assert!(
            ran.list("inconclusive")
                .contains(&"the run was cut short by a signal".to_owned()),
            "{ran:#?}"
        );
        assert!(!lives(&pid), "{pid} still runs");
        assert!(root.leftover_folders().is_empty());
    }
}
