//! The parity cases of drafts that must not leave and of drafts that must pass, each against the
//! answer that the case states.

use std::fs;
use std::path::Path;

use lakehouse_base::calendar;
use lakehouse_json as json;
use lakehouse_json::{Json, MAX_DEPTH};
use lakehouse_validate::roster::Roster;
use lakehouse_validate::{Context, Kind, Mode, Outcome, ValidationFailure, validate};

/// A case of a file.
struct Draft {
    name: String,
    why: String,
    input: String,
}

#[test]
fn leaks_are_refused_for_the_stated_reason() {
    check("leaks_", 400, |draft, outcome| {
        let (stage, words) = draft
            .why
            .split_once(": ")
            .expect("`why` is the stage and words of the reason");
        let failure = match outcome.failures.first() {
            None => return Err("passes".to_owned()),
            Some(failure) => failure,
        };
        let (answered, reason) = described(failure);
        if answered == stage && reason.contains(words) {
            Ok(())
        } else {
            Err(format!("{answered}: {reason}"))
        }
    });
}

#[test]
fn harmless_drafts_pass() {
    check("harmless_", 200, |_, outcome| {
        match outcome.failures.first() {
            None => Ok(()),
            Some(failure) => Err(described(failure).1),
        }
    });
}

/// Validates all drafts of the files whose names begin like this, at least `least` of them, and
/// lists those whose outcome is wrong.
fn check(files: &str, least: usize, judge: impl Fn(&Draft, &Outcome) -> Result<(), String>) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let roster = fs::read(fixtures.join("roster.jsonl")).unwrap();
    let roster = Roster::from_jsonl(&roster).unwrap();
    let drafts = read(&fixtures.join("probes/validate/cases"), files);
    assert!(drafts.len() >= least, "{} drafts", drafts.len());
    let wrong: Vec<String> = drafts
        .iter()
        .filter_map(|draft| {
            let answer = judge(draft, &outcome(&draft.input, &roster)).err()?;
            let Draft { name, why, input } = draft;
            Some(format!("{name} ({why})\n  {input}\n  {answer}"))
        })
        .collect();
    let (count, of) = (wrong.len(), drafts.len());
    assert!(wrong.is_empty(), "{count} of {of}:\n{}", wrong.join("\n"));
}

fn read(folder: &Path, files: &str) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap();
        if !name.starts_with(files) {
            continue;
        }
        let file: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
        for case in file["case"].as_array().unwrap() {
            let text = |key| {
                let value = case.get(key).and_then(toml::Value::as_str);
                value.unwrap_or_default().to_owned()
            };
            drafts.push(Draft {
                name: text("name"),
                why: text("why"),
                input: text("input"),
            });
        }
    }
    drafts
}

fn outcome(request: &str, roster: &Roster) -> Outcome {
    let request = json::parse(request, MAX_DEPTH).unwrap();
    let request = request.as_object().unwrap();
    let kind = match request.get("kind").and_then(Json::as_str) {
        Some("fill") => Kind::Fill,
        Some("email") => Kind::Email,
        Some("sms") => Kind::Sms,
        Some("playbook") => Kind::Playbook,
        kind => panic!("unknown kind {kind:?}"),
    };
    let context = request.get("context").and_then(Json::as_object);
    let text = |name| context?.get(name)?.as_str();
    let own = |name| text(name).map(str::to_owned);
    let context = Context {
        count: context.and_then(|context| context.get("count")?.as_integer()),
        role: own("role"),
        city: own("city"),
        state: own("state"),
        client: own("client"),
        date: text("date").and_then(calendar::parse_date),
        start: text("start").and_then(calendar::parse_time),
        end: text("end").and_then(calendar::parse_time),
        worker_id: own("worker_id"),
    };
    let artifact = request.get("artifact").unwrap();
    validate(kind, artifact, &context, roster, Mode::First)
}

/// The stage of a failure, and its reason with the field.
fn described(failure: &ValidationFailure) -> (&'static str, String) {
    match failure {
        ValidationFailure::Schema { field, reason } => ("Schema", format!("{field} {reason}")),
        ValidationFailure::Completeness { reason } => ("Completeness", reason.clone()),
        ValidationFailure::Consistency { reason } => ("Consistency", reason.clone()),
        ValidationFailure::Policy { reason } => ("Policy", reason.clone()),
    }
}
