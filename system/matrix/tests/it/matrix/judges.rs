//! The suite that all judges pass, and tests of each.

use std::sync::Arc;

use lakehouse_json::parse;
use lakehouse_matrix::{
    judge::{ChatJudge, Judge, Proposal, Rules},
    playbook::Reason,
    role::{KnownTerms, RoleKey},
};
use lakehouse_vector::Metadata;

use super::fixture::{Fixture, Options, Scripted, ids, rejected};

/// A model that checks the candidate's role and availability.
fn model() -> ChatJudge {
    let script = Scripted(|about| {
        let about = parse(about, 9).unwrap();
        let about = about.as_object().unwrap();
        let role = about.get("role").unwrap().as_str().unwrap();
        let candidate = about
            .get("candidate")
            .unwrap()
            .source()
            .to_ascii_lowercase();
        let is_one = candidate.contains(role) && !candidate.contains("false");
        let reply = if is_one {
            "<think>No, at first sight.</think>\nYes."
        } else {
            "<think>yes</think>no, yes"
        };
        Some(reply.to_owned())
    });
    ChatJudge::new(Arc::new(script), "m")
}

async fn judge(judge: &dyn Judge, metadata: &str) -> Result<(), Reason> {
    judge_of(judge, &["Picker"], metadata).await
}

async fn judge_of(judge: &dyn Judge, roles: &[&str], metadata: &str) -> Result<(), Reason> {
    judge
        .judge(Proposal {
            query_text: "need pickers",
            role: &RoleKey::from_text("picker").unwrap(),
            known: &KnownTerms::new(Arc::default(), roles.iter().copied(), [], []),
            text: Some("on file"),
            metadata: &Metadata::parse(metadata).unwrap(),
        })
        .await
}

#[tokio::test]
async fn all_judges_check_role_and_availability() {
    let judges: [&dyn Judge; 2] = [&Rules, &model()];
    for tested in judges {
        for (metadata, is_accepted) in [
            (r#"{"role":"Pickers"}"#, true),
            (r#"{"role":"Picker","city":"Flint","available":true}"#, true),
            (r#"{"role":"Packer"}"#, false),
            ("{}", false),
            (r#"{"role":"Picker","available":false}"#, false),
        ] {
            let verdict = judge(tested, metadata).await;
            assert_eq!(verdict.is_ok(), is_accepted, "{metadata}");
        }
    }
}

#[tokio::test]
async fn the_rules_report_the_first_reason() {
    for (metadata, want) in [
        (
            r#"{"role":["Picker"],"available":false}"#,
            Reason::JudgeRole,
        ),
        (
            r#"{"role":"Picker","available":false}"#,
            Reason::JudgeUnavailable,
        ),
    ] {
        assert_eq!(judge(&Rules, metadata).await, Err(want));
    }
    let unclear = r#"{"role":"Picker","available":"false"}"#;
    assert_eq!(judge(&Rules, unclear).await, Ok(()));
    // A role that no document has is the recording's own.
    let other = r#"{"role":"Packer"}"#;
    assert_eq!(judge_of(&Rules, &[], other).await, Ok(()));
}

#[tokio::test]
async fn unreachable_models_reject() {
    let fixture = Fixture::with(Options {
        judge: Arc::new(ChatJudge::new(
            Arc::new(Scripted(|about| {
                let reply = if about.contains("ready") {
                    "yes"
                } else {
                    "maybe"
                };
                (!about.contains("silent")).then(|| reply.to_owned())
            })),
            "m",
        )),
        ..Options::default()
    })
    .await;
    let documents = [
        ("1", "need pickers", r#"{"role":"Picker"}"#),
        ("2", "silent", r#"{"role":"Picker"}"#),
        ("3", "doubtful", r#"{"role":"Picker"}"#),
        ("4", "ready", r#"{"role":"Packer"}"#),
    ];
    fixture.fill("workers", &documents).await;
    for id in ["2", "3", "4"] {
        let answer = format!("workers/{id}");
        fixture.record("need pickers", &answer, "1", None).await;
    }
    // The model is not asked about the very question that was recorded.
    let same = fixture.warm("NEED  pickers", &["workers"], 1).await;
    assert_eq!(same.playbook.injected, 3);
    let answer = fixture.warm("need pickers now", &["workers"], 1).await;
    assert_eq!(ids(&answer), ["1"]);
    assert_eq!(answer.playbook.injected, 1);
    let mut reasons = rejected(&answer);
    reasons.sort_unstable();
    assert_eq!(
        reasons,
        [("2", "judge_unreachable"), ("3", "judge_rejected")]
    );
}
