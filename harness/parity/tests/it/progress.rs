//! Progress on standard error, and the events behind it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

use lakehouse_parity::outcome::{Run, RunVerdict};
use lakehouse_parity::progress::{Event, Events, Planned};
use lakehouse_parity::run::{self, Options};

use crate::support::{ECHO, TestRoot};

const THREE: &str = "[[case]]\nname = \"a\"\ninput = '\"a\"'\n[[case]]\nname = \"b\"\ninput = '\"b\"'\n[[case]]\nname = \"c\"\ninput = '\"c\"'\n";

/// Starts a run; returns it with the lines of its standard error as they come.
fn watched(root: &TestRoot) -> (Child, impl Iterator<Item = String> + use<>) {
    let mut child = root
        .command(&[])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    (child, lines.map(Result::unwrap))
}

/// Keeps the plan, and counts the answers by implementation and case.
#[derive(Debug, Default)]
struct Collected {
    planned: Mutex<Vec<Planned>>,
    answered: Mutex<BTreeMap<(String, String), usize>>,
    finished: Mutex<Vec<String>>,
}

impl Events for Collected {
    fn report(&self, event: Event<'_>) {
        match event {
            Event::Planned(planned) => self.planned.lock().unwrap().push(planned.clone()),
            Event::Answered(place, _) => {
                let key = (place.implementation.to_owned(), place.case.to_owned());
                *self.answered.lock().unwrap().entry(key).or_default() += 1;
            }
            Event::Finished(place) => {
                let mut finished = self.finished.lock().unwrap();
                finished.push(place.implementation.to_owned());
            }
            _ => {}
        }
    }
}

/// Runs everything, and reports to `events`.
fn run_with(root: &TestRoot, events: Arc<dyn Events>) -> Run {
    let options = Options {
        root: root.path(""),
        surfaces: Vec::new(),
        cases: Vec::new(),
        implementations: Vec::new(),
        seed: Some(1),
        record: Vec::new(),
        require: Vec::new(),
        attach: Vec::new(),
        mutate: false,
        once: false,
        output: root.path("out"),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    runtime
        .block_on(run::run(&options, events, stopped))
        .unwrap()
}

/// Creates a file once a build has logged a line.
#[derive(Debug)]
struct Release {
    line: &'static str,
    file: PathBuf,
}

impl Events for Release {
    fn report(&self, event: Event<'_>) {
        if matches!(event, Event::Detail(line) if line.trim() == self.line) {
            std::fs::write(&self.file, "").unwrap();
        }
    }
}

#[test]
fn what_a_build_logs_is_reported_while_it_runs() {
    let root = TestRoot::pair(ECHO, ECHO, THREE);
    let seen = root.path("seen");
    let script = format!(
        "echo '   Compiling x'; while [ ! -e {} ]; do sleep 0.05; done",
        seen.display()
    );
    let file = "fixtures/implementations/right.toml";
    let build = format!("[build]\ncommand = [\"sh\", \"-c\", \"{script}\"]\n");
    root.write(file, &format!("{}{build}", root.read(file)));
    let run = run_with(
        &root,
        Arc::new(Release {
            line: "Compiling x",
            file: seen,
        }),
    );
    assert_eq!(run.verdict, RunVerdict::Pass);
}

#[test]
fn the_counts_are_those_of_the_plan() {
    let root = TestRoot::pair(ECHO, ECHO, THREE).helper("third", ECHO);
    let events = Arc::new(Collected::default());
    let run = run_with(&root, events.clone());

    let planned = events.planned.lock().unwrap();
    assert_eq!(planned.len(), 1);
    assert_eq!(planned[0].comparisons(), run.cases.len());
    assert_eq!(planned[0].comparisons(), 6);
    let answered = events.answered.lock().unwrap();
    for job in &planned[0].jobs {
        assert_eq!((job.rounds, job.cases.len()), (2, 3), "{job:?}");
        for case in &job.cases {
            let key = (job.implementation.clone(), case.clone());
            assert_eq!(answered.get(&key), Some(&job.rounds), "{key:?}");
        }
    }
    let mut finished = events.finished.lock().unwrap().clone();
    finished.sort();
    assert_eq!(finished, ["left", "right", "third"]);
}

#[test]
fn builds_and_the_plan_are_printed_on_standard_error() {
    let root = TestRoot::pair(ECHO, ECHO, THREE);
    let file = "fixtures/implementations/right.toml";
    let text = format!("{}[build]\ncommand = [\"true\"]\n", root.read(file));
    root.write(file, &text);
    let output = root.command(&["--seed", "7"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let err = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = err.lines().collect();
    assert!(lines[0].starts_with("reading `"), "{err}");
    for line in [
        "building `right` with `true`",
        "3 comparisons of right with left, seed 7",
        "comparing the answers",
        "writing the reports",
    ] {
        assert!(lines.contains(&line), "no `{line}` in {err}");
    }
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(!out.contains("comparing the answers"), "{out}");
}

#[test]
fn failures_are_printed_while_other_cases_run() {
    // After its crash on `b`, the program answers nothing until the test has seen the failure.
    let root = TestRoot::pair(ECHO, "", THREE);
    let (crashed, seen) = (root.path("crashed"), root.path("seen"));
    let script = r#"
while IFS= read -r line; do
  if [ "$line" = '"b"' ]; then touch CRASHED; exit 3; fi
  while [ -e CRASHED ] && [ ! -e SEEN ]; do sleep 0.05; done
  printf '%s\n' "$line"
done"#;
    let script = script
        .replace("CRASHED", &crashed.display().to_string())
        .replace("SEEN", &seen.display().to_string());
    root.write("right.sh", &script);
    let (mut child, mut lines) = watched(&root);
    let wanted = "✗ s/line right `b`: crashed on this case (exit code 3)";
    let mut before = Vec::new();
    loop {
        let line = lines.next().expect("the run has ended");
        before.push(line.clone());
        if line == wanted {
            break;
        }
    }
    assert!(!before.contains(&"comparing the answers".to_owned()));
    std::fs::write(&seen, "").unwrap();
    let rest: Vec<String> = lines.collect();
    assert_eq!(child.wait().unwrap().code(), Some(4));
    assert!(
        !rest.contains(&wanted.to_owned()),
        "reported twice: {rest:?}"
    );
}

#[test]
fn differences_are_printed_while_other_surfaces_run() {
    // The surface `t` waits until the test has seen what differs on the surface `s`.
    let root = TestRoot::pair(ECHO, "", THREE)
        .probe("t", crate::support::LINE_PROBE)
        .cases("t", THREE);
    let seen = root.path("seen");
    let script = r#"
while IFS= read -r line; do
  while [ "$1" = t ] && [ ! -e SEEN ]; do sleep 0.05; done
  [ "$line" = '"b"' ] && [ "$1" = s ] && line='"x"'
  printf '%s\n' "$line"
done"#;
    let script = script.replace("SEEN", &seen.display().to_string());
    root.write("right.sh", &script);
    for name in ["left", "right"] {
        let file = format!("fixtures/implementations/{name}.toml");
        let text = root
            .read(&file)
            .replace(".sh\"]", ".sh\", \"{surface}\"]")
            .replace("[surfaces]", "[surfaces]\nt = [\"line\"]");
        root.write(&file, &text);
    }
    let probe = format!("{}[line]\ntimeout_ms = 60000\n", crate::support::LINE_PROBE);
    root.write("fixtures/probes/t/probe.toml", &probe);
    let (mut child, mut lines) = watched(&root);
    let wanted = "✗ s/line right `b`: `body:$` different value (\"b\" | \"x\")";
    assert!(lines.any(|line| line == wanted), "the run has ended");
    std::fs::write(&seen, "").unwrap();
    assert_eq!(lines.filter(|line| line.starts_with('✗')).count(), 0);
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[test]
fn a_slow_case_is_named_while_it_runs() {
    let root = TestRoot::pair(ECHO, "", THREE);
    let seen = root.path("seen");
    root.write(
        "right.sh",
        &format!(
            "while IFS= read -r line; do if [ \"$line\" = '\"b\"' ]; then while [ ! -e {} ]; do sleep 0.05; done; fi; printf '%s\\n' \"$line\"; done",
            seen.display()
        ),
    );
    root.write(
        "fixtures/probes/s/probe.toml",
        &format!("{}[line]\ntimeout_ms = 60000\n", crate::support::LINE_PROBE),
    );
    let (mut child, mut lines) = watched(&root);
    let named = lines
        .by_ref()
        .find(|line| line.starts_with("s/line right `b` has been running for "));
    assert!(named.is_some(), "the case is not named");
    std::fs::write(&seen, "").unwrap();
    let _rest: Vec<_> = lines.collect();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
