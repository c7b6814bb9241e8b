//! The checks accept correct answers and detect answers that are wrong in a single way.

mod dataset;
mod drafts;
mod replays;
mod searches;
mod verdicts;

use std::collections::HashSet;

use lakehouse_loadtests::flows::{FLOWS, Fault, FaultKind};

#[test]
fn weights_add_up_to_100_percent() {
    let weights = FLOWS.map(|flow| (flow.name, flow.weight));
    let expected = [
        ("cold_search_email", 35),
        ("surge_fill_validate", 15),
        ("profile_swap", 15),
        ("repeat_cache", 15),
        ("sms_validate", 10),
        ("playbook_record_replay", 10),
    ];
    assert_eq!(weights, expected);
}

#[test]
fn fault_kinds_have_distinct_names() {
    let names: HashSet<&str> = FaultKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), FaultKind::ALL.len());
    let is_snake = |name: &&str| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    assert!(names.iter().all(is_snake), "{names:?}");
}

#[test]
fn examples_are_truncated_between_characters() {
    let fault = Fault::new(FaultKind::Status, "é".repeat(5_000));
    assert_eq!(fault.example, format!("{}…", "é".repeat(600)));
    assert_eq!(
        Fault::new(FaultKind::Status, "short").to_string(),
        "status: short"
    );
}

/// The kind of fault that a check reports.
fn kind(result: Result<(), Fault>) -> Option<FaultKind> {
    result.err().map(|fault| fault.kind)
}
