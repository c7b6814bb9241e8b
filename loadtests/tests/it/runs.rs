//! Short runs of the whole program against the system.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::{Duration, Instant};

use lakehouse_loadtests::results::{Flow, GateOutcome, Results, Verdict};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// Each lie, which is also the kind of fault, and the flow that must detect it.
const LIES: [(&str, &str); 7] = [
    ("excluded_hit", "profile_swap"),
    ("wrong_boost", "playbook_record_replay"),
    ("lost_playbook", "playbook_record_replay"),
    ("changed_answer", "repeat_cache"),
    ("unknown_worker_passed", "surge_fill_validate"),
    ("phone_as_ssn", "sms_validate"),
    ("too_few_hits", "cold_search_email"),
];

#[test]
fn every_lie_fails_the_run_and_names_the_flow() {
    for (lie, flow) in LIES {
        let is_detected = |results: &Results| {
            let flow = found(results, flow);
            flow.wrong.iter().any(|wrong| wrong.kind == lie)
        };
        let (_folder, output, results) = run_until(&["--lie", lie], is_detected);
        assert_eq!(output.status.code(), Some(3), "{lie}: {}", text(&output));
        assert_eq!(results.verdict, Verdict::Fail, "{lie}");
        assert!(
            is_detected(&results),
            "{lie}: `{flow}` reports {:?}",
            found(&results, flow).wrong
        );
        let failed = results
            .gates
            .iter()
            .filter(|gate| gate.outcome == GateOutcome::Failed);
        assert!(
            failed.into_iter().any(|gate| gate.subject.contains(flow)),
            "{lie}: no gate names `{flow}`: {:?}",
            results.gates
        );
        assert!(text(&output).contains(flow), "{lie}: {}", text(&output));
    }
}

#[test]
fn correct_servers_pass_all_six_flows() {
    let all_completed = |results: &Results| {
        let mut flows = results.measurements[0].flows.iter();
        flows.all(|flow| flow.count > 0)
    };
    let (folder, output, results) = run_until(&[], all_completed);
    let flows = &results.measurements[0].flows;
    assert_eq!(flows.len(), 6, "{flows:?}");
    for flow in flows {
        assert!(
            flow.count > 0,
            "`{}` never completed: {}",
            flow.name,
            text(&output)
        );
        assert_eq!(flow.failures, 0, "`{}`: {:?}", flow.name, flow.wrong);
    }
    for name in [
        "results.json",
        "report.html",
        "junit.xml",
        "summary.md",
        "history.jsonl",
    ] {
        let written = std::fs::metadata(folder.path().join(name));
        assert!(written.is_ok_and(|file| file.len() > 0), "no `{name}`");
    }
    let failed = results
        .gates
        .iter()
        .filter(|gate| gate.outcome == GateOutcome::Failed);
    assert_eq!(failed.count(), 0, "{:?}", results.gates);
}

#[test]
fn arrivals_keep_their_schedule() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = run("open", "2", "0.5", folder.path());
    let output = command.args(["--users", "20"]).output().unwrap();
    let results = results(folder.path(), &output);
    let [capacity, open] = &results.measurements[..] else {
        panic!("expected two loads: {}", text(&output));
    };
    let rate = open.load.arrivals_per_second.unwrap();
    let done: u64 = capacity.flows.iter().map(|flow| flow.count).sum();
    assert!((rate - 0.6 * done as f64 / capacity.seconds).abs() < 1e-6 * rate);
    let arrived = open.flows.iter();
    let arrived = arrived.map(|flow| flow.count + flow.failures + flow.dropped);
    let arrived = arrived.sum::<u64>() as f64;
    assert!(
        (arrived - rate * open.seconds).abs() <= 2.0,
        "{arrived} in {} s at {rate} per second",
        open.seconds
    );
}

#[test]
fn interrupted_runs_write_inconclusive_results() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = smoke("600", "0", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (sender, printed) = mpsc::channel();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let reader = std::thread::spawn(move || {
        for line in stderr.lines().map_while(Result::ok) {
            // The receiver is dropped once the load runs, but the pipe must still be read.
            let _ = sender.send(line);
        }
    });
    let deadline = Instant::now() + Duration::from_secs(300);
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let line = printed.recv_timeout(left).expect("no flow was completed");
        // Progress is printed once a flow has been completed.
        if line.contains(" 4 users: ") {
            break;
        }
    }
    drop(printed);
    let id = Pid::from_raw(i32::try_from(child.id()).unwrap());
    kill(id, Signal::SIGINT).unwrap();
    let interrupted = Instant::now();
    let output = child.wait_with_output().unwrap();
    reader.join().unwrap();
    assert!(
        interrupted.elapsed() < Duration::from_secs(120),
        "the run did not stop"
    );
    let results = results(folder.path(), &output);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output));
    assert!(results.interrupted);
    assert!(
        results.measurements[0]
            .flows
            .iter()
            .any(|flow| flow.count > 0)
    );
}

#[test]
fn unknown_tiers_are_usage_errors() {
    let output = Command::new(env!("CARGO_BIN_EXE_lakehouse-loadtests"))
        .args(["run", "gigantic"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("multitier"), "{}", text(&output));
}

#[test]
fn unknown_implementations_are_usage_errors_that_list_the_known_ones() {
    let folder = tempfile::tempdir().unwrap();
    let output = smoke("2", "0.5", folder.path())
        .args(["--implementation", "cobol"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(
        text(&output).contains("`go`, `js`, `python`, `rust`"),
        "{}",
        text(&output)
    );
}

/// Repeats a short smoke run, four times as long each time, until its results are enough: on a busy
/// machine, a flow may need longer to run at all. Returns the last run.
fn run_until(more: &[&str], is_enough: impl Fn(&Results) -> bool) -> (TempDir, Output, Results) {
    let mut seconds = 2;
    loop {
        let folder = tempfile::tempdir().unwrap();
        let mut command = smoke(&seconds.to_string(), "0.5", folder.path());
        let output = command.args(more).output().unwrap();
        let is_last = seconds > 100;
        // A run in which no flow ended has no results.
        if is_last || folder.path().join("results.json").exists() {
            let results = results(folder.path(), &output);
            if is_last || is_enough(&results) {
                return (folder, output, results);
            }
        }
        seconds *= 4;
    }
}

/// The results of a flow.
fn found<'a>(results: &'a Results, flow: &str) -> &'a Flow {
    let mut flows = results.measurements[0].flows.iter();
    let found = flows.find(|found| found.name == flow);
    found.unwrap_or_else(|| panic!("no flow `{flow}`"))
}

fn smoke(seconds: &str, warm_up: &str, folder: &Path) -> Command {
    let mut command = run("smoke", seconds, warm_up, folder);
    command.args(["--users", "4"]);
    command
}

/// A run of few people and a dev build of the system.
fn run(tier: &str, seconds: &str, warm_up: &str, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lakehouse-loadtests"));
    command
        .args(["run", tier, "--workers", "300"])
        .args(["--seconds", seconds, "--warm-up", warm_up, "--output"])
        .arg(folder)
        .arg("--binary")
        .arg(system());
    command
}

/// The dev build of the system, built together with the corpus writer.
fn system() -> &'static Path {
    static SYSTEM: OnceLock<PathBuf> = OnceLock::new();
    SYSTEM.get_or_init(|| {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let status = Command::new(cargo)
            .args(["build", "--quiet", "--package", "lakehouse-server"])
            .args(["--package", "lakehouse-corpus"])
            .status()
            .unwrap();
        assert!(status.success(), "cannot build the system");
        Path::new(env!("CARGO_BIN_EXE_lakehouse-loadtests")).with_file_name("lakehouse")
    })
}

fn results(folder: &Path, output: &Output) -> Results {
    let json = std::fs::read_to_string(folder.join("results.json"));
    let json = json.unwrap_or_else(|error| panic!("no results: {error}: {}", text(output)));
    serde_json::from_str(&json).unwrap()
}

fn text(output: &Output) -> String {
    let parts = [&output.stdout, &output.stderr];
    parts
        .map(|part| String::from_utf8_lossy(part).into_owned())
        .concat()
}
