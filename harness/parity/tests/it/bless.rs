//! `--bless` writes nothing without confirmation.

use std::process::Command;

use crate::support::{ECHO, TestRoot};
use crate::terminal::OnTerminal;

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
        "s · right  body:$.a: different value (2 differences in 2 cases)",
        "      left   1\n      right  2\n",
        "Accepted 2 differences in fixtures/divergences.toml.",
    ] {
        assert!(ran.text.contains(wanted), "no `{wanted}` in {}", ran.text);
    }
    let ledger = root.read("fixtures/divergences.toml");
    for wanted in [
        "# Ours.\n",
        "cases = [\"one\", \"two\"]\n",
        "count = 2\n",
        "reason = \"it counts from 2\"\n",
        "decision = \"to be reviewed before it expires\"\n",
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

/// Two cases that differ alike, and one that differs in another way.
fn two_causes() -> TestRoot {
    let third = "[[case]]\nname = \"three\"\ninput = '{\"c\":{\"d\":\"x\"}}'\n";
    let right = "sed -u -e 's/\"a\":1/\"a\":2/' -e 's/,*\"d\":\"x\"//'";
    TestRoot::pair(ECHO, right, &[CASES, third].concat()).file("docs/drift.md", "old\n")
}

const ALIKE: &str = "[1/3] accept 2 alike? [y]es [n]o [e]ach [d]iff [q]uit [?] ";
const THREE: &str = "[2/3] accept it? [y]es [n]o [d]iff [q]uit [?] ";

#[test]
fn differences_with_one_cause_are_accepted_together() {
    let root = two_causes();
    let mut terminal = OnTerminal::start(&root, &["--bless"]);
    terminal.expect("s · right  body:$.a: different value (2 differences in 2 cases)");
    terminal.expect("adds 1 entry to fixtures/divergences.toml:");
    terminal.answer(ALIKE, "x");
    terminal.expect("unknown key `x`");
    terminal.expect("[y]es   accept all of them for one reason");
    terminal.answer(ALIKE, "d");
    terminal.expect("both answers to one\n");
    terminal.answer(ALIKE, "y");
    terminal.answer("Reason: ", "");
    terminal.expect("A reason is required");
    terminal.answer("Reason: ", "it counts from 2");
    terminal.answer("Decision (optional): ", "kept");
    terminal.expect("s · right  body:$.c.d: missing (1 difference in 1 case)");
    terminal.answer(THREE, "y");
    terminal.answer("Reason [it counts from 2]: ", "");
    terminal.answer("Decision [kept]: ", "");
    // The paths that the cases compare.
    terminal.answer("[3/3] update it? [y]es [n]o [q]uit [?] ", "y");
    terminal.expect("Accepted 3 differences in fixtures/divergences.toml.\n");
    terminal.expect("Updated fixtures/coverage.toml.\nUpdated docs/drift.md.\n");
    let (code, text) = terminal.end();
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(text.matches("kind = \"value\"").count(), 1, "{text}");

    let ledger = root.read("fixtures/divergences.toml");
    assert_eq!(ledger.matches("[[divergence]]").count(), 2, "{ledger}");
    assert!(ledger.contains("cases = [\"one\", \"two\"]\n"), "{ledger}");
    let decisions = ledger.matches("decision = \"kept\"\n").count();
    assert_eq!(decisions, 2, "{ledger}");
    root.run(&[]).ends(0, "pass");
}

#[test]
fn each_difference_of_a_cause_can_be_decided_on() {
    let root = two_causes();
    let mut terminal = OnTerminal::start(&root, &["--bless"]);
    terminal.answer(ALIKE, "e");
    terminal.answer("[1/3 · 1/2] accept it? ", "n");
    terminal.answer("[1/3 · 2/2] accept it? ", "y");
    terminal.answer("Reason: ", "only this one");
    terminal.answer("Decision (optional): ", "");
    terminal.answer(THREE, "q");
    terminal.expect("Accepted 1 difference in fixtures/divergences.toml.");
    terminal.expect("Not accepted: 3.");
    assert_eq!(terminal.end().0, Some(3));
    let ran = root.run(&[]).ends(3, "fail");
    assert_eq!(ran.outcome("one"), "diverged: ");
    assert_eq!(ran.outcome("two"), "known: ");
    // The document was written by the review.
    assert!(ran.list("ledger_failures").is_empty(), "{ran:#?}");
}

#[test]
fn the_rest_of_a_cause_can_be_accepted_or_skipped() {
    for (key, accepted) in [("a", "known: "), ("s", "diverged: ")] {
        let root = two_causes();
        let mut terminal = OnTerminal::start(&root, &["--bless"]);
        terminal.answer(ALIKE, "e");
        terminal.answer("[1/3 · 1/2] accept it? ", key);
        if key == "a" {
            terminal.answer("Reason: ", "it counts from 2");
            terminal.answer("Decision (optional): ", "");
        }
        terminal.answer(THREE, "n");
        terminal.answer("[3/3] update it? ", "n");
        assert_eq!(terminal.end().0, Some(3));
        let ran = root.run(&[]).ends(3, "fail");
        assert_eq!(ran.outcome("one"), accepted);
        assert_eq!(ran.outcome("two"), accepted);
        assert_eq!(ran.outcome("three"), "diverged: ");
    }
}

#[test]
fn a_closed_terminal_loses_nothing() {
    let root = two_causes();
    let mut terminal = OnTerminal::start(&root, &["--bless"]);
    terminal.answer(ALIKE, "e");
    terminal.answer("[1/3 · 1/2] accept it? ", "y");
    terminal.answer("Reason: ", "it counts from 2");
    terminal.answer("Decision (optional): ", "");
    terminal.expect("[1/3 · 2/2] accept it? ");
    assert_ne!(terminal.close(), Some(0));
    let ran = root.run(&[]).ends(3, "fail");
    assert_eq!(ran.outcome("one"), "known: ");
    assert_eq!(ran.outcome("two"), "diverged: ");
    assert!(ran.list("ledger_failures").is_empty(), "{ran:#?}");
}

#[test]
fn an_interrupt_ends_the_questions() {
    let root = two_causes();
    let mut terminal = OnTerminal::start(&root, &["--bless"]);
    terminal.expect(ALIKE);
    let id = terminal.id().to_string();
    let kill = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(kill.success());
    terminal.expect("Updated docs/drift.md.\nNot accepted: 4.");
    assert_eq!(terminal.end().0, Some(3));
    assert!(!root.path("fixtures/divergences.toml").exists());
}

#[test]
fn a_changed_difference_is_not_accepted_twice() {
    let root = pair();
    root.run(&["--bless", "--yes", "first"]);
    root.write("right.sh", "sed -u 's/\"a\":1/\"a\":3/'");
    root.run(&[]).ends(3, "fail");
    let ran = root.run(&["--bless", "--yes", "it counts from 3 now"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let ledger = root.read("fixtures/divergences.toml");
    assert_eq!(ledger.matches("[[divergence]]").count(), 1, "{ledger}");
    root.run(&[]).ends(0, "pass");
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

#[test]
fn elements_under_one_path_may_not_change_places() {
    let cases = "[[case]]\nname = \"one\"\ninput = '{\"v\":[1,5]}'\n";
    let root = TestRoot::pair(ECHO, "sed -u 's/1,5/2,6/'", cases);
    root.run(&["--bless", "--yes", "it adds one"]);
    let exact = root.read("fixtures/divergences.toml");
    assert_eq!(exact.matches("\nplaces = \"").count(), 2, "{exact}");
    root.run(&[]).ends(0, "pass");
    root.write("left.sh", "sed -u 's/1,5/5,1/'");
    root.write("right.sh", "sed -u 's/1,5/6,2/'");
    let ran = root.run(&[]).ends(3, "fail");
    let message = "the pin of `body:$.v[*]` (`s`, left and right, `value`) has its differences at other places";
    assert_eq!(ran.list("ledger_failures"), [message; 2]);
    root.run(&["--bless", "--yes", "reversed"]);
    root.run(&[]).ends(0, "pass");

    // Entries from before places are completed without a question.
    let lines = exact.lines().filter(|line| !line.starts_with("places"));
    let old: Vec<&str> = lines.collect();
    root.write("fixtures/divergences.toml", &old.join("\n"));
    root.run(&[]).ends(0, "pass");
    let ran = root.run(&["--bless", "--yes", "unused"]);
    let added = "Added the places of the differences to 2 entries";
    assert!(ran.text.contains(added), "{}", ran.text);
    let new = root.read("fixtures/divergences.toml");
    assert_eq!(new.matches("\nplaces = \"").count(), 2, "{new}");
    assert_eq!(new.matches("reason = \"it adds one\"").count(), 2, "{new}");
    root.run(&[]).ends(0, "pass");
    root.write("left.sh", ECHO);
    root.write("right.sh", "sed -u 's/1,5/2,6/'");
    root.run(&[]).ends(3, "fail");
}
