//! Runs hnswlib in a Python process, with one request or response per line.

use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::data::{DIMENSION, Data};
use crate::{K, Row};
use lakehouse_nearest::{DEFAULT_EF, EF_CONSTRUCTION, M};

pub(crate) struct Hnswlib {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub(crate) row: Row,
}

impl Hnswlib {
    pub(crate) fn start(data: &Data) -> Self {
        let venv = data.folder().join("venv");
        let python = venv.join("bin/python");
        if !run(Command::new(&python).args(["-c", "import hnswlib, numpy"])) {
            println!("installing hnswlib and numpy");
            assert!(
                run(Command::new("python3").args(["-m", "venv"]).arg(&venv)),
                "no venv"
            );
            let mut pip = Command::new(&python);
            assert!(
                run(pip.args(["-m", "pip", "install", "--quiet", "numpy", "hnswlib"])),
                "pip could not install"
            );
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/rivals/hnswlib_child.py");
        let mut child = Command::new(python)
            .arg(script)
            .arg(data.path())
            .args(
                [
                    data.row_count(),
                    DIMENSION,
                    M,
                    EF_CONSTRUCTION,
                    K,
                    DEFAULT_EF,
                ]
                .map(|n| n.to_string()),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python");
        let input = child.stdin.take().expect("its input");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        Self {
            child,
            input,
            output,
            row: Row::default(),
        }
    }

    pub(crate) fn build(&mut self, threads: usize) {
        let answer = self.ask(&format!("build {threads}"));
        self.row.build_seconds = answer[0];
        self.row.anonymous_bytes = answer[1] as i64;
        self.row.build_cpu_seconds = answer[2];
        println!(
            "built hnswlib in {:.1} s, {:.1} s of processor",
            answer[0], answer[2]
        );
    }

    /// The labels of all queries, `K` for each.
    pub(crate) fn labels(&mut self) -> Vec<Vec<u32>> {
        let labels: Vec<u32> = self
            .ask("labels")
            .into_iter()
            .map(|label| label as u32)
            .collect();
        labels.chunks(K).map(<[u32]>::to_vec).collect()
    }

    pub(crate) fn time(&mut self, queries: Range<usize>) {
        let times = self.ask(&format!("time {} {}", queries.start, queries.end));
        self.row.timings.0.extend(times);
    }

    pub(crate) fn queries_per_second(&mut self) -> f64 {
        self.ask("throughput 2")[0]
    }

    fn ask(&mut self, request: &str) -> Vec<f64> {
        writeln!(self.input, "{request}").expect("a request to Python");
        let mut line = String::new();
        self.output
            .read_line(&mut line)
            .expect("an answer of Python");
        assert!(!line.is_empty(), "Python ended at `{request}`");
        line.split_whitespace()
            .map(|word| word.parse().expect("a number"))
            .collect()
    }
}

impl Drop for Hnswlib {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(command: &mut Command) -> bool {
    command
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
