//! What approximate search finds of what an exact one does: the system against the Python peer,
//! which compares with every vector in double precision.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use comfy_table::Table;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};

use crate::figures::api::Api;
use crate::figures::server::Server;

/// Settings of the measurement.
#[derive(clap::Args)]
pub struct Arguments {
    /// The server's binary; a release build
    #[arg(long, default_value = "target/release/lakehouse")]
    binary: PathBuf,
    /// The Python peer's interpreter, as a parity run leaves it
    #[arg(long, default_value = "target/peers/python/bin/python")]
    python: PathBuf,
    /// Sizes of the index
    #[arg(long, value_delimiter = ',', default_value = "1000,20000,100000")]
    rows: Vec<usize>,
    /// `clustered`, or the `workers.jsonl` of a corpus, embedded by `hash-768`
    #[arg(long, default_value = "clustered")]
    data: String,
    /// Queries at each size
    #[arg(long, default_value_t = 200)]
    queries: usize,
    /// Fails when the recall at 10 of an index of more than 20000 rows is below this
    #[arg(long, default_value_t = 0.99)]
    at_least: f64,
    /// Where the random choices begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

const DIMENSION: usize = 768;
const K: usize = 10;
/// At most this many rows are searched exactly.
const SMALL: usize = 20_000;
/// Items per request: 768 floats are some 9 kB of text, a body may have 1 MiB.
const BATCH: usize = 80;

/// Measures, and prints what was found.
pub async fn run(arguments: Arguments) -> Result<()> {
    let most = *arguments.rows.iter().max().context("no sizes")?;
    let (rows, queries) = if arguments.data == "clustered" {
        clustered(most, arguments.queries, arguments.seed)
    } else {
        embedded(&arguments, most).await?
    };
    let mut table = Table::new();
    table.set_header([
        "rows",
        "recall@10",
        "exact p50 ms",
        "lakehouse p50 ms",
        "p99 ms",
    ]);
    let mut failed = Vec::new();
    for &size in &arguments.rows {
        let state = tempfile::tempdir()?;
        let ours = Server::lakehouse(&arguments.binary, &state.path().join("lakehouse")).await?;
        let judge = Server::python(&arguments.python, &state.path().join("python")).await?;
        let (ours, judge) = (Api::on(ours.port)?, (judge.port, judge));
        let exact = Api::on(judge.0)?;
        for api in [&ours, &exact] {
            api.make_index("recall", DIMENSION).await?;
            fill(api, &rows[..size]).await?;
        }
        wait_until_folded(&ours, &queries).await?;
        let (mut found, mut our_times, mut exact_times) = (0, Vec::new(), Vec::new());
        for query in &queries {
            let (expected, time) = search(&exact, query).await?;
            exact_times.push(time);
            let (hits, time) = search(&ours, query).await?;
            our_times.push(time);
            // Whatever lies no further than the last exact hit is as good as it.
            let furthest = expected.last().context("no hits")?.1 + 1e-6;
            found += hits
                .iter()
                .filter(|(_, distance)| *distance <= furthest)
                .count();
        }
        let recall = found as f64 / (queries.len() * K) as f64;
        let millis = |times: &mut Vec<f64>, share: f64| {
            times.sort_by(f64::total_cmp);
            format!(
                "{:.2}",
                times[((times.len() - 1) as f64 * share) as usize] * 1e3
            )
        };
        table.add_row([
            size.to_string(),
            format!("{recall:.4}"),
            millis(&mut exact_times, 0.5),
            millis(&mut our_times, 0.5),
            millis(&mut our_times, 0.99),
        ]);
        let goal = if size <= SMALL {
            0.999
        } else {
            arguments.at_least
        };
        if recall < goal {
            failed.push(format!("{recall:.4} at {size} rows, the goal is {goal}"));
        }
    }
    println!(
        "{}, {} queries, over HTTP\n{table}",
        arguments.data,
        queries.len()
    );
    ensure!(failed.is_empty(), "recall is {}", failed.join("; "));
    Ok(())
}

#[derive(Serialize)]
struct Items<'a> {
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    vector: &'a [f32],
}

#[derive(Serialize)]
struct Search<'a> {
    vector: &'a [f32],
    k: usize,
}

async fn fill(api: &Api, rows: &[Vec<f32>]) -> Result<()> {
    for (batch, vectors) in rows.chunks(BATCH).enumerate() {
        let item = |(n, vector)| Item {
            id: format!("v{}", batch * BATCH + n),
            vector,
        };
        let items = vectors
            .iter()
            .map(Vec::as_slice)
            .enumerate()
            .map(item)
            .collect();
        let body = serde_json::to_string(&Items { items })?;
        let path = "/v1/vectors/indexes/recall/items";
        let (status, answer) = api.send(Method::POST, path, body).await?;
        ensure!(
            status.is_success(),
            "`POST {path}` answered {status}: {answer}"
        );
    }
    Ok(())
}

/// Background work is over when searches are no longer slowed down by it: three rounds alike.
async fn wait_until_folded(api: &Api, queries: &[Vec<f32>]) -> Result<()> {
    let mut rounds: Vec<f64> = Vec::new();
    loop {
        let began = Instant::now();
        for query in queries.iter().take(50) {
            search(api, query).await?;
        }
        rounds.push(began.elapsed().as_secs_f64());
        if let [.., a, b, c] = rounds[..]
            && a.max(b).max(c) < 1.3 * a.min(b).min(c)
            && rounds.len() > 10
        {
            return Ok(());
        }
        ensure!(
            rounds.len() < 300,
            "searches did not settle within five minutes"
        );
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}

/// The hits with their distances, and how long it took in seconds.
async fn search(api: &Api, vector: &[f32]) -> Result<(Vec<(String, f64)>, f64)> {
    let body = serde_json::to_string(&Search { vector, k: K })?;
    let began = Instant::now();
    let path = "/v1/vectors/indexes/recall/search";
    let (status, answer) = api.send(Method::POST, path, body).await?;
    let time = began.elapsed().as_secs_f64();
    ensure!(
        status.is_success(),
        "`POST {path}` answered {status}: {answer}"
    );
    let answer: Value = serde_json::from_str(&answer)?;
    let hits = answer["hits"].as_array().context("no `hits`")?;
    let hit = |hit: &Value| Some((hit["id"].as_str()?.to_owned(), hit["distance"].as_f64()?));
    let hits: Option<Vec<_>> = hits.iter().map(hit).collect();
    Ok((hits.context("a hit without id or distance")?, time))
}

/// Rows and held-out queries of uneven clusters whose spectrum decays, as texts' vectors do.
fn clustered(rows: usize, queries: usize, seed: u64) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut noise = |scale: f32| -> Vec<f32> {
        let component = |n: usize| {
            // The sum of four uniform numbers is near enough to a normal one.
            let normal: f32 = (0..4).map(|_| rng.random_range(-1.0..1.0)).sum();
            normal * scale / (1.0 + n as f32 / 64.0)
        };
        (0..DIMENSION).map(component).collect()
    };
    let centres: Vec<Vec<f32>> = (0..2000).map(|_| noise(1.0)).collect();
    let mut pick = ChaCha8Rng::seed_from_u64(seed + 1);
    let mut vector = || {
        // Squaring makes the first clusters the fullest.
        let share: f64 = pick.random_range(0.0..1.0);
        let centre = &centres[(share * share * centres.len() as f64) as usize];
        let offset = noise(0.7);
        centre
            .iter()
            .zip(offset)
            .map(|(centre, offset)| centre + offset)
            .collect()
    };
    let all: Vec<Vec<f32>> = (0..rows + queries).map(|_| vector()).collect();
    let (rows, queries) = all.split_at(rows);
    (rows.to_vec(), queries.to_vec())
}

/// The vectors of a corpus' texts; the last of them are the queries.
async fn embedded(arguments: &Arguments, rows: usize) -> Result<(Vec<Vec<f32>>, Vec<Vec<f32>>)> {
    let text = std::fs::read_to_string(&arguments.data)
        .with_context(|| format!("cannot read `{}`", arguments.data))?;
    let mut texts = Vec::new();
    for line in text.lines().take(rows + arguments.queries) {
        let document: Value = serde_json::from_str(line)?;
        texts.push(document["text"].clone());
    }
    ensure!(
        texts.len() == rows + arguments.queries,
        "`{}` has {} documents, {} are needed",
        arguments.data,
        texts.len(),
        rows + arguments.queries
    );
    let state = tempfile::tempdir()?;
    let server = Server::lakehouse(&arguments.binary, state.path()).await?;
    let api = Api::on(server.port)?;
    let mut vectors: Vec<Vec<f32>> = Vec::new();
    for batch in texts.chunks(256) {
        let body = json!({ "texts": batch, "model": "hash-768" });
        let answer = api.post("/v1/embed", &body).await?;
        vectors.extend(serde_json::from_value::<Vec<Vec<f32>>>(
            answer["vectors"].clone(),
        )?);
    }
    let queries = vectors.split_off(rows);
    Ok((vectors, queries))
}
