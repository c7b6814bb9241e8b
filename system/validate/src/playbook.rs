//! The rules for a playbook entry, a good answer to be recorded.

use lakehouse_json::{Json, Number};
use lakehouse_text::squeezed;

use crate::report::{Flow, Report};
use crate::roster::Roster;
use crate::{ssn, unchecked};

/// The maximum number of characters of a question that is recorded.
const MAX_QUERY_CHARACTERS: usize = 2000;
/// The corpus whose answers are workers.
const WORKERS: &str = "workers";

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
    for (name, text) in entry.stored_texts() {
        if let Some(reason) = personal_number(name, text) {
            report.policy(reason)?;
        }
    }
    report.unless_failed()?;
    unchecked::report_members(artifact, &MEMBERS, report);
    Flow::Continue(())
}

/// Why a text must not be stored in a recording: it is too long, or has what looks like a social
/// security number. `validate` refuses a drafted entry for the same reasons.
pub fn why_not_recorded(query_text: &str, role: Option<&str>) -> Option<String> {
    let role = role.map(|role| ("role", role));
    let mut texts = [("query_text", query_text)].into_iter().chain(role);
    excess(query_text).or_else(|| texts.find_map(|(name, text)| personal_number(name, text)))
}

fn personal_number(name: &str, text: &str) -> Option<String> {
    ssn::is_likely_in(text).then(|| format!("{name} has what looks like a social security number"))
}

fn excess(query_text: &str) -> Option<String> {
    let characters = query_text.chars().count();
    (characters > MAX_QUERY_CHARACTERS).then(|| {
        format!(
            "query_text has {characters} characters, at most {MAX_QUERY_CHARACTERS} are allowed"
        )
    })
}

/// The id of the answer that an artifact names, if it is well-formed.
pub(crate) fn answer_id<'j>(artifact: &'j Json<'_>) -> Option<&'j str> {
    artifact.as_object()?.get("answer_id")?.as_str()
}

/// The members of an artifact that rules know.
const MEMBERS: [&str; 5] = ["query_text", "answer_id", "answer_corpus", "score", "role"];

struct Entry<'j> {
    query_text: &'j str,
    answer_id: &'j str,
    answer_corpus: &'j str,
    score: Number<'j>,
    role: Option<&'j str>,
}

impl<'j> Entry<'j> {
    /// The texts that a recording keeps, with their names.
    fn stored_texts(&self) -> impl Iterator<Item = (&'static str, &'j str)> {
        let role = self.role.map(|role| ("role", role));
        [("query_text", self.query_text)].into_iter().chain(role)
    }
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
        if squeezed(text).is_empty() {
            report.completeness(format!("{name} is empty"))?;
        }
    }
    if let Some(reason) = excess(entry.query_text) {
        report.completeness(reason)?;
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
