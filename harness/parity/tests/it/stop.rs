//! Signals in the phases of a run.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::{ECHO, TestRoot, wait_for_line, wait_until};

const PROBE: &str = "about = \"x\"\ntransports = [\"line\"]\n[line]\ntimeout_ms = 60000\n[compare]\nbody = \"ranking\"\n[[compare.ranking]]\nat = \"$.hits\"\nid = [\"id\"]\nscore = \"score\"\n";
const ONE: &str = "[[case]]\nname = \"one\"\ninput = '1'\n";
/// Rankings of this many hits take minutes to compare, though their answers are small.
const HITS: usize = 60_000;
const SIGNALS: [&str; 2] = ["-TERM", "-INT"];

/// The limit is two seconds; a loaded machine may give the process a third of them.
#[track_caller]
fn check_time(took: Duration) {
    assert!(took < Duration::from_secs(6), "it took {took:?}");
}

/// A root whose implementations answer with long rankings. Each answer adds a line to `answered`.
fn rankings() -> TestRoot {
    let hits = format!(
        "awk 'BEGIN {{ printf \"{{\\\"hits\\\":[\"; for (i = 0; i < {HITS}; i++) printf \"%s{{\\\"id\\\":%d,\\\"score\\\":%d}}\", (i ? \",\" : \"\"), i, {HITS} - i; print \"]}}\" }}'"
    );
    let root = TestRoot::pair("", "", ONE).probe("s", PROBE);
    for name in ["left", "right"] {
        let script = format!(
            "while read -r line; do {hits}; echo >> {}; done",
            root.path("answered").display()
        );
        root.write(&format!("{name}.sh"), &script);
    }
    root
}

/// Waits for this many answers, and then until the run has worked on them for a while.
#[track_caller]
fn wait_for_work(root: &TestRoot, child: &Child, answers: usize) {
    let answered = root.path("answered");
    wait_until("the answers are incomplete", || {
        let lines = std::fs::read_to_string(&answered).ok()?.lines().count();
        (lines == answers).then_some(())
    });
    let before = ticks(child);
    wait_until("the run is idle", || {
        (ticks(child) > before + 50).then_some(())
    });
}

/// The processor time of a run, in hundredths of a second.
fn ticks(child: &Child) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    fields.split_whitespace().nth(11).unwrap().parse().unwrap()
}

/// Listens, and fills its queue of connections, so that no other one is accepted.
const BUSY: &str = r#"
import socket, sys, time
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0)
queued = [socket.socket() for _ in range(8)]
for one in queued:
    one.setblocking(False)
    one.connect_ex(listener.getsockname())
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
"#;

#[test]
fn signals_end_a_run_while_it_connects() {
    let mut busy = Command::new("python3")
        .args(["-c", BUSY])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(busy.stdout.take().unwrap())
        .read_line(&mut port)
        .unwrap();
    let url = format!("http://127.0.0.1:{}", port.trim());
    let probe = "about = \"x\"\ntransports = [\"http\"]\n[http]\npath = \"/\"\n";
    let root = TestRoot::new()
        .server("left", "")
        .server("right", "")
        .probe("s", probe)
        .cases("s", ONE);
    for signal in SIGNALS {
        let mut child = root.start(&["--attach", &format!("right={url}")]);
        wait_for_line(&mut child, &format!("connecting to `right` at `{url}`"));
        let (_, took) = root.interrupt(child, signal, 1);
        // Without a signal, the run would wait for five seconds and end without a report.
        check_time(took);
    }
    // It ends when its standard input does.
    drop(busy.stdin.take());
    assert!(busy.wait().unwrap().success());
}

#[test]
fn signals_end_a_run_while_it_compares() {
    for signal in SIGNALS {
        let root = rankings();
        let child = root.start(&[]);
        // Both implementations, in two rounds.
        wait_for_work(&root, &child, 4);
        let (ran, took) = root.interrupt(child, signal, 2);
        assert_eq!(
            ran.outcome("one"),
            "invalid: the run was cut short before this case was compared"
        );
        check_time(took);
        assert!(root.leftover_folders().is_empty());
    }
}

#[test]
fn signals_end_a_run_while_it_compares_generated_inputs() {
    for signal in SIGNALS {
        let shapes = "transport = \"line\"\ntimeout_ms = 60000\nroot = \"a\"\n";
        let root = rankings().file("fixtures/probes/s/generate.toml", shapes);
        let child = root.start(&["--generate", "1", "--seed", "1"]);
        wait_for_work(&root, &child, 2);
        let (ran, took) = root.interrupt(child, signal, 2);
        assert_eq!(ran.report["generated"]["inputs"], 0);
        check_time(took);
        assert!(root.leftover_folders().is_empty());
    }
}

#[test]
fn signals_end_a_run_while_it_damages_answers() {
    // Answers of this number and size are damaged tens of thousands of times.
    let members: Vec<String> = (0..60).map(|n| format!("\"k{n}\":\"v{n}\"")).collect();
    let input = members.join(",");
    let cases: String = (0..30)
        .map(|n| format!("[[case]]\nname = \"n{n}\"\ninput = '{{\"n\":{n},{input}}}'\n"))
        .collect();
    for signal in SIGNALS {
        let root = TestRoot::pair(ECHO, ECHO, &cases);
        let mut child = root.start(&["--mutate"]);
        wait_for_line(&mut child, "damaging the answers, to check the comparison");
        let (ran, took) = root.interrupt(child, signal, 1);
        assert_eq!(ran.outcome("n0"), "match: ");
        assert_eq!(ran.report["mutation"], Value::Null);
        check_time(took);
    }
}

#[test]
fn signals_end_a_run_while_it_writes_reports() {
    // The answers differ in all of their lines, and a page compares them line by line.
    let input = vec!["1"; 2_000].join(",");
    let cases: String = (0..60)
        .map(|n| format!("[[case]]\nname = \"n{n}\"\ninput = '[{input}]'\n"))
        .collect();
    for signal in SIGNALS {
        let root = TestRoot::pair(ECHO, "sed -u 's/1/2/g'", &cases);
        let mut child = root.start(&[]);
        wait_for_line(&mut child, "writing the reports");
        let (ran, took) = root.stop(child, signal, 2);
        let ran = ran.ends(3, "fail");
        let cut = "the run was cut short by a signal while its reports were written";
        assert_eq!(ran.list("inconclusive"), [cut]);
        check_time(took);
        let case = ran.case("n59", "right");
        assert_eq!(case["differences"].as_array().unwrap().len(), 50);
        assert_eq!(
            case["reasons"][0],
            "1,950 more differences left out, because the run was cut short"
        );
        for file in ["report.html", "summary.md"] {
            let report = root.read(&format!("target/parity/latest/{file}"));
            assert!(report.contains(cut), "no `{cut}` in {file}");
        }
    }
}
