//! Verdicts on drafts.

use lakehouse_loadtests::flows::{FaultKind, Stage, Verdict, check};

use super::kind;

const DRAFT: &str = "a draft";
const NUMBER: &str = "512-44-9133";

fn refused(stage: Stage, reason: &str) -> Verdict {
    Verdict::Refused {
        stage,
        reason: reason.to_owned(),
    }
}

fn as_ssn() -> Verdict {
    refused(
        Stage::Policy,
        "body has what looks like a social security number",
    )
}

#[test]
fn right_drafts_pass() {
    assert_eq!(kind(check::passes(&DRAFT, &Verdict::Passed)), None);
    let refusal = refused(Stage::Completeness, "body is empty");
    assert_eq!(
        kind(check::passes(&DRAFT, &refusal)),
        Some(FaultKind::RefusedDraft)
    );
}

#[test]
fn phone_numbers_are_no_social_security_numbers() {
    assert_eq!(kind(check::phone_passes(&DRAFT, &Verdict::Passed)), None);
    assert_eq!(
        kind(check::phone_passes(&DRAFT, &as_ssn())),
        Some(FaultKind::PhoneAsSsn)
    );
    let refusal = refused(Stage::Policy, "body has the phone number of worker `w-2`");
    assert_eq!(
        kind(check::phone_passes(&DRAFT, &refusal)),
        Some(FaultKind::RefusedDraft)
    );
}

#[test]
fn social_security_numbers_are_refused_and_not_printed() {
    let found = |verdict| kind(check::ssn_is_refused(&DRAFT, NUMBER, &verdict));
    assert_eq!(found(as_ssn()), None);
    assert_eq!(found(Verdict::Passed), Some(FaultKind::SsnPassed));
    let printed = refused(
        Stage::Policy,
        "512-44-9133 looks like a social security number",
    );
    assert_eq!(found(printed), Some(FaultKind::SsnPrinted));
    let other = refused(Stage::Policy, "body has the name of worker `w-2`");
    assert_eq!(found(other), Some(FaultKind::WrongRefusal));
    let stage = refused(
        Stage::Schema,
        "body has what looks like a social security number",
    );
    assert_eq!(found(stage), Some(FaultKind::WrongRefusal));
}

#[test]
fn fills_that_name_nobody_are_refused() {
    let found = |verdict| kind(check::unknown_worker_is_refused(&DRAFT, "w-099", &verdict));
    let unknown = "worker `w-099` is not in the roster";
    assert_eq!(found(refused(Stage::Consistency, unknown)), None);
    assert_eq!(found(Verdict::Passed), Some(FaultKind::UnknownWorkerPassed));
    let wrong = Some(FaultKind::WrongRefusal);
    assert_eq!(found(refused(Stage::Policy, unknown)), wrong);
    let other = refused(Stage::Consistency, "worker `w-1` is not active");
    assert_eq!(found(other), wrong);
}
