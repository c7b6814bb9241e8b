//! The loop with a scripted model.

use std::sync::Mutex;

use async_trait::async_trait;
use lakehouse_base::chat::{ChatModel, ChatOptions, Message};
use lakehouse_base::{TraceId, UpstreamError, UpstreamFault};
use lakehouse_validate::iterate::{IterateRequest, Run, Services, SessionSink, run};
use lakehouse_validate::session::{Attempt, AttemptVerdict, SessionRecord, Verdict};
use lakehouse_validate::{Context, Kind, ValidationFailure};

use crate::support::roster;

/// A model that returns its replies in turn, then fails. It keeps the messages it received.
struct Script {
    replies: Mutex<Vec<&'static str>>,
    received: Mutex<Vec<Vec<Message>>>,
}

#[async_trait]
impl ChatModel for Script {
    async fn reply(
        &self,
        _: &str,
        messages: &[Message],
        _: &ChatOptions,
    ) -> Result<String, UpstreamError> {
        self.received.lock().unwrap().push(messages.to_vec());
        let mut replies = self.replies.lock().unwrap();
        if replies.is_empty() {
            return Err(UpstreamError::new(
                "ollama",
                UpstreamFault::TimedOut { limit_ms: 1000 },
            ));
        }
        Ok(replies.remove(0).to_owned())
    }
}

/// A log that keeps the records, or rejects them when it is full.
struct Sink {
    records: Mutex<Vec<SessionRecord>>,
    full: bool,
}

impl SessionSink for Sink {
    fn append(&self, record: &SessionRecord) -> std::io::Result<()> {
        if self.full {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.records.lock().unwrap().push(record.clone());
        Ok(())
    }
}

struct Outcome {
    run: std::io::Result<Run>,
    received: Vec<Vec<Message>>,
    records: Vec<SessionRecord>,
}

async fn iterate(request: &IterateRequest, replies: &[&'static str], full: bool) -> Outcome {
    let script = Script {
        replies: Mutex::new(replies.to_vec()),
        received: Mutex::default(),
    };
    let sink = Sink {
        records: Mutex::default(),
        full,
    };
    let roster = roster();
    let services = Services {
        chat: &script,
        roster: &roster,
        sessions: &sink,
    };
    let trace_id = TraceId::parse("t-1").unwrap();
    let run = run(request, &trace_id, services).await;
    Outcome {
        run,
        received: script.received.into_inner().unwrap(),
        records: sink.records.into_inner().unwrap(),
    }
}

fn contents(messages: &[Message]) -> Vec<(&str, &str)> {
    messages
        .iter()
        .map(|m| (m.role.as_str(), m.content.as_str()))
        .collect()
}

/// A request for one worker, with three attempts.
fn request() -> IterateRequest {
    IterateRequest {
        kind: Kind::Fill,
        prompt: "Need 1 picker".to_owned(),
        context: Context {
            count: Some(1),
            ..Context::default()
        },
        context_text: Some("{\"count\":1.0}".to_owned()),
        provider: "ollama".to_owned(),
        model: "m".to_owned(),
        max_iterations: 3,
        system: None,
        options: ChatOptions::default(),
    }
}

fn attempt(
    iteration: i64,
    verdict: AttemptVerdict,
    raw: &str,
    error: Option<ValidationFailure>,
) -> Attempt {
    Attempt {
        iteration,
        verdict,
        raw: raw.to_owned(),
        error,
    }
}

#[tokio::test]
async fn failures_are_reported_to_the_model_until_an_artifact_passes() {
    let replies = [
        "sorry",
        "{\"fills\":[{\"worker_id\":\"w-9\"}]}",
        "{\"fills\":1}",
    ];
    let request = IterateRequest {
        max_iterations: 4,
        ..request()
    };
    let outcome = iterate(&request, &replies, false).await;
    let failed = outcome.run.unwrap();
    let unknown = ValidationFailure::Consistency {
        reason: "worker `w-9` is not in the roster".to_owned(),
    };
    let malformed = ValidationFailure::Schema {
        field: "fills".to_owned(),
        reason: "must be an array".to_owned(),
    };
    let invalid = AttemptVerdict::ValidationFailed;
    let attempts = vec![
        attempt(1, AttemptVerdict::NoJson, replies[0], None),
        attempt(2, invalid, replies[1], Some(unknown)),
        attempt(3, invalid, replies[2], Some(malformed)),
    ];
    let record = SessionRecord {
        session_id: "t-1".to_owned(),
        kind: Kind::Fill,
        provider: "ollama".to_owned(),
        model: "m".to_owned(),
        prompt: "Need 1 picker".to_owned(),
        iterations: 3,
        max_iterations: 4,
        final_verdict: Verdict::InfraError,
        attempts,
        artifact: None,
        grounded_in_roster: None,
        error: Some("ollama: timed out after 1000 ms".to_owned()),
        duration_ms: failed.record.duration_ms,
    };
    assert_eq!(failed.record, record);
    assert_eq!(failed.findings, []);
    assert_eq!(outcome.records, [failed.record]);
    let system = "You draft one JSON object for a staffing coordinator. Answer with that object alone, without prose and without a code fence. Its shape: {\"fills\":[{\"worker_id\":\"w-1\",\"name\":\"First Last\"}]}";
    assert_eq!(
        contents(outcome.received.last().unwrap()),
        [
            ("system", system),
            ("user", "Need 1 picker\n\nContext: {\"count\":1.0}"),
            ("assistant", replies[0]),
            (
                "user",
                "Your answer was not accepted: no JSON object was found in it. Answer again with one corrected JSON object and nothing else."
            ),
            ("assistant", replies[1]),
            (
                "user",
                "Your answer was not accepted: worker `w-9` is not in the roster. Answer again with one corrected JSON object and nothing else."
            ),
            ("assistant", replies[2]),
            (
                "user",
                "Your answer was not accepted: `fills` must be an array. Answer again with one corrected JSON object and nothing else."
            ),
        ]
    );
}

#[tokio::test]
async fn an_accepted_artifact_is_carried_over() {
    let reply = "```json\n{\"fills\": [{\"worker_id\": \"w-1\"}], \"n\": 1.0}```";
    let run = iterate(&request(), &[reply], false).await.run.unwrap();
    let record = run.record;
    assert_eq!(record.final_verdict, Verdict::Accepted);
    assert_eq!(
        record.artifact.as_deref(),
        Some(r#"{"fills":[{"worker_id":"w-1"}],"n":1.0}"#)
    );
    assert_eq!(record.grounded_in_roster, Some(true));
    assert_eq!(
        record.attempts,
        [attempt(1, AttemptVerdict::Accepted, reply, None)]
    );
    assert_eq!(run.findings, []);
}

#[tokio::test]
async fn the_loop_ends_after_the_last_attempt() {
    let request = IterateRequest {
        max_iterations: 2,
        system: Some("Be brief.".to_owned()),
        ..request()
    };
    let outcome = iterate(&request, &["a", "b", "c"], false).await;
    let run = outcome.run.unwrap();
    assert_eq!(
        (run.record.final_verdict, run.record.iterations),
        (Verdict::MaxIterExhausted, 2)
    );
    assert_eq!(outcome.received.len(), 2);
    assert_eq!(contents(&outcome.received[0])[0], ("system", "Be brief."));
}

#[tokio::test]
async fn a_provider_that_fails_at_once_leaves_no_attempt() {
    let outcome = iterate(&request(), &[], false).await;
    let record = outcome.run.unwrap().record;
    assert_eq!((record.iterations, record.attempts.len()), (0, 0));
    assert_eq!((record.artifact, record.grounded_in_roster), (None, None));
}

#[tokio::test]
async fn a_playbook_answer_of_another_corpus_may_be_ungrounded() {
    let request = IterateRequest {
        kind: Kind::Playbook,
        ..request()
    };
    let reply = r#"{"query_text":"q","answer_id":"doc-7","answer_corpus":"docs","score":1}"#;
    let run = iterate(&request, &[reply], false).await.run.unwrap();
    assert_eq!(run.record.grounded_in_roster, Some(false));
}

#[tokio::test]
async fn an_unwritable_record_is_an_error() {
    let outcome = iterate(&request(), &["a", "b", "c"], true).await;
    assert_eq!(
        outcome.run.unwrap_err().kind(),
        std::io::ErrorKind::StorageFull
    );
}
