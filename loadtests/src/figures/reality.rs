//! Coordinators' queries against a corpus: ten demands in four styles, before and after answers are
//! recorded.
//!
//! Demand is clustered: a client asks for several roles in one city, in nearly the same words. An
//! earlier system let recordings for one role change the answers for another ("bleed"). Here every
//! query for a role is run with every single recording for another role, which must not change its
//! answer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anstream::println;
use anyhow::{Context, Result, ensure};
use comfy_table::Table;
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::Api;
use crate::figures::server::Server;
use crate::flows::CORPORA;

/// Options of the run.
#[derive(clap::Args)]
pub struct Arguments {
    /// Release build of the server
    #[arg(long, default_value = "target/release/lakehouse")]
    binary: PathBuf,
    /// Folder written by `cargo xtask corpus`
    #[arg(long, default_value = "target/corpus/5000-1")]
    corpus: PathBuf,
    /// Number of demands
    #[arg(long, default_value_t = 10)]
    demands: usize,
}

/// A query and its intent.
#[derive(serde::Deserialize)]
struct Query {
    event: String,
    style: String,
    text: String,
    role: String,
    client: String,
    city: String,
}

/// Runs the queries and prints the result.
pub async fn run(arguments: Arguments) -> Result<()> {
    let state = tempfile::tempdir()?;
    let server = Server::lakehouse(&arguments.binary, state.path()).await?;
    let api = Api::on(server.port)?;
    for corpus in CORPORA {
        let count = api.fill_corpus_from(corpus, &arguments.corpus).await?;
        println!("{corpus}: {count} documents");
    }
    let queries = clustered(read_queries(&arguments.corpus)?, arguments.demands);
    ensure!(
        !queries.is_empty(),
        "no client of the corpus asks for several roles in one city"
    );

    let mut table = Table::new();
    table.set_header([
        "style",
        "queries",
        "correct first hit, cold",
        "warm",
        "boosted",
        "injected",
        "rejected",
    ]);
    let mut cold = Vec::new();
    let mut answers = Vec::new();
    for query in &queries {
        let answer = search(&api, query, false).await?;
        answers.push(correct_answer(&api, query, &answer).await?);
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
        row[1] += u64::from(has_correct_first_hit(query, cold));
        row[2] += u64::from(has_correct_first_hit(query, &warm));
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
        "\nafter recording an answer for each of the {} queries\n{table}",
        queries.len()
    );
    for ((client, city), [count, bled]) in &bleeds {
        println!(
            "{client}, {city}: {count} queries, {bled} hits moved by a recording for another role"
        );
    }

    let (pairs, bled) = one_at_a_time(&api, &queries, &answers, &cold).await?;
    println!(
        "\none recording at a time: {pairs} pairs of a recording and a query for different roles"
    );
    for (styles, bled) in &bled {
        println!("  {styles}: {bled} changed");
    }
    let bled: u64 = bled.values().sum::<u64>() + bleeds.values().map(|row| row[1]).sum::<u64>();
    println!("bleed: {bled}");
    ensure!(
        bled == 0,
        "recordings for one role changed answers for another {bled} times"
    );
    Ok(())
}

/// The queries of the first demands whose client asks for several roles in the same city.
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

/// A person with the role and city, from the hits if possible.
async fn correct_answer(api: &Api, query: &Query, cold: &Value) -> Result<(String, String)> {
    let hits = cold["hits"].as_array().context("no `hits`")?;
    let among = hits.iter().find(|hit| is_correct(query, hit));
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
    answer.with_context(|| format!("no person is a {} in {}", query.role, query.city))
}

async fn record(api: &Api, query: &Query, (id, corpus): &(String, String)) -> Result<()> {
    let body = json!({
        "query_text": query.text, "answer_id": id, "answer_corpus": corpus, "score": 1.0,
    });
    let answer = api.post("/v1/matrix/playbooks/record", &body).await?;
    ensure!(
        answer["role"] == query.role.to_lowercase(),
        "`{}` asks for a {}, but was recorded for {}",
        query.text,
        query.role,
        answer["role"]
    );
    Ok(())
}

fn is_correct(query: &Query, hit: &Value) -> bool {
    hit["metadata"]["role"] == query.role && hit["metadata"]["city"] == query.city
}

fn has_correct_first_hit(query: &Query, answer: &Value) -> bool {
    is_correct(query, &answer["hits"][0])
}

/// Number of hits that were moved by a recording for another role.
async fn moved_by_another_role(api: &Api, query: &Query, warm: &Value) -> Result<u64> {
    let mut moved = 0;
    for hit in warm["hits"].as_array().context("no `hits`")? {
        let why = &hit["why"];
        let Some(id) = why["playbook"].as_str() else {
            ensure!(
                hit["distance"] == hit["base_distance"],
                "a hit moved without a recording: {hit}"
            );
            continue;
        };
        let recording = format!("/v1/matrix/playbooks/{id}");
        let recording = api.request(Method::GET, &recording, &Value::Null).await?;
        moved += u64::from(recording["role"] != query.role.to_lowercase());
        let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        let expected = number(&hit["base_distance"]) * (1.0 - 0.5 * number(&why["score"]));
        ensure!(
            (number(&hit["distance"]) - expected).abs() < 5e-5,
            "expected the distance {expected:.4}: {hit}"
        );
    }
    Ok(moved)
}

/// Runs each query with each single recording for another role. Returns the number of pairs, and the
/// number of answers that differ from the cold ones, by the styles of both.
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
        api.request(Method::DELETE, memory, &Value::Null).await?;
        record(api, recorded, answer).await?;
        for (query, cold) in queries.iter().zip(cold) {
            if query.role == recorded.role {
                continue;
            }
            pairs += 1;
            let mut warm = search(api, query, true).await?;
            for hit in warm["hits"].as_array_mut().context("no `hits`")? {
                hit.as_object_mut()
                    .context("a hit is not an object")?
                    .remove("why");
            }
            let styles = format!("{} recorded, {} queried", recorded.style, query.style);
            *bled.entry(styles).or_default() += u64::from(warm["hits"] != cold["hits"]);
        }
    }
    Ok((pairs, bled))
}
