//! Cases as trials of a test binary.

use libtest_mimic::{Arguments, Conclusion};

use crate::support::{ECHO, TestRoot};

const CASES: &str = "[[case]]\nname = \"one\"\ninput = '{\"a\":1}'\n[[case]]\nname = \"two\"\ninput = '{\"b\":1}'\n";
const OFF: &str = "sed -u 's/\"a\":1/\"a\":2/'";

fn run(root: &TestRoot, arguments: &[&str]) -> Conclusion {
    // Failing trials print to a log, not into the output of this test.
    let log = root.path("trials.txt").display().to_string();
    let arguments = Arguments::from_iter([&["parity", "--logfile", &log], arguments].concat());
    lakehouse_parity::trials::run(&root.path(""), &root.path("output"), arguments).unwrap()
}

/// Passed, failed, ignored, filtered out.
fn counts(conclusion: &Conclusion) -> [u64; 4] {
    [
        conclusion.num_passed,
        conclusion.num_failed,
        conclusion.num_ignored,
        conclusion.num_filtered_out,
    ]
}

#[test]
fn only_the_differing_case_fails() {
    let root = TestRoot::pair(ECHO, ECHO, CASES);
    // Two cases, and the trial of the ledgers and the infrastructure.
    assert_eq!(counts(&run(&root, &[])), [3, 0, 0, 0]);
    let root = TestRoot::pair(ECHO, OFF, CASES);
    assert_eq!(counts(&run(&root, &[])), [2, 1, 0, 0]);
    assert_eq!(
        counts(&run(&root, &["--exact", "s::line::right::two"])),
        [1, 0, 0, 2]
    );
    assert_eq!(
        counts(&run(&root, &["--exact", "s::line::right::one"])),
        [0, 1, 0, 2]
    );
    assert!(run(&root, &["--exact", "s::line::right::one"]).has_failed());
    let log = root.read("trials.txt");
    assert!(
        log.contains("`body:$.a` value\n  left: 1\n  right: 2\n"),
        "{log}"
    );
    assert!(log.contains("\ninput: {\"a\":1}\nrun it: "), "{log}");
    assert_eq!(counts(&run(&root, &["--skip", "::one"])), [1, 0, 1, 1]);
}

#[test]
fn listing_runs_nothing() {
    let root = TestRoot::pair(ECHO, OFF, CASES);
    assert!(!run(&root, &["--list"]).has_failed());
    assert!(!root.path("output").exists());
}

#[test]
fn cases_that_did_not_run_fail() {
    let root = TestRoot::pair(ECHO, "echo 'error: no licence' >&2; exit 3", CASES);
    assert_eq!(counts(&run(&root, &["line::right"])), [0, 2, 0, 1]);
    let log = root.read("trials.txt");
    assert!(
        log.contains("stderr of right: error: no licence\n"),
        "{log}"
    );
}

#[test]
fn an_outdated_ledger_fails() {
    let root = TestRoot::pair(ECHO, ECHO, CASES).file(
        "fixtures/divergences.toml",
        "[[divergence]]\nsurface = \"s\"\ncases = [\"one\"]\npair = [\"left\", \"right\"]\npath = \"body:$.a\"\nkind = \"value\"\nshapes = [\"number 1\", \"number 2\"]\ncount = 1\nreason = \"x\"\ndecision = \"x\"\nexpires = 2999-01-01\n",
    );
    assert_eq!(counts(&run(&root, &[])), [2, 1, 0, 0]);
}
