//! `--bless` writes nothing without confirmation.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::{ECHO, TestRoot};

const CASES: &str = "[[case]]\nname = \"one\"\ninput = '{\"a\":1}'\n[[case]]\nname = \"two\"\ninput = '{\"a\":1,\"b\":2}'\n";
const OFF: &str = "sed -u 's/\"a\":1/\"a\":2/'";

fn pair() -> TestRoot {
    TestRoot::pair(ECHO, OFF, CASES)
}

#[test]
fn without_a_terminal_a_reason_is_required() {
    let root = pair();
    root.run(&["--bless"])
        .refuses(&["needs a terminal to ask its questions", "`--yes REASON`"]);
    root.run(&["--bless", "--yes", " "])
        .refuses(&["the reason of `--yes` is empty"]);
    let alone = root.run(&["--yes", "x"]);
    assert_eq!(alone.code, Some(2), "{}", alone.text);
    assert!(!root.path("fixtures/divergences.toml").exists());
    assert!(!root.path("target").exists());
}

#[test]
fn a_reason_writes_one_pin_for_one_difference() {
    let root = pair().file("fixtures/divergences.toml", "# Ours.\n");
    let ran = root.run(&["--bless", "--yes", "it counts from 2"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    for wanted in [
        "s/one (line): `body:$.a` different value",
        "left: 1",
        "right: 2",
    ] {
        assert!(ran.text.contains(wanted), "no `{wanted}` in {}", ran.text);
    }
    let ledger = root.read("fixtures/divergences.toml");
    for wanted in [
        "# Ours.\n",
        "cases = [\"one\", \"two\"]\n",
        "count = 2\n",
        "reason = \"it counts from 2\"\n",
        "decision = \"accepted with `--bless` on 2",
    ] {
        assert!(ledger.contains(wanted), "no `{wanted}` in {ledger}");
    }
    assert_eq!(ledger.matches("[[divergence]]").count(), 1, "{ledger}");
    assert!(ledger.starts_with("# Ours.\n"), "{ledger}");
    let again = root.run(&[]).ends(0, "pass");
    assert_eq!(again.report["results"][0]["known"], 2);
}

#[test]
fn an_outdated_pin_is_updated_in_place() {
    let root = pair();
    root.run(&["--bless", "--yes", "first"]);
    let ledger = format!("# Above.\n{}", root.read("fixtures/divergences.toml"));
    root.write(
        "fixtures/divergences.toml",
        &ledger.replace("count = 2", "count = 1 # by hand"),
    );
    root.run(&[]).ends(3, "fail");
    let ran = root.run(&["--bless", "--yes", "counted again"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let updated = root.read("fixtures/divergences.toml");
    assert!(updated.starts_with("# Above.\n"), "{updated}");
    assert!(updated.contains("count = 2"), "{updated}");
    assert!(updated.contains("reason = \"counted again\""), "{updated}");
    root.run(&[]).ends(0, "pass");

    // Once the difference is gone, its pin is removed.
    root.write("right.sh", ECHO);
    root.run(&[]).ends(3, "fail");
    let ran = root.run(&["--bless", "--yes", "fixed"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(
        !root
            .read("fixtures/divergences.toml")
            .contains("[[divergence]]")
    );
    root.run(&[]).ends(0, "pass");
}

#[test]
fn invalid_cases_cannot_be_blessed() {
    let root = TestRoot::pair(ECHO, "while read -r line; do echo no; done", CASES);
    let ran = root.run(&["--bless", "--yes", "x"]);
    assert_eq!(ran.code, Some(4), "{}", ran.text);
    assert!(!root.path("fixtures/divergences.toml").exists());
}

#[test]
fn bless_asks_on_a_terminal() {
    // `script` gives the run a terminal.
    let Ok(found) = Command::new("script").arg("--version").output() else {
        eprintln!(
            "skipping the terminal: `script` is not on PATH; the questions have a test of their own"
        );
        return;
    };
    assert!(found.status.success());
    for (typed, code, is_written) in [("n\nn\n", 3, false), ("y\nit is so\ny\n", 0, true)] {
        let root = pair();
        let parity = format!(
            "{} --root {} --surface s --bless",
            env!("CARGO_BIN_EXE_parity"),
            root.path("").display()
        );
        let mut child = Command::new("script")
            .args(["-q", "-e", "-c", &parity, "/dev/null"])
            .current_dir(root.path(""))
            .env("TERM", "dumb")
            .env_remove("GITHUB_STEP_SUMMARY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .as_mut()
            .unwrap()
            .write_all(typed.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("Accept it? [y]es"), "{text}");
        assert_eq!(output.status.code(), Some(code), "{text}");
        assert_eq!(
            root.path("fixtures/divergences.toml").exists(),
            is_written,
            "{text}"
        );
    }
}

#[test]
fn pins_without_digests_are_migrated() {
    let long =
        |text: &str| format!("[[case]]\nname = \"{text}\"\ninput = '{{\"a\":\"{text}\"}}'\n");
    let (one, two) = ("x".repeat(59), "y".repeat(59));
    let cases = [CASES, &long(&one), &long(&two)].concat();
    let root = TestRoot::pair(ECHO, "sed -u 's/[xy]\"}/z\"}/'", &cases);
    root.run(&["--bless", "--yes", "it ends in z"]);
    let exact = root.read("fixtures/divergences.toml");
    assert_eq!(exact.matches("[[divergence]]").count(), 2, "{exact}");
    assert_eq!(exact.matches(", sha256 ").count(), 4, "{exact}");
    root.run(&[]).ends(0, "pass");

    // One pin was enough when the shape was the length.
    let length = "\"string of 59 characters\"";
    let old = format!(
        "# Above.\n[[divergence]]\nsurface = \"s\"\ncases = [\"{one}\", \"{two}\"]\npair = [\"left\", \"right\"]\npath = \"body:$.a\"\nkind = \"value\"\nshapes = [{length}, {length}]\ncount = 2\nreason = \"it ends in z\"\ndecision = \"kept\"\nexpires = 2999-01-01\n"
    );
    root.write("fixtures/divergences.toml", &old);
    root.run(&[]).ends(3, "fail");
    let ran = root.run(&["--bless", "--yes", "unused"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(ran.text.contains("Rewrote 1 old pin in"), "{}", ran.text);
    let accepted = format!("{one}\n  string of 59 characters starting");
    assert!(ran.text.contains(&accepted), "{}", ran.text);
    let migrated = root.read("fixtures/divergences.toml");
    assert!(
        migrated.starts_with("# Above.\n[[divergence]]"),
        "{migrated}"
    );
    assert_eq!(
        migrated.matches("decision = \"kept\"").count(),
        2,
        "{migrated}"
    );
    assert_eq!(migrated.matches(", sha256 ").count(), 4, "{migrated}");
    root.run(&[]).ends(0, "pass");
}

#[test]
fn another_long_value_of_the_same_length_is_not_accepted() {
    let cases = "[[case]]\nname = \"one\"\ninput = '{\"a\":\"transfer 1000000 EUR from the account of Alice to Bob______\"}'\n";
    let root = TestRoot::pair(ECHO, "sed -u 's/Bob______/the tax. /'", cases);
    root.run(&["--bless", "--yes", "another account"]);
    root.run(&[]).ends(0, "pass");
    root.write(
        "right.sh",
        "sed -u 's/transfer.*______/ERROR: database unreachable, all 10000000 records deleted!!/'",
    );
    root.run(&[]).ends(3, "fail");
}
