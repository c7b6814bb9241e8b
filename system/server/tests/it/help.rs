//! `lakehouse --help`.

use std::process::Command;

use lakehouse_server::exit;

use crate::process::BINARY;

#[test]
fn help_has_the_purpose_examples_and_every_exit_code() {
    let output = Command::new(BINARY).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(help.starts_with("Search people, validate drafts and run the staffing API"));
    assert!(
        help.contains("lakehouse ingest --corpus workers workers.jsonl"),
        "{help}"
    );
    for (code, meaning) in exit::MEANINGS {
        assert!(help.contains(&format!("  {code}  {meaning}\n")), "{help}");
    }
}

#[test]
fn a_port_can_be_given_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(BINARY)
        .args(["config", "--port", "5402"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let config = String::from_utf8(output.stdout).unwrap();
    assert!(config.contains("bind = \"127.0.0.1:5402\""), "{config}");
}
