//! A root of its own for every test, and runs of `parity` in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A helper that answers every line with itself.
pub(crate) const ECHO: &str = "while IFS= read -r line; do printf '%s\\n' \"$line\"; done";

/// A probe over the line transport, as plain as it gets.
pub(crate) const LINE_PROBE: &str = "about = \"x\"\ntransports = [\"line\"]\n";

/// A root with `left` as its reference.
pub(crate) struct TestRoot {
    folder: TempDir,
}

impl TestRoot {
    /// A root without implementations and probes.
    pub(crate) fn new() -> TestRoot {
        let root = TestRoot {
            folder: tempfile::Builder::new().prefix("root-").tempdir().unwrap(),
        };
        root.file("fixtures/harness.toml", "reference = \"left\"\n")
    }

    /// A root with one surface `s` over lines, its cases, and two helpers in `sh`.
    pub(crate) fn pair(left: &str, right: &str, cases: &str) -> TestRoot {
        TestRoot::new()
            .helper("left", left)
            .helper("right", right)
            .probe("s", LINE_PROBE)
            .cases("s", cases)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(self, name: &str, text: &str) -> TestRoot {
        self.write(name, text);
        self
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// An implementation of surface `s` over lines, by a script in `sh`.
    pub(crate) fn helper(self, name: &str, script: &str) -> TestRoot {
        self.file(&format!("{name}.sh"), script).file(
            &format!("fixtures/implementations/{name}.toml"),
            &format!(
                "language = \"sh\"\nversion_text = \"1\"\nrequires = [\"sh\"]\n[helper]\ncommand = [\"sh\", \"{{root}}/{name}.sh\"]\n[surfaces]\ns = [\"line\"]\n"
            ),
        )
    }

    /// An implementation of surface `s` over HTTP, by a script for Node.
    pub(crate) fn server(self, name: &str, script: &str) -> TestRoot {
        self.file(&format!("{name}.mjs"), script).file(
            &format!("fixtures/implementations/{name}.toml"),
            &format!(
                "language = \"js\"\nversion_text = \"1\"\n[serve]\ncommand = [\"node\", \"{{root}}/{name}.mjs\", \"{{port}}\", \"{{state}}\", \"{{upstream}}\"]\nready = \"/health\"\nready_timeout_ms = 8000\nstop_timeout_ms = 3000\n[surfaces]\ns = [\"http\"]\n"
            ),
        )
    }

    pub(crate) fn probe(self, surface: &str, text: &str) -> TestRoot {
        self.file(&format!("fixtures/probes/{surface}/probe.toml"), text)
    }

    pub(crate) fn cases(self, surface: &str, text: &str) -> TestRoot {
        self.file(&format!("fixtures/probes/{surface}/cases/all.toml"), text)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let temp = self.path("tmp");
        fs::create_dir_all(&temp).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_parity"));
        command
            .arg("--root")
            .arg(self.folder.path())
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TMPDIR", temp)
            .env("NO_COLOR", "1")
            .env_remove("OLLAMA_URL")
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("GITHUB_STEP_SUMMARY")
            .stdin(Stdio::null());
        command
    }

    /// Runs `parity` to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(self.command(arguments))
    }

    pub(crate) fn finish(&self, mut command: Command) -> Ran {
        let output = command.output().unwrap();
        self.ran(
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    pub(crate) fn ran(&self, code: Option<i32>, out: String, err: String) -> Ran {
        let report = fs::read(self.path("target/parity/report.json"))
            .map(|bytes| serde_json::from_slice(&bytes).unwrap())
            .unwrap_or(Value::Null);
        Ran {
            code,
            text: format!("{out}{err}"),
            report,
        }
    }

    /// Waits for a file that an implementation writes, and gives its text.
    pub(crate) fn wait_for(&self, name: &str) -> String {
        let path = self.path(name);
        wait_until(&format!("{name} is there"), || {
            fs::read_to_string(&path)
                .ok()
                .filter(|text| text.ends_with('\n'))
        })
    }

    /// The folders that implementations were given and that are still there.
    pub(crate) fn leftover_folders(&self) -> Vec<PathBuf> {
        fs::read_dir(self.path("tmp"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect()
    }
}

/// What a run of `parity` came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    /// Standard output, then standard error.
    pub(crate) text: String,
    /// `report.json`, or null.
    pub(crate) report: Value,
}

impl Ran {
    /// Checks the exit code, and that the report is complete with the verdict that goes with it.
    #[track_caller]
    pub(crate) fn ends(self, code: i32, verdict: &str) -> Ran {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert_eq!(self.report["verdict"], verdict, "{self:#?}");
        assert_eq!(self.report["complete"], true, "{self:#?}");
        self
    }

    /// Checks the exit code of a run that could not begin.
    #[track_caller]
    pub(crate) fn refuses(self, texts: &[&str]) -> Ran {
        assert_eq!(self.code, Some(2), "{self:#?}");
        for text in texts {
            // Messages are broken into lines to fit the terminal.
            let flat = |text: &str| {
                let words = text.split(|c: char| c.is_whitespace() || c == '│');
                words
                    .filter(|word| !word.is_empty())
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            assert!(
                flat(&self.text).contains(&flat(text)),
                "no `{text}` in {}",
                self.text
            );
        }
        self
    }

    #[track_caller]
    fn cases(&self) -> &Vec<Value> {
        self.report["cases"].as_array().unwrap()
    }

    /// The outcome of one case for one implementation.
    #[track_caller]
    pub(crate) fn case(&self, name: &str, implementation: &str) -> &Value {
        self.cases()
            .iter()
            .find(|case| case["case"] == name && case["implementation"] == implementation)
            .unwrap_or_else(|| panic!("no case `{name}` of `{implementation}` in {self:#?}"))
    }

    /// Verdict and reasons of one case for `right`.
    #[track_caller]
    pub(crate) fn told(&self, name: &str) -> String {
        let case = self.case(name, "right");
        // A match has none to tell.
        let reasons: Vec<&str> = case["reasons"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|reason| reason.as_str().unwrap())
            .collect();
        format!(
            "{}: {}",
            case["verdict"].as_str().unwrap(),
            reasons.join("; ")
        )
    }

    /// `path kind` of every difference of one case for `right`.
    #[track_caller]
    pub(crate) fn differences(&self, name: &str) -> Vec<String> {
        self.case(name, "right")["differences"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| {
                format!(
                    "{} {}",
                    d["path"].as_str().unwrap(),
                    d["kind"].as_str().unwrap()
                )
            })
            .collect()
    }

    /// The texts of a list of the report.
    #[track_caller]
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.report[name]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| {
                entry
                    .as_str()
                    .or(entry["message"].as_str())
                    .unwrap()
                    .to_owned()
            })
            .collect()
    }

    /// The edits that would mend the ledgers.
    #[track_caller]
    pub(crate) fn edits(&self) -> Vec<String> {
        self.report["ledger_failures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["edit"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// Waits up to ten seconds for something.
#[track_caller]
pub(crate) fn wait_until<T>(what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(Instant::now() < until, "{what}: not within ten seconds");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process lives; a zombie does not.
pub(crate) fn lives(pid: &str) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat"));
    stat.is_ok_and(|stat| {
        let state = stat
            .rsplit_once(')')
            .map(|(_, rest)| rest.trim_start().chars().next());
        !matches!(state, Some(Some('Z' | 'X')))
    })
}
