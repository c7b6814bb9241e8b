//! The steps of the tutorial in `examples/hello`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use walkdir::WalkDir;

/// A copy of `examples/hello` to change at will.
struct Hello {
    folder: TempDir,
}

impl Hello {
    fn new() -> Hello {
        let folder = tempfile::tempdir().unwrap();
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/hello");
        for entry in WalkDir::new(&original) {
            let entry = entry.unwrap();
            let relative = entry.path().strip_prefix(&original).unwrap();
            // Skip the output of runs by hand.
            if relative.starts_with("target") {
                continue;
            }
            let copy = folder.path().join(relative);
            if entry.file_type().is_dir() {
                fs::create_dir_all(copy).unwrap();
            } else {
                fs::copy(entry.path(), copy).unwrap();
            }
        }
        Hello { folder }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "`{from}` is not in {file}");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    fn append(&self, file: &str, text: &str) {
        let path = self.path(file);
        let before = fs::read_to_string(&path).unwrap();
        fs::write(path, before + text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let reports = self.path("reports");
        let output = Command::new(env!("CARGO_BIN_EXE_parity"))
            .arg("--root")
            .arg(self.folder.path())
            .arg("--output")
            .arg(&reports)
            .args(["--seed", "7"])
            .args(arguments)
            .env_remove("GITHUB_STEP_SUMMARY")
            .output()
            .unwrap();
        let text = fs::read_to_string(reports.join("report.json")).unwrap_or_default();
        Run {
            report: serde_json::from_str(&text).unwrap_or_default(),
            output,
        }
    }
}

struct Run {
    output: Output,
    report: Value,
}

impl Run {
    /// Everything it printed.
    fn text(&self) -> String {
        let both = [self.output.stdout.as_slice(), &self.output.stderr].concat();
        String::from_utf8_lossy(&both).into_owned()
    }

    #[track_caller]
    fn ends(&self, code: i32, verdict: &str) -> &Run {
        let text = self.text();
        assert_eq!(self.output.status.code(), Some(code), "{text}");
        assert_eq!(self.report["verdict"], verdict, "{text}");
        assert_eq!(self.report["complete"], true, "{text}");
        self
    }

    #[track_caller]
    fn says(&self, wanted: &str) -> &Run {
        let text = self.text();
        assert!(text.contains(wanted), "`{wanted}` is not in:\n{text}");
        self
    }
}

#[test]
fn the_tutorial_passes() {
    let run = Hello::new().run(&[]);
    run.ends(0, "pass");
    let result = &run.report["results"][0];
    assert_eq!(result["surface"], "greet");
    assert_eq!(result["implementation"], "node");
    assert_eq!(result["cases"], 6);
    assert_eq!(result["matched"], 5);
    assert_eq!(result["known"], 1);
}

#[test]
fn a_wrong_greeting_is_found_and_can_be_run_alone() {
    let hello = Hello::new();
    hello.edit("greet.mjs", "\"Hallo\"", "\"Halo\"");
    hello
        .run(&[])
        .ends(3, "fail")
        .says("body:$.greeting")
        .says("--case in_german");
    let alone = hello.run(&["--surface", "greet", "--case", "in_german"]);
    alone.ends(3, "fail");
    assert_eq!(alone.report["cases"].as_array().unwrap().len(), 1);
    assert_eq!(alone.report["cases"][0]["case"], "in_german");
}

#[test]
fn equal_unexpected_errors_are_invalid() {
    let hello = Hello::new();
    hello.append(
        "fixtures/probes/greet/cases/names.toml",
        "\n[[case]]\nname = \"latin\"\ninput = '{\"name\": \"Ada\", \"language\": \"la\"}'\nexpect = \"ok\"\n",
    );
    let run = hello.run(&[]);
    run.ends(4, "inconclusive");
    let latin = run.report["cases"]
        .as_array()
        .unwrap()
        .iter()
        .find(|case| case["case"] == "latin")
        .unwrap();
    assert_eq!(latin["verdict"], "invalid");
}

#[test]
fn an_undeclared_difference_suggests_its_pin() {
    let hello = Hello::new();
    fs::remove_file(hello.path("fixtures/divergences.toml")).unwrap();
    let run = hello.run(&[]);
    run.ends(3, "fail").says("body:$.length");
    let crab = run.report["cases"]
        .as_array()
        .unwrap()
        .iter()
        .find(|case| case["case"] == "crab")
        .unwrap();
    let pin = crab["suggested_pins"][0].as_str().unwrap();
    assert!(
        pin.contains("shapes = [\"number 9\", \"number 10\"]"),
        "{pin}"
    );
}

#[test]
fn an_outdated_pin_fails() {
    let hello = Hello::new();
    hello.edit("greet.mjs", "greeting.length", "[...greeting].length");
    hello
        .run(&[])
        .ends(3, "fail")
        .says("fixtures/divergences.toml");
}

#[test]
fn a_normaliser_checks_what_it_hides() {
    let hello = Hello::new();
    hello.edit(
        "greet.mjs",
        "performance.now() - started",
        "started - performance.now() - 1",
    );
    hello.run(&[]).ends(4, "inconclusive").says("$.elapsed_ms");
}

#[test]
fn an_unneeded_normaliser_fails() {
    let hello = Hello::new();
    for (file, from) in [
        ("greet.mjs", "performance.now() - started"),
        ("greet.py", "(time.perf_counter() - started) * 1000"),
    ] {
        hello.edit(file, from, "0");
    }
    hello
        .run(&[])
        .ends(3, "fail")
        .says("fixtures/probes/greet/probe.toml");
}

#[test]
fn a_third_implementation_identifies_the_odd_one() {
    let hello = Hello::new();
    hello.edit("greet.mjs", "\"Bonjour\"", "\"Salut\"");
    fs::copy(
        hello.path("fixtures/implementations/python.toml"),
        hello.path("fixtures/implementations/again.toml"),
    )
    .unwrap();
    hello
        .run(&[])
        .ends(3, "fail")
        .says("node differs; python and again agree");
}
