//! Runs are kept, and the last ones can be opened, repeated and compared.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::{ECHO, TestRoot};

const TWO: &str = "[[case]]\nname = \"one\"\ninput = '1'\n[[case]]\nname = \"two\"\ninput = '2'\n";

/// Answers `0` to `2`.
const WRONG_TWO: &str =
    "while IFS= read -r line; do [ \"$line\" = 2 ] && line=0; echo \"$line\"; done";

/// The names of the runs that are kept, the oldest first.
fn runs(root: &TestRoot) -> Vec<String> {
    let folder = fs::read_dir(root.path("target/parity/runs")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_partial_run_does_not_overwrite_the_full_report() {
    let root = TestRoot::pair(ECHO, WRONG_TWO, TWO);
    let full = root.run(&["--seed", "5"]).ends(3, "fail");
    let page = root.read("target/parity/report.html");
    let evidence = root.read("target/parity/evidence.json");

    let partial = root.run(&["--case", "one"]).ends(0, "pass");
    assert_eq!(root.read("target/parity/report.html"), page);
    assert_eq!(root.read("target/parity/evidence.json"), evidence);
    assert_ne!(root.read("target/parity/latest/report.html"), page);

    let runs = runs(&root);
    assert_eq!(runs.len(), 2);
    assert!(runs[0].ends_with("Z-5"), "{runs:?}");
    for (run, ran) in runs.iter().zip([&full, &partial]) {
        let report = format!("target/parity/runs/{run}/report.html");
        assert!(ran.text.contains(&report), "no `{report}` in {}", ran.text);
        for file in ["report.json", "junit.xml", "summary.md", "logs"] {
            let path = root.path(&format!("target/parity/runs/{run}/{file}"));
            assert!(path.exists(), "{}", path.display());
        }
    }
    let has_evidence = |run: &str| root.path(&format!("target/parity/runs/{run}/evidence.json"));
    assert!(has_evidence(&runs[0]).exists());
    assert!(!has_evidence(&runs[1]).exists());
}

#[test]
fn a_given_folder_has_the_reports_themselves() {
    let root = TestRoot::pair(ECHO, ECHO, TWO);
    let output = root.path("out").display().to_string();
    assert_eq!(root.run(&["--output", &output]).code, Some(0));
    for file in ["report.json", "report.html", "evidence.json", "logs"] {
        let path = root.path("out").join(file);
        assert!(path.exists() && !path.is_symlink(), "{file}");
    }
    assert!(!root.path("out/runs").exists());
    assert!(!root.path("target/parity").exists());
}

#[test]
fn a_report_that_cannot_be_written_leaves_no_file() {
    let root = TestRoot::pair(ECHO, ECHO, TWO);
    let parity = root.command(&["--output", "out"]);
    let mut command = std::process::Command::new("sh");
    // Every write to a file fails, as on a full disk.
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
        .arg(parity.get_program())
        .args(parity.get_args())
        .current_dir(root.path(""))
        .env("TMPDIR", root.path("tmp"));
    let ran = root.finish(command);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert!(
        ran.text.contains("failed to write a report to"),
        "{}",
        ran.text
    );
    let left = fs::read_dir(root.path("out")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["logs"]);
}

#[test]
fn a_run_that_does_not_start_is_not_kept() {
    let root = TestRoot::pair(ECHO, ECHO, TWO);
    root.run(&["--case", "three"]).refuses(&["unknown case"]);
    assert_eq!(runs(&root), [""; 0]);
}

#[test]
fn the_failed_cases_of_the_last_run_run_again() {
    let root = TestRoot::pair(ECHO, WRONG_TWO, TWO).helper("third", ECHO);
    root.run(&["--last-failed"])
        .refuses(&["there is no run whose failed cases could run again"]);
    root.run(&[]).ends(3, "fail");
    let again = root.run(&["--last-failed"]).ends(3, "fail");
    let cases = again.report["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{cases:?}");
    assert_eq!(again.differences("two"), ["body:$ value"]);

    root.write("right.sh", ECHO);
    root.run(&["--last-failed"]).ends(0, "pass");
    root.run(&["--last-failed"])
        .refuses(&["no case failed in the last run"]);
}

#[test]
fn a_case_is_selected_by_its_surface() {
    let root = TestRoot::pair(ECHO, WRONG_TWO, TWO);
    root.run(&["--case", "s/one"]).ends(0, "pass");
    root.run(&["--case", "s/tow"])
        .refuses(&["unknown case `tow`", "did you mean `two`"]);
    root.run(&["--case", "t/two"])
        .refuses(&["unknown surface `t`"]);
}

#[test]
fn the_last_two_runs_are_compared() {
    let root = TestRoot::pair(ECHO, ECHO, TWO);
    root.run(&["diff"])
        .refuses(&["comparing needs two runs, and there is none"]);
    root.run(&[]).ends(0, "pass");
    root.run(&["diff"])
        .refuses(&["comparing needs two runs, and there is one"]);
    root.write("right.sh", WRONG_TWO);
    root.run(&[]).ends(3, "fail");
    let ran = root.run(&["diff"]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    assert!(ran.text.contains("1 new, 0 moved, 0 fixed"), "{}", ran.text);
    let page = root.read("target/parity/latest/diff.html");
    assert!(page.contains("number 2 | number 0"), "{page}");

    // One name is compared with the last run.
    let first = format!("target/parity/runs/{}", runs(&root)[0]);
    assert_eq!(root.run(&["diff", &first]).code, Some(3));
}

#[test]
fn the_page_of_the_last_run_is_opened() {
    let root = TestRoot::pair(ECHO, ECHO, TWO);
    root.run(&["open"]).refuses(&["there is no report in"]);
    root.run(&[]).ends(0, "pass");

    let mut command = root.command(&["open"]);
    command.env("PATH", root.path("empty"));
    let ran = root.finish(command);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(
        ran.text.trim_end().ends_with("/report.html"),
        "{}",
        ran.text
    );
    assert!(root.path(ran.text.trim_end()).is_file(), "{}", ran.text);

    let opener = "bin/xdg-open";
    let script = format!(
        "#!/bin/sh\nprintf '%s' \"$1\" > {}\n",
        root.path("opened").display()
    );
    root.write(opener, &script);
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(root.path(opener), executable).unwrap();
    let mut command = root.command(&["open"]);
    command.env("PATH", root.path("bin"));
    let ran = root.finish(command);
    assert_eq!(ran.text, format!("opened {}\n", root.read("opened")));
}
