//! Decisions, their summaries, and the failures that count against a yes.

use std::path::PathBuf;

use super::*;
use crate::outcome::{
    ImplementationKind, ImplementationRun, LedgerFailure, Mutation, RunVerdict, Survivor,
};

fn counts(matched: usize, diverged: usize, invalid: usize, skipped: usize) -> Option<Counts> {
    Some(Counts {
        matched,
        known: 0,
        diverged,
        invalid,
        skipped,
    })
}

fn decided(fill: impl FnOnce(&mut Grounds)) -> Decision {
    let mut grounds = Grounds::default();
    grounds.add("s", Transport::Line, counts(1, 0, 0, 0));
    fill(&mut grounds);
    grounds.decide()
}

#[test]
fn yes_needs_every_answer() {
    let add = |counts| decided(|grounds| grounds.add("t", Transport::Http, counts));
    assert_eq!(add(counts(3, 0, 0, 0)), Decision::Yes);
    assert_eq!(add(counts(3, 1, 0, 0)), Decision::No);
    assert_eq!(add(counts(3, 0, 1, 0)), Decision::Unknown);
    assert_eq!(add(counts(3, 0, 0, 1)), Decision::Unknown);
    assert_eq!(add(counts(0, 0, 0, 0)), Decision::Unknown);
    assert_eq!(add(None), Decision::Unknown);
    assert_eq!(Grounds::default().decide(), Decision::Unknown);
}

#[test]
fn stale_results_support_neither_yes_nor_no() {
    let stale = |grounds: &mut Grounds| {
        grounds.stale.push("a partial run".to_owned());
        grounds.add("t", Transport::Http, counts(3, 1, 0, 0));
    };
    assert_eq!(decided(stale), Decision::Unknown);
    let lacking = |grounds: &mut Grounds| {
        stale(grounds);
        grounds.lacking.push("`u`".to_owned());
    };
    assert_eq!(decided(lacking), Decision::No);
}

#[test]
fn a_failed_ledger_forbids_yes_but_hides_no_difference() {
    let doubt = |grounds: &mut Grounds| grounds.doubts.push("a pin expired".to_owned());
    assert_eq!(decided(doubt), Decision::Unknown);
    let both = |grounds: &mut Grounds| {
        doubt(grounds);
        grounds.add("t", Transport::Http, counts(3, 1, 0, 0));
    };
    assert_eq!(decided(both), Decision::No);
}

#[test]
fn summaries_have_the_facts_of_the_decision() {
    let replacement = Replacement {
        implementation: "go".to_owned(),
        decision: Decision::Yes,
        accepted: 12,
        differing: 0,
        not_compared: 0,
        lacks: Vec::new(),
        reasons: Vec::new(),
    };
    assert_eq!(replacement.summary(), "12 accepted differences");
    let no = Replacement {
        decision: Decision::No,
        differing: 71,
        lacks: vec!["audit".to_owned(); 6],
        ..replacement.clone()
    };
    assert_eq!(no.summary(), "71 cases differ, lacks 6 surfaces");
    let mut unknown = replacement;
    for reason in ["one", "two", "three"] {
        unknown.doubt(reason.to_owned());
    }
    unknown.not_compared = 1;
    assert_eq!(unknown.decision, Decision::Unknown);
    assert_eq!(unknown.summary(), "one; two; three; and 1 more reason");
}

/// A run of `rust`, `go` and `js` in which nothing was compared.
fn run() -> Run {
    let implementation = |name: &str| ImplementationRun {
        name: name.to_owned(),
        kind: ImplementationKind::Live,
        version: String::new(),
        language: String::new(),
        recorded_at: None,
    };
    Run {
        commit: None,
        started_at: jiff::Timestamp::UNIX_EPOCH,
        duration_ms: 0,
        seed: 0,
        root: PathBuf::new(),
        command: String::new(),
        reference: "rust".to_owned(),
        filtered: false,
        cut_short: false,
        implementations: ["rust", "go", "js"].map(implementation).to_vec(),
        results: Vec::new(),
        cases: Vec::new(),
        divergences: Vec::new(),
        normalisers: Vec::new(),
        coverage: Vec::new(),
        ledger_failures: Vec::new(),
        mutation: None,
        notices: Vec::new(),
        infrastructure: Vec::new(),
        inconclusive: Vec::new(),
        generated: None,
        replacements: Vec::new(),
        verdict: RunVerdict::Pass,
    }
}

/// What fails in a run, and for which implementation.
fn failings(run: &Run) -> Vec<(Option<String>, String)> {
    let failings = run.failings().into_iter();
    failings
        .map(|failing| (failing.implementation, failing.message))
        .collect()
}

#[test]
fn a_failure_that_names_one_implementation_concerns_it_alone() {
    for (message, only) in [
        ("`go` left a process behind", Some("go")),
        ("`go` failed after `rust`", None),
        ("`go` and `js` could not be built", None),
        ("`rust` could not be built", None),
        ("go has no disk space", None),
    ] {
        let run = Run {
            infrastructure: vec![message.to_owned()],
            ..run()
        };
        let expected = (only.map(str::to_owned), message.to_owned());
        assert_eq!(failings(&run), [expected]);
    }
}

#[test]
fn ledgers_and_missed_damage_fail_a_run() {
    let failure = LedgerFailure {
        file: "a.toml".to_owned(),
        line: 3,
        message: "it expired".to_owned(),
        edit: String::new(),
        implementation: Some("js".to_owned()),
    };
    let survivor = Survivor {
        surface: "s".to_owned(),
        transport: Transport::Line,
        case: "c".to_owned(),
        implementation: "go".to_owned(),
        damage: String::new(),
        path: String::new(),
        change: String::new(),
        reason: String::new(),
        rerun: String::new(),
    };
    let mut run = Run {
        ledger_failures: vec![failure],
        mutation: Some(Mutation::default()),
        ..run()
    };
    let ledger = (Some("js".to_owned()), "a.toml:3: it expired".to_owned());
    assert_eq!(failings(&run), std::slice::from_ref(&ledger));
    run.mutation = Some(Mutation {
        survivors: vec![survivor],
        ..Mutation::default()
    });
    let missed = (None, "the comparison missed 1 damaged answer".to_owned());
    assert_eq!(failings(&run), [ledger, missed]);
}

#[test]
fn a_later_doubt_is_added_once() {
    let replacement = |implementation: &str, reasons: &[&str]| Replacement {
        implementation: implementation.to_owned(),
        decision: Decision::Yes,
        accepted: 0,
        differing: 0,
        not_compared: 0,
        lacks: Vec::new(),
        reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
    };
    let mut run = Run {
        replacements: vec![replacement("go", &[]), replacement("js", &["it is late"])],
        ..run()
    };
    run.doubt_replacements("it is late");
    let reasons = run.replacements.iter().map(|one| one.reasons.as_slice());
    assert!(reasons.eq([["it is late"], ["it is late"]]));
    assert_eq!(run.replacements[0].decision, Decision::Unknown);
}
