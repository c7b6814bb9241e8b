//! Starts a server for each style of the corpus, and asks it every question with every setting.

use std::path::{Path, PathBuf};

use anstream::eprintln;
use anyhow::{Context, Result};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::answer::{Answer, ask};
use super::options::Options;
use super::people::People;
use super::question::{Asked, Question};
use super::results::{Answered, CORPUS, Measurement};
use super::score::Score;
use super::subject::{self, Subject, Texts};
use super::truth::Truth;
use super::variant::Variant;
use crate::api::Api;
use crate::exit::UsageError;
use crate::run::{dataset, target_folder};

/// Maximum number of the corpus's own queries; more are passed over evenly.
const MAX_CORPUS_QUERIES: usize = 200;

/// Maximum number of questions that an error names.
const MAX_NAMED: usize = 20;

/// A line of a corpus's `queries.jsonl`.
#[derive(Deserialize)]
struct Query {
    text: String,
    role: String,
    city: String,
    state: String,
}

/// Measures each style with each setting of the server.
pub(super) async fn all(options: &Options, questions: &[Question]) -> Result<Vec<Measurement>> {
    let mut measurements = Vec::new();
    for style in options.style.names() {
        let folder = corpus(options, style).await?;
        let people = People::read(&folder)?;
        let mut questions = questions.to_vec();
        if options.questions.is_empty() {
            questions.extend(corpus_queries(&folder)?);
        }
        let truths = truths(&questions, &people, options.strict)?;
        let questions = Questions {
            style,
            people: &people,
            truths: &truths,
        };
        measurements.extend(questions.ask_each_setting(options, &folder).await?);
    }
    Ok(measurements)
}

/// What is asked, and who is right.
struct Questions<'q> {
    style: &'q str,
    people: &'q People,
    truths: &'q [Truth<'q>],
}

impl Questions<'_> {
    async fn ask_each_setting(&self, options: &Options, folder: &Path) -> Result<Vec<Measurement>> {
        let state = tempfile::tempdir()?;
        let own = Subject::new(options, state.path()).await?;
        own.fill(folder, self.style, Texts::Own).await?;
        let variants = if options.understand.is_some() || options.no_parts {
            vec![Variant::one(options.understand)]
        } else {
            Variant::all(&openapi(&own.api).await?)
        };
        let mut measurements = Vec::new();
        for variant in &variants {
            measurements.push(self.ask(&own.api, variant).await?);
        }
        own.stop().await;
        if options.parts {
            for part in subject::parts(options).await? {
                let subject = Subject::without(&part, options, state.path()).await?;
                let variant = Variant::without(&part);
                measurements.push(self.ask(&subject.api, &variant).await?);
                subject.stop().await;
            }
            let state = tempfile::tempdir()?;
            let subject = Subject::new(options, state.path()).await?;
            subject.fill(folder, self.style, Texts::Same).await?;
            let variant = Variant::without("distance");
            measurements.push(self.ask(&subject.api, &variant).await?);
            subject.stop().await;
        }
        Ok(measurements)
    }

    async fn ask(&self, api: &Api, variant: &Variant) -> Result<Measurement> {
        let Self {
            style,
            people,
            truths,
        } = self;
        eprintln!("{style}, {}: {} questions", variant.name, truths.len());
        // The first search of a server pays for what later ones find ready.
        ask(api, "warm up", variant).await?;
        let mut answers = Vec::new();
        for truth in *truths {
            let answer = ask(api, &truth.text, variant).await?;
            answers.push(answered(truth, people, answer));
        }
        Ok(Measurement::new(style, &variant.name, answers))
    }
}

/// The OpenAPI document; a server without one offers nothing to switch off.
async fn openapi(api: &Api) -> Result<Value> {
    let (status, document) = api.send(Method::GET, "/openapi.json", "").await?;
    if !status.is_success() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&document).context("`/openapi.json` is not JSON")
}

fn answered(truth: &Truth<'_>, people: &People, answer: Answer) -> Answered {
    let ids: Vec<&str> = answer.hits.iter().map(String::as_str).collect();
    let first = match ids.first() {
        None => "no hit".to_owned(),
        Some(id) => described(people, id),
    };
    Answered {
        group: truth.group.to_owned(),
        question: truth.text.clone(),
        right: truth.right.len(),
        first,
        score: Score::of(truth, people, &ids, answer.reported),
        hits: answer.hits,
        milliseconds: answer.milliseconds,
    }
}

fn described(people: &People, id: &str) -> String {
    let Some(person) = people.get(id) else {
        return format!("`{id}`, which is not in the corpus");
    };
    let metadata = &person.metadata;
    let mut text = metadata.role.clone();
    if let Some(second) = &metadata.second_role {
        text = format!("{text} / {second}");
    }
    text = format!("{text}, {} {}", metadata.city, metadata.state);
    if !metadata.available {
        text.push_str(", not available");
    }
    text
}

/// The folder of the corpus, which is written unless the command line names one.
async fn corpus(options: &Options, style: &str) -> Result<PathBuf> {
    if let Some(folder) = &options.corpus {
        return Ok(folder.clone());
    }
    let target = target_folder()?;
    let writer = std::env::current_exe()?.with_file_name("lakehouse-corpus");
    dataset::prepare(&target, &writer, options.workers, options.seed, style).await
}

/// The corpus's own queries, as questions.
fn corpus_queries(folder: &Path) -> Result<Vec<Question>> {
    let path = folder.join("queries.jsonl");
    let text = std::fs::read_to_string(&path);
    let text = text.with_context(|| format!("cannot read `{}`", path.display()))?;
    // The four styles of a request alternate, and an odd step reaches all of them.
    let step = text.lines().count().div_ceil(MAX_CORPUS_QUERIES) | 1;
    let mut questions = Vec::new();
    for line in text.lines().step_by(step) {
        let query: Query =
            serde_json::from_str(line).with_context(|| format!("`{}`: {line}", path.display()))?;
        // Shorthand leaves the state out; then every city of the name is right.
        let names_state = query
            .text
            .split(|c: char| !c.is_ascii_alphabetic())
            .any(|word| word.eq_ignore_ascii_case(&query.state));
        questions.push(Question {
            group: CORPUS.to_owned(),
            asked: Asked {
                q: query.text,
                roles: vec![query.role],
                city: vec![query.city],
                state: names_state.then_some(query.state).into_iter().collect(),
                ..Asked::default()
            },
        });
    }
    Ok(questions)
}

/// The truth of every question.
///
/// # Errors
/// Questions are wrong, or, if `strict`, no person is right for some.
fn truths<'q>(questions: &'q [Question], people: &People, strict: bool) -> Result<Vec<Truth<'q>>> {
    let mut truths = Vec::new();
    let mut problems = Vec::new();
    for question in questions {
        let Question { group, asked } = question;
        // A client may ask for people whom the corpus does not have; that is no mistake of the question.
        let is_empty_error = strict && !asked.none && group != CORPUS;
        match Truth::of(question, people) {
            Ok(truth) if is_empty_error && truth.right.is_empty() => {
                problems.push(format!("{group}, `{}`: no person is right", asked.q));
            }
            Ok(truth) => truths.push(truth),
            // The corpus may ask for a role that none of its people has.
            Err(_) if group == CORPUS => {}
            Err(problem) => problems.push(format!("{group}, `{}`: {problem}", asked.q)),
        }
    }
    let count = problems.len();
    problems.truncate(MAX_NAMED);
    if let Some(first) = problems.first() {
        let message = if count == 1 {
            first.clone()
        } else {
            format!("{count} questions are wrong:\n{}", problems.join("\n"))
        };
        return Err(UsageError(message).into());
    }
    if truths.iter().all(|truth| truth.right.is_empty()) {
        let message = "no person of the corpus is right for any question";
        return Err(UsageError(message.to_owned()).into());
    }
    Ok(truths)
}
