//! The command line.

use std::process::{Command, Output};

fn corpus(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lakehouse-corpus"))
        .args(arguments)
        .output()
        .expect("the program starts")
}

#[test]
fn writes_to_the_folder_and_prints_the_manifest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path().join("not/yet/there");
    let path = folder.to_str().expect("UTF-8");
    let output = corpus(&["--workers", "20", "--seed", "1", "--output", path]);
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(printed.starts_with(path), "{printed}");
    for file in ["workers", "employees", "roster", "fill_events", "queries"] {
        assert!(printed.contains(&format!("{file}.jsonl")), "{printed}");
        assert!(folder.join(format!("{file}.jsonl")).is_file(), "{file}");
    }
}

#[test]
fn the_natural_style_is_in_the_manifest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().to_str().expect("UTF-8");
    let options = ["--workers", "20", "--seed", "1", "--output", path];
    let output = corpus(&[&options[..], &["--style", "natural"]].concat());
    assert!(output.status.success(), "{output:?}");
    let manifest = folder.path().join("manifest.json");
    let manifest = std::fs::read_to_string(manifest).expect("it is written");
    assert!(manifest.contains(r#""style": "natural""#), "{manifest}");
}

#[test]
fn usage_errors_name_the_argument() {
    for (arguments, expected) in [
        (
            &["--workers", "0", "--seed", "1"][..],
            "'--workers <N>': 0 is not in 1..=10000000",
        ),
        (
            &["--workers", "many", "--seed", "1"],
            "'many' for '--workers <N>'",
        ),
        (&["--workers", "10", "--seed", "-"], "'-' for '--seed <S>'"),
        (&["--workers", "10"], "--seed <S>"),
        (
            &["--workers", "10", "--seed", "1", "--style", "baroque"],
            "'baroque' for '--style <STYLE>'",
        ),
        (&["--worker", "10", "--seed", "1"], "'--worker'"),
    ] {
        let output = corpus(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}

#[test]
fn write_errors_name_the_folder() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let path = file.path().to_str().expect("UTF-8");
    let output = corpus(&["--workers", "10", "--seed", "1", "--output", path]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        error.contains(&format!("cannot create the folder `{path}`")),
        "{error}"
    );
}
