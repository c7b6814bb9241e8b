//! The rules for a playbook entry, a good answer to be recorded.

use lakehouse_base::is_blank;
use lakehouse_json::{Json, Number};

use crate::report::{Flow, Report};
use crate::roster::Roster;
use crate::ssn;

/// The corpus whose answers are workers.
const WORKERS: &str = "workers";

const MAX_QUERY_CHARACTERS: usize = 2000;

pub(crate) fn check(artifact: &Json<'_>, roster: &Roster, report: &mut Report) -> Flow {
    let Some(entry) = read(artifact, report)? else {
        return Flow::Break(());
    };
    check_completeness(&entry, report)?;
    if !entry.score.is_from_0_to(1) {
        report.consistency("score must be between 0 and 1".to_owned())?;
    }
    if entry.answer_corpus == WORKERS {
        check_worker(&entry, roster, report)?;
    }
    if ssn::is_likely_in(entry.query_text) {
        report.policy("query_text has what looks like a social security number".to_owned())?;
    }
    Flow::Continue(())
}

/// The id of the answer that an artifact names, if it is well-formed.
pub(crate) fn answer_id<'j>(artifact: &'j Json<'_>) -> Option<&'j str> {
    artifact.as_object()?.get("answer_id")?.as_str()
}

struct Entry<'j> {
    query_text: &'j str,
    answer_id: &'j str,
    answer_corpus: &'j str,
    score: Number<'j>,
    role: Option<&'j str>,
}

/// Rules 1 to 4.
fn read<'j>(artifact: &'j Json<'_>, report: &mut Report) -> Flow<Option<Entry<'j>>> {
    let Some(object) = artifact.as_object() else {
        report.schema("artifact", "must be an object")?;
        return Flow::Continue(None);
    };
    let query_text = report.text(object, "query_text")?;
    let answer_id = report.text(object, "answer_id")?;
    let answer_corpus = report.text(object, "answer_corpus")?;
    let score = object.get("score");
    match score {
        None => report.schema("score", "is missing")?,
        Some(score) if score.as_number().is_none() => report.schema("score", "must be a number")?,
        Some(_) => {}
    }
    let role = object.get_some("role");
    if role.is_some_and(|role| role.as_str().is_none()) {
        report.schema("role", "must be a string")?;
    }
    report.unless_failed()?;
    let entry = || {
        Some(Entry {
            query_text: query_text?,
            answer_id: answer_id?,
            answer_corpus: answer_corpus?,
            score: score?.as_number()?,
            role: role.and_then(Json::as_str),
        })
    };
    Flow::Continue(entry())
}

/// Rules 5 and 6.
fn check_completeness(entry: &Entry<'_>, report: &mut Report) -> Flow {
    let texts = [
        ("query_text", entry.query_text),
        ("answer_id", entry.answer_id),
        ("answer_corpus", entry.answer_corpus),
    ];
    for (name, text) in texts {
        if is_blank(text) {
            report.completeness(format!("{name} is empty"))?;
        }
    }
    let characters = entry.query_text.chars().count();
    if characters > MAX_QUERY_CHARACTERS {
        report.completeness(format!(
            "query_text has {characters} characters, at most {MAX_QUERY_CHARACTERS} are allowed"
        ))?;
    }
    Flow::Continue(())
}

/// Rules 8 to 10.
fn check_worker(entry: &Entry<'_>, roster: &Roster, report: &mut Report) -> Flow {
    let id = entry.answer_id;
    let Some(worker) = roster.find(id) else {
        return report.consistency(format!("worker `{id}` is not in the roster"));
    };
    if let Some(role) = entry.role
        && !worker.works_as(role)
    {
        report.consistency(format!("worker `{id}` does not work as `{role}`"))?;
    }
    if !worker.active {
        report.policy(format!("worker `{id}` is not active"))?;
    }
    Flow::Continue(())
}
