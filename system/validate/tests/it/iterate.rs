//! The loop with a scripted model.

use std::sync::Mutex;

use async_trait::async_trait;
use lakehouse_base::chat::{ChatModel, ChatOptions, Message, Reply};
use lakehouse_base::{TraceId, UpstreamError, UpstreamFault};
use lakehouse_validate::iterate::{IterateRequest, Run, Services, SessionSink, run};
use lakehouse_validate::session::{Attempt, AttemptVerdict, SessionRecord, Verdict};
use lakehouse_validate::{Context, Kind, ValidationFailure};

use crate::support::roster;

/// The end of a scripted reply that was cut off.
const CUT_OFF: &str = "<cut off>";

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
    ) -> Result<Reply, UpstreamError> {
        self.received.lock().unwrap().push(messages.to_vec());
        let mut replies = self.replies.lock().unwrap();
        if replies.is_empty() {
            return Err(UpstreamError::new(
                "ollama",
                UpstreamFault::TimedOut { limit_ms: 1000 },
            ));
        }
        let text = replies.remove(0);
        Ok(Reply {
            text: text.to_owned(),
            is_cut_off: text.ends_with(CUT_OFF),
        })
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
    let fields: Vec<&str> = run.findings.iter().map(|f| &*f.field).collect();
    assert_eq!(fields, ["n"]);
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

/// The verdict on a reply to [`request`], and the reason that the model is given.
async fn rejection(reply: &'static str) -> (AttemptVerdict, String) {
    let outcome = iterate(&request(), &[reply], false).await;
    let record = outcome.run.unwrap().record;
    let correction = &outcome.received.last().unwrap().last().unwrap().content;
    let reason = correction
        .strip_prefix("Your answer was not accepted: ")
        .and_then(|rest| {
            rest.strip_suffix(". Answer again with one corrected JSON object and nothing else.")
        });
    (record.attempts[0].verdict, reason.unwrap().to_owned())
}

#[tokio::test]
async fn the_first_object_that_passes_is_accepted() {
    let accepted = r#"{"fills":[{"worker_id":"w-1"}]}"#;
    let replies = [
        r#"<think>{"fills":[{"worker_id":"w-1","name":"Other"}]}</think>{"fills":[{"worker_id":"w-1"}]}"#,
        r#"{"fills":[{"worker_id":"w-9"}]} Wait, corrected: {"fills":[{"worker_id":"w-1"}]}"#,
        r#"The shape is {"fills":[{"worker_id":"w-9","name":"First Last"}]}: {"fills":[{"worker_id":"w-1"}]}"#,
        r#"{"fills":[{"worker_id":"w-1"}]} Done. {"note":1}"#,
        r#"```json {"fills":[]}``` no: {"fills":[{"worker_id":"w-1"}]}"#,
        r#"{"fills":[{"worker_id":"w-9"}],} {"fills":[{"worker_id":"w-1"}]}"#,
        r#"{"fills":[{"worker_id":"w-1"}]} and so on <cut off>"#,
    ];
    for reply in replies {
        let record = iterate(&request(), &[reply], false)
            .await
            .run
            .unwrap()
            .record;
        assert_eq!(record.artifact.as_deref(), Some(accepted), "{reply}");
        assert_eq!(record.attempts[0].raw, reply);
    }
}

#[tokio::test]
async fn raw_control_characters_are_accepted_and_escaped() {
    let request = IterateRequest {
        kind: Kind::Email,
        ..request()
    };
    let reply = "{\"to\":\"ana@mail.com\",\"subject\":\"Shift\",\"body\":\"Hi Ana,\nyour shift\tis at 6.\",\"worker_id\":\"w-1\"}";
    let record = iterate(&request, &[reply], false).await.run.unwrap().record;
    let artifact = r#"{"to":"ana@mail.com","subject":"Shift","body":"Hi Ana,\nyour shift\tis at 6.","worker_id":"w-1"}"#;
    assert_eq!(record.artifact.as_deref(), Some(artifact));
}

#[tokio::test]
async fn the_model_learns_what_is_wrong_and_where() {
    let no_json = AttemptVerdict::NoJson;
    let invalid = AttemptVerdict::ValidationFailed;
    let cut_off = AttemptVerdict::CutOff;
    let cut_off_reason =
        "it was cut off at the length limit before it was complete, make it shorter";
    let cases = [
        (
            r#"{"fills":[{"worker_id":"w-1"}],}"#,
            no_json,
            "its JSON is not valid at line 1, column 31: trailing comma",
        ),
        (
            "é:\n```json\n{\n \"é\": {“fills”:[]}}\n```",
            no_json,
            "its JSON is not valid at line 4, column 8: typographic quotation mark, write \"",
        ),
        (
            "<think>é\n{\"a\":1,}</think>\n é {\"fills\":[{\"worker_id\":\"w-1\"},{\"wor",
            no_json,
            "its JSON is not valid at line 3, column 39: the text ends before the object does",
        ),
        (
            "```json\n{\"fills\":[{\"worker_id\":\"w-1\"}]\n```",
            no_json,
            "its JSON is not valid at line 3, column 1: the text ends before the object does",
        ),
        (
            r#"{"a":1,} or {"fills": 'x'}"#,
            no_json,
            "its JSON is not valid at line 1, column 23: single quotation mark, write \"",
        ),
        (
            r#"{"a":1,} ```{"a" 1}``` {a:1}"#,
            no_json,
            "its JSON is not valid at line 1, column 18: a colon is expected",
        ),
        (
            "<think>hm</think>",
            no_json,
            "it has no answer after its reasoning",
        ),
        (
            "<think>hm {\"fills\":[]}",
            no_json,
            "it has no answer after its reasoning",
        ),
        ("Sure!", no_json, "no JSON object was found in it"),
        (
            r#"{"x":1} {"fills":1}"#,
            invalid,
            "`fills` must be an array",
        ),
        (
            r#"{"fills":[{"worker_id":"w-1"},{"wor<cut off>"#,
            cut_off,
            cut_off_reason,
        ),
        (r#"{"fills":1} <cut off>"#, cut_off, cut_off_reason),
        ("<think>hm <cut off>", cut_off, cut_off_reason),
    ];
    for (reply, verdict, reason) in cases {
        assert_eq!(
            rejection(reply).await,
            (verdict, reason.to_owned()),
            "{reply}"
        );
    }
}

#[tokio::test]
async fn an_object_that_is_too_deep_is_named() {
    let reply: &'static str = format!("{}{}", "{\"a\":[".repeat(65), "]}".repeat(65)).leak();
    let reason = "its JSON nests deeper than 128 levels".to_owned();
    assert_eq!(rejection(reply).await, (AttemptVerdict::NoJson, reason));
}
