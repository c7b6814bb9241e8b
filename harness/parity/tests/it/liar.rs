//! Runs the honest program against `liar.py`: each lie is detected, with a message of its own.

mod answers;
mod lines;
mod lives;
mod many;
mod rankings;
mod servers;
mod writing;

use std::process::Command;

use serde_json::Value;

use crate::support::{RunResult, TestRoot};

const PROGRAM: &str = include_str!("../liar/liar.py");
const HONEST: &str = include_str!("../liar/fixtures/implementations/honest.toml");
const LIAR: &str = include_str!("../liar/fixtures/implementations/liar.toml");
const PROBE: &str = include_str!("../liar/fixtures/probes/echo/probe.toml");
const CASES: &str = include_str!("../liar/fixtures/probes/echo/cases/questions.toml");

/// A root that compares the honest program with one lie.
struct Lie {
    root: TestRoot,
    name: String,
}

impl Lie {
    fn over(transport: &str, name: &str) -> Lie {
        let liar = LIAR.replace("[\"line\", \"http\"]", &format!("[\"{transport}\"]"));
        let root = TestRoot::new()
            .file("fixtures/harness.toml", "reference = \"honest\"\n")
            .file(
                "fixtures/implementations/honest.toml",
                &without_places(HONEST),
            )
            .file("fixtures/implementations/liar.toml", &without_places(&liar))
            .file("liar.py", PROGRAM)
            .probe("echo", PROBE)
            .cases("echo", CASES);
        Lie {
            root,
            name: name.to_owned(),
        }
    }

    /// Changes a setting of the probe or of the liar's description.
    #[track_caller]
    fn with(self, from: &str, to: &str) -> Lie {
        let mut changed = false;
        for file in [
            "fixtures/implementations/liar.toml",
            "fixtures/probes/echo/probe.toml",
            "fixtures/probes/places/probe.toml",
        ] {
            if !self.root.path(file).exists() {
                continue;
            }
            let before = self.root.read(file);
            changed |= before.contains(from);
            self.root.write(file, &before.replace(from, to));
        }
        assert!(changed, "no file contains `{from}`");
        self
    }

    fn run(&self) -> LieResult {
        self.run_with(&[])
    }

    /// The seed is fixed, because some lies show in a case that depends on the order.
    fn run_with(&self, arguments: &[&str]) -> LieResult {
        let mut command = self.root.command(arguments);
        if !arguments.contains(&"--seed") {
            command.args(["--seed", "1"]);
        }
        command.env("LIE", &self.name);
        LieResult(self.root.finish(command))
    }
}

/// Removes the surface `places`, for roots without a probe for it.
fn without_places(description: &str) -> String {
    description.replace("places = [\"line\"]\n", "")
}

/// Checks both transports concurrently, because these runs mostly wait.
fn over_both(check: impl Fn(&str) + Sync) {
    std::thread::scope(|scope| {
        scope.spawn(|| check("line"));
        scope.spawn(|| check("http"));
    });
}

/// The result of a run; findings have `#` for each number that differs between runs.
struct LieResult(RunResult);

impl LieResult {
    #[track_caller]
    fn ends(self, code: i32, verdict: &str) -> LieResult {
        LieResult(self.0.ends(code, verdict))
    }

    /// Checks the findings of these cases, as `verdict: reasons | differences`, and that all other
    /// cases match. An expectation that ends in `…` is a prefix.
    #[track_caller]
    fn finds(self, expected: &[(&str, &str)]) -> LieResult {
        for case in self.0.report["cases"].as_array().unwrap() {
            let name = case["case"].as_str().unwrap();
            let wanted = expected.iter().find(|(case, _)| *case == name);
            let wanted = wanted.map_or("match", |(_, wanted)| *wanted);
            let found = finding(case);
            match wanted.strip_suffix('…') {
                Some(prefix) => assert!(found.starts_with(prefix), "{name}: {found}"),
                None => assert_eq!(found, wanted, "{name}"),
            }
        }
        for (case, _) in expected {
            self.0.case(case, "liar");
        }
        self
    }

    fn list(&self, name: &str) -> Vec<String> {
        self.0.list(name)
    }
}

fn finding(case: &Value) -> String {
    let texts = |name: &str, text: &dyn Fn(&Value) -> String| -> Vec<String> {
        case[name]
            .as_array()
            .into_iter()
            .flatten()
            .map(text)
            .collect()
    };
    let reasons = texts("reasons", &|reason| reason.as_str().unwrap().to_owned());
    let differences = texts("differences", &|difference| {
        let field = |name: &str| difference[name].as_str().unwrap().to_owned();
        format!("{} {}", field("path"), field("kind"))
    });
    let mut found = case["verdict"].as_str().unwrap().to_owned();
    for (before, list, between) in [(": ", reasons, "; "), (" | ", differences, ", ")] {
        if !list.is_empty() {
            found.push_str(before);
            found.push_str(&list.join(between));
        }
    }
    mask_long_numbers(&found)
}

/// Replaces long numbers, which are times or random.
fn mask_long_numbers(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | 'e' | '-')))
            .unwrap_or(from.len());
        out.push_str(before);
        out.push_str(if end > 6 { "#" } else { &from[..end] });
        rest = &from[end..];
    }
    out + rest
}

#[test]
fn the_honest_program_passes() {
    let lie = Lie::over("line", "").with("[\"line\"]", "[\"line\", \"http\"]");
    let result = lie.run().ends(0, "pass").finds(&[]);
    assert_eq!(result.0.report["cases"].as_array().unwrap().len(), 8);
    for list in ["notices", "infrastructure", "ledger_failures"] {
        assert_eq!(result.list(list), [""; 0], "{list}");
    }
}

#[test]
fn every_lie_has_a_test() {
    let listed = Command::new("python3")
        .args(["-c", PROGRAM, "lies"])
        .output()
        .unwrap();
    assert!(listed.status.success(), "{listed:?}");
    let tests = concat!(
        include_str!("liar/answers.rs"),
        include_str!("liar/lines.rs"),
        include_str!("liar/lives.rs"),
        include_str!("liar/rankings.rs"),
        include_str!("liar/servers.rs"),
        include_str!("liar/writing.rs"),
    );
    let names = String::from_utf8(listed.stdout).unwrap();
    assert!(names.lines().count() > 40, "{names}");
    for name in names.lines() {
        assert!(
            tests.contains(&format!("\"{name}\"")),
            "the lie `{name}` has no test"
        );
    }
}
