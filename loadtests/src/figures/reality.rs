//! Coordinators' queries against a corpus: ten demands in four styles, before and after answers
//! were recorded.
//!
//! Demands cluster: a client asks for several roles in one city, in nearly the same words, and an
//! earlier system let what was recorded for one role move the answers for another. Here every
//! recording of one role is put before every query for another, alone, and the answer must stay
//! what it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use comfy_table::Table;
use reqwest::{Body, Method};
use serde_json::{Value, json};

use crate::figures::api::Api;
use crate::figures::server::Server;

/// Settings of the run.
#[derive(clap::Args)]
pub struct Arguments {
    /// The server's binary; a release build
    #[arg(long, default_value = "target/release/lakehouse")]
    binary: PathBuf,
    /// A folder that `cargo xtask corpus` wrote
    #[arg(long, default_value = "target/corpus/5000-1")]
    corpus: PathBuf,
    /// Demands to take
    #[arg(long, default_value_t = 10)]
    demands: usize,
}

const CORPORA: [&str; 2] = ["workers", "employees"];

/// What a coordinator typed, and what was meant.
#[derive(serde::Deserialize)]
struct Query {
    event: String,
    style: String,
    text: String,
    role: String,
    client: String,
    city: String,
}

/// Measures, and prints what was found.
pub async fn run(arguments: Arguments) -> Result<()> {
    let state = tempfile::tempdir()?;
    let server = Server::lakehouse(&arguments.binary, state.path()).await?;
    let api = Api::on(server.port)?;
    for corpus in CORPORA {
        let path = arguments.corpus.join(format!("{corpus}.jsonl"));
        let file = tokio::fs::File::open(&path).await;
        let file = file.with_context(|| {
            format!(
                "cannot open `{}`; `cargo xtask corpus --workers 5000 --seed 1` writes it",
                path.display()
            )
        })?;
        let taken = api.fill_corpus(corpus, Body::from(file)).await?;
        println!("{corpus}: {taken} documents");
    }
    let queries = clustered(read_queries(&arguments.corpus)?, arguments.demands);
    ensure!(
        !queries.is_empty(),
        "no cluster of the corpus asks for several roles"
    );

    let mut table = Table::new();
    table.set_header([
        "style",
        "queries",
        "right first, cold",
        "warm",
        "boosted",
        "injected",
        "rejected",
    ]);
    let mut cold = Vec::new();
    let mut answers = Vec::new();
    for query in &queries {
        let answer = search(&api, query, false).await?;
        answers.push(right_answer(&api, query, &answer).await?);
        cold.push(answer);
    }
    for (query, answer) in queries.iter().zip(&answers) {
        record(&api, query, answer).await?;
    }
    let mut styles: BTreeMap<&str, [u64; 6]> = BTreeMap::new();
    let mut bleeds: BTreeMap<(&str, &str), [u64; 2]> = BTreeMap::new();
    for (query, cold) in queries.iter().zip(&cold) {
        let warm = search(&api, query, true).await?;
        let row = styles.entry(&query.style).or_default();
        row[0] += 1;
        row[1] += u64::from(is_right_first(query, cold));
        row[2] += u64::from(is_right_first(query, &warm));
        row[3] += warm["playbook"]["boosted"].as_u64().unwrap_or(0);
        row[4] += warm["playbook"]["injected"].as_u64().unwrap_or(0);
        row[5] += warm["playbook"]["rejected"]
            .as_array()
            .map_or(0, |all| all.len() as u64);
        let cluster = bleeds.entry((&query.client, &query.city)).or_default();
        cluster[0] += 1;
        cluster[1] += moved_by_another_role(&api, query, &warm).await?;
        let again = search(&api, query, false).await?;
        ensure!(
            again["hits"] == cold["hits"],
            "`{}`: the cold ranking changed",
            query.text
        );
    }
    for (style, row) in &styles {
        table.add_row(std::iter::once((*style).to_owned()).chain(row.iter().map(u64::to_string)));
    }
    println!(
        "\nall {} recorded, then all asked again\n{table}",
        queries.len()
    );
    for ((client, city), [asked, bled]) in &bleeds {
        println!("{client}, {city}: {asked} queries, {bled} moved by a recording of another role");
    }

    let (pairs, bled) = one_at_a_time(&api, &queries, &answers, &cold).await?;
    println!("\none recording at a time: {pairs} pairs of different roles");
    for (styles, bled) in &bled {
        println!("  {styles}: {bled} changed");
    }
    let bled: u64 = bled.values().sum::<u64>() + bleeds.values().map(|row| row[1]).sum::<u64>();
    println!("bleed: {bled}");
    ensure!(
        bled == 0,
        "a recording of one role moved a query for another {bled} times"
    );
    Ok(())
}

/// The queries of the first demands that share a client and a city with another role's.
fn clustered(queries: Vec<Query>, demands: usize) -> Vec<Query> {
    let mut roles: BTreeMap<(String, String), Vec<(String, String)>> = BTreeMap::new();
    for query in &queries {
        let cluster = roles.entry((query.client.clone(), query.city.clone()));
        let events = cluster.or_default();
        if !events.iter().any(|(role, _)| *role == query.role) {
            events.push((query.role.clone(), query.event.clone()));
        }
    }
    let several = roles.into_values().filter(|events| events.len() > 1);
    let events = several.flatten().map(|(_, event)| event);
    let events: Vec<String> = events.take(demands).collect();
    queries
        .into_iter()
        .filter(|query| events.contains(&query.event))
        .collect()
}

fn read_queries(corpus: &Path) -> Result<Vec<Query>> {
    let path = corpus.join("queries.jsonl");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    let read =
        |line| serde_json::from_str(line).with_context(|| format!("`{}`: {line}", path.display()));
    text.lines().map(read).collect()
}

async fn search(api: &Api, query: &Query, use_playbook: bool) -> Result<Value> {
    let body = json!({
        "query_text": query.text, "corpora": CORPORA, "k": 10,
        "use_playbook": use_playbook, "explain": use_playbook,
    });
    api.post("/v1/matrix/search", &body).await
}

/// Somebody of the role in the city, among the hits when there is one.
async fn right_answer(api: &Api, query: &Query, cold: &Value) -> Result<(String, String)> {
    let hits = cold["hits"].as_array().context("no `hits`")?;
    let among = hits.iter().find(|hit| is_right(query, hit));
    let found = match among {
        Some(hit) => hit.clone(),
        None => {
            let body = json!({
                "query_text": query.text, "corpora": CORPORA, "k": 1,
                "filter": { "and": [
                    { "eq": { "field": "role", "value": query.role } },
                    { "eq": { "field": "city", "value": query.city } },
                ] },
            });
            api.post("/v1/matrix/search", &body).await?["hits"][0].take()
        }
    };
    let text = |member: &str| found[member].as_str().map(str::to_owned);
    let answer = text("id").zip(text("corpus"));
    answer.with_context(|| format!("nobody is a {} in {}", query.role, query.city))
}

async fn record(api: &Api, query: &Query, (id, corpus): &(String, String)) -> Result<()> {
    let body = json!({
        "query_text": query.text, "answer_id": id, "answer_corpus": corpus, "score": 1.0,
    });
    let answer = api.post("/v1/matrix/playbooks/record", &body).await?;
    ensure!(
        answer["role"] == query.role.to_lowercase(),
        "`{}` is for a {}, recorded as {}",
        query.text,
        query.role,
        answer["role"]
    );
    Ok(())
}

fn is_right(query: &Query, hit: &Value) -> bool {
    hit["metadata"]["role"] == query.role && hit["metadata"]["city"] == query.city
}

fn is_right_first(query: &Query, answer: &Value) -> bool {
    is_right(query, &answer["hits"][0])
}

/// How many hits were moved by a recording whose role is not the query's.
async fn moved_by_another_role(api: &Api, query: &Query, warm: &Value) -> Result<u64> {
    let mut moved = 0;
    for hit in warm["hits"].as_array().context("no `hits`")? {
        let why = &hit["why"];
        let Some(id) = why["playbook"].as_str() else {
            ensure!(
                hit["distance"] == hit["base_distance"],
                "moved without a recording: {hit}"
            );
            continue;
        };
        let recording = format!("/v1/matrix/playbooks/{id}");
        let recording = api.ask(Method::GET, &recording, &Value::Null).await?;
        moved += u64::from(recording["role"] != query.role.to_lowercase());
        let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        let expected = number(&hit["base_distance"]) * (1.0 - 0.5 * number(&why["score"]));
        ensure!(
            (number(&hit["distance"]) - expected).abs() < 5e-5,
            "the distance should be {expected:.4}: {hit}"
        );
    }
    Ok(moved)
}

/// Each recording alone before each query for another role: how many pairs, and how many answers
/// were not the cold ones, by the two styles.
async fn one_at_a_time(
    api: &Api,
    queries: &[Query],
    answers: &[(String, String)],
    cold: &[Value],
) -> Result<(u64, BTreeMap<String, u64>)> {
    let mut pairs = 0;
    let mut bled = BTreeMap::new();
    for (recorded, answer) in queries.iter().zip(answers) {
        let memory = "/vectors/index/playbook_memory";
        api.ask(Method::DELETE, memory, &Value::Null).await?;
        record(api, recorded, answer).await?;
        for (asked, cold) in queries.iter().zip(cold) {
            if asked.role == recorded.role {
                continue;
            }
            pairs += 1;
            let mut warm = search(api, asked, true).await?;
            for hit in warm["hits"].as_array_mut().context("no `hits`")? {
                hit.as_object_mut()
                    .context("a hit is no object")?
                    .remove("why");
            }
            let styles = format!("{} recorded, {} asked", recorded.style, asked.style);
            *bled.entry(styles).or_default() += u64::from(warm["hits"] != cold["hits"]);
        }
    }
    Ok((pairs, bled))
}
