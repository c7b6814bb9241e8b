//! Temporary roots, and runs of `parity` in them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A helper that echoes every line.
pub(crate) const ECHO: &str = "while IFS= read -r line; do printf '%s\\n' \"$line\"; done";

/// A minimal probe over the line transport.
pub(crate) const LINE_PROBE: &str = "about = \"x\"\ntransports = [\"line\"]\n";

/// A temporary root whose reference is `left`.
pub(crate) struct TestRoot {
    folder: TempDir,
}

impl TestRoot {
    /// A root without implementations and probes.
    pub(crate) fn new() -> TestRoot {
        TestRoot::named("root-")
    }

    /// The same, in a folder whose name begins with `prefix`.
    pub(crate) fn named(prefix: &str) -> TestRoot {
        let root = TestRoot {
            folder: tempfile::Builder::new().prefix(prefix).tempdir().unwrap(),
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

    /// Adds an implementation of surface `s` over lines: a script for `sh`.
    pub(crate) fn helper(self, name: &str, script: &str) -> TestRoot {
        self.file(&format!("{name}.sh"), script).file(
            &format!("fixtures/implementations/{name}.toml"),
            &format!(
                "language = \"sh\"\nversion_text = \"1\"\nrequires = [\"sh\"]\n[helper]\ncommand = [\"sh\", \"{{root}}/{name}.sh\"]\n[surfaces]\ns = [\"line\"]\n"
            ),
        )
    }

    /// Adds an implementation of surface `s` over HTTP: a script for Node.
    pub(crate) fn server(self, name: &str, script: &str) -> TestRoot {
        self.file(&format!("{name}.mjs"), script).file(
            &format!("fixtures/implementations/{name}.toml"),
            &format!(
                "language = \"js\"\nversion_text = \"1\"\n[serve]\ncommand = [\"node\", \"{{root}}/{name}.mjs\", \"{{port}}\", \"{{state}}\", \"{{upstream}}\"]\nready = \"/health\"\nready_timeout_ms = 60000\nstop_timeout_ms = 60000\n[surfaces]\ns = [\"http\"]\n"
            ),
        )
    }

    /// Lists the script of each implementation as its source, as `parity verdict` requires.
    pub(crate) fn with_sources(self, names: &[&str]) -> TestRoot {
        for name in names {
            let file = format!("fixtures/implementations/{name}.toml");
            let text = self.read(&file).replace(
                "requires = [\"sh\"]",
                &format!("requires = [\"sh\"]\nsources = [\"{name}.sh\"]"),
            );
            self.write(&file, &text);
        }
        self
    }

    pub(crate) fn probe(self, surface: &str, text: &str) -> TestRoot {
        self.file(&format!("fixtures/probes/{surface}/probe.toml"), text)
    }

    pub(crate) fn cases(self, surface: &str, text: &str) -> TestRoot {
        self.file(&format!("fixtures/probes/{surface}/cases/all.toml"), text)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.prepared(env!("CARGO_BIN_EXE_parity"));
        command
            .arg("--root")
            .arg(self.folder.path())
            .args(arguments);
        command
    }

    /// A shell that runs a `cargo xtask parity` line of a report with this build.
    pub(crate) fn pasted(&self, line: &str) -> Command {
        let arguments = line.strip_prefix("cargo xtask parity").unwrap();
        let mut command = self.prepared("sh");
        command.args(["-c", &format!("exec \"$PARITY\"{arguments}")]);
        command.env("PARITY", env!("CARGO_BIN_EXE_parity"));
        command
    }

    fn prepared(&self, program: &str) -> Command {
        let temp = self.path("tmp");
        fs::create_dir_all(&temp).unwrap();
        let mut command = Command::new(program);
        command
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
    pub(crate) fn run(&self, arguments: &[&str]) -> RunResult {
        self.finish(self.command(arguments))
    }

    pub(crate) fn finish(&self, mut command: Command) -> RunResult {
        let output = command.output().unwrap();
        self.result(
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

    /// Sends a signal to a run that was started, `times` times, and waits for its end. Returns the
    /// partial result, in which no case differs, and the time from the first signal.
    pub(crate) fn interrupt(
        &self,
        child: Child,
        signal: &str,
        times: usize,
    ) -> (RunResult, Duration) {
        let (ran, took) = self.stop(child, signal, times);
        let ran = ran.ends(4, "inconclusive");
        assert!(
            ran.list("inconclusive")
                .contains(&"the run was cut short by a signal".to_owned()),
            "{ran:#?}"
        );
        (ran, took)
    }

    /// The same for a run with any result.
    pub(crate) fn stop(&self, child: Child, signal: &str, times: usize) -> (RunResult, Duration) {
        let pid = child.id().to_string();
        let began = Instant::now();
        for _ in 0..times {
            let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
            assert!(sent.success());
        }
        let output = child.wait_with_output().unwrap();
        let took = began.elapsed();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let ran = self.result(
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        );
        (ran, took)
    }

    pub(crate) fn result(&self, code: Option<i32>, out: String, err: String) -> RunResult {
        let report = fs::read(self.path("target/parity/latest/report.json"))
            .map(|bytes| serde_json::from_slice(&bytes).unwrap())
            .unwrap_or(Value::Null);
        RunResult {
            code,
            text: format!("{out}{err}"),
            report,
        }
    }

    /// Waits for a line in a file that an implementation writes, and returns the text.
    pub(crate) fn wait_for(&self, name: &str) -> String {
        let path = self.path(name);
        wait_until(&format!("no line in `{name}`"), || {
            fs::read_to_string(&path)
                .ok()
                .filter(|text| text.ends_with('\n'))
        })
    }

    /// The temporary folders that the runs left behind.
    pub(crate) fn leftover_folders(&self) -> Vec<PathBuf> {
        fs::read_dir(self.path("tmp"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect()
    }
}

/// The result of a run of `parity`.
#[derive(Debug)]
pub(crate) struct RunResult {
    pub(crate) code: Option<i32>,
    /// Standard output, then standard error.
    pub(crate) text: String,
    /// `report.json`, or null.
    pub(crate) report: Value,
}

impl RunResult {
    /// Checks the exit code, the verdict, and that the report is complete.
    #[track_caller]
    pub(crate) fn ends(self, code: i32, verdict: &str) -> RunResult {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert_eq!(self.report["verdict"], verdict, "{self:#?}");
        assert_eq!(self.report["complete"], true, "{self:#?}");
        self
    }

    /// Checks that the run did not start, and that its message contains the texts.
    #[track_caller]
    pub(crate) fn refuses(self, texts: &[&str]) -> RunResult {
        assert_eq!(self.code, Some(2), "{self:#?}");
        for text in texts {
            // Messages are wrapped to fit the terminal.
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

    /// The verdict and the reasons of one case for `right`.
    #[track_caller]
    pub(crate) fn outcome(&self, name: &str) -> String {
        let case = self.case(name, "right");
        // A match has no reasons.
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

    /// The messages in a list of the report.
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

    /// The suggested edits of the ledgers.
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

/// Reads the standard error of a run that was started up to a line.
#[track_caller]
pub(crate) fn wait_for_line(child: &mut Child, wanted: &str) {
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while line.trim_end() != wanted {
        line.clear();
        let read = lines.read_line(&mut line).unwrap();
        assert!(read > 0, "the run ended before the line `{wanted}`");
    }
    child.stderr = Some(lines.into_inner());
}

/// Polls until `probe` returns a value; panics with `problem` after a minute.
#[track_caller]
pub(crate) fn wait_until<T>(problem: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(Instant::now() < deadline, "{problem}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process runs; a zombie does not.
pub(crate) fn is_running(pid: &str) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat"));
    stat.is_ok_and(|stat| {
        let state = stat
            .rsplit_once(')')
            .map(|(_, rest)| rest.trim_start().chars().next());
        !matches!(state, Some(Some('Z' | 'X')))
    })
}
