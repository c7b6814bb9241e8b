//! Checks of validation verdicts.

use lakehouse_loadtests::flows::{FaultKind, Stage, Verdict, check};

use super::kind;

const DRAFT: &str = "a draft";
const NUMBER: &str = "512-44-9133";

fn rejected(stage: Stage, reason: &str) -> Verdict {
    Verdict::Rejected {
        stage,
        reason: reason.to_owned(),
    }
}

fn as_ssn() -> Verdict {
    rejected(
        Stage::Policy,
        "body has what looks like a social security number",
    )
}

#[test]
fn valid_drafts_pass() {
    assert_eq!(kind(check::passes(&DRAFT, &Verdict::Passed)), None);
    let verdict = rejected(Stage::Completeness, "body is empty");
    assert_eq!(
        kind(check::passes(&DRAFT, &verdict)),
        Some(FaultKind::RefusedDraft)
    );
}

#[test]
fn phone_numbers_must_not_be_mistaken_for_social_security_numbers() {
    assert_eq!(kind(check::phone_passes(&DRAFT, &Verdict::Passed)), None);
    assert_eq!(
        kind(check::phone_passes(&DRAFT, &as_ssn())),
        Some(FaultKind::PhoneAsSsn)
    );
    let verdict = rejected(Stage::Policy, "body has the phone number of worker `w-2`");
    assert_eq!(
        kind(check::phone_passes(&DRAFT, &verdict)),
        Some(FaultKind::RefusedDraft)
    );
}

#[test]
fn social_security_numbers_are_rejected_without_being_printed() {
    let found = |verdict| kind(check::ssn_is_rejected(&DRAFT, NUMBER, &verdict));
    assert_eq!(found(as_ssn()), None);
    assert_eq!(found(Verdict::Passed), Some(FaultKind::SsnPassed));
    let printed = rejected(
        Stage::Policy,
        "512-44-9133 looks like a social security number",
    );
    assert_eq!(found(printed), Some(FaultKind::SsnPrinted));
    let other = rejected(Stage::Policy, "body has the name of worker `w-2`");
    assert_eq!(found(other), Some(FaultKind::WrongRefusal));
    let stage = rejected(
        Stage::Schema,
        "body has what looks like a social security number",
    );
    assert_eq!(found(stage), Some(FaultKind::WrongRefusal));
}

#[test]
fn fills_with_unknown_workers_are_rejected() {
    let found = |verdict| kind(check::unknown_worker_is_rejected(&DRAFT, "w-099", &verdict));
    let unknown = "worker `w-099` is not in the roster";
    assert_eq!(found(rejected(Stage::Consistency, unknown)), None);
    assert_eq!(found(Verdict::Passed), Some(FaultKind::UnknownWorkerPassed));
    let wrong = Some(FaultKind::WrongRefusal);
    assert_eq!(found(rejected(Stage::Policy, unknown)), wrong);
    let other = rejected(Stage::Consistency, "worker `w-1` is not active");
    assert_eq!(found(other), wrong);
}
