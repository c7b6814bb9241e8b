//! The recall of approximate search, compared with the Python peer, which searches exactly in double
//! precision.

use std::path::PathBuf;
use std::time::Instant;

use anstream::println;
use anyhow::{Context, Result, ensure};
use comfy_table::Table;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};

use crate::api::Api;
use crate::figures::server::Server;

/// Options of the measurement.
#[derive(clap::Args)]
pub struct Arguments {
    /// Release build of the server
    #[arg(long, default_value = "target/release/lakehouse")]
    binary: PathBuf,
    /// Interpreter of the Python peer, which a parity run installs
    #[arg(long, default_value = "target/peers/python/bin/python")]
    python: PathBuf,
    /// Numbers of rows to measure
    #[arg(long, value_delimiter = ',', default_value = "1000,20000,100000")]
    rows: Vec<usize>,
    /// `clustered`, or the `workers.jsonl` of a corpus, which is embedded by `hash-768`
    #[arg(long, default_value = "clustered")]
    data: String,
    /// Number of queries at each size
    #[arg(long, default_value_t = 200)]
    queries: usize,
    /// Minimum recall at 10 with more than 20000 rows
    #[arg(long, default_value_t = 0.99)]
    at_least: f64,
    /// Seed of all random choices
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

const DIMENSION: usize = 768;
const K: usize = 10;
/// Maximum number of rows that the server searches exactly.
const MAX_EXACT_ROWS: usize = 20_000;
/// Items per request: 768 floats are about 9 kB of text, and the limit of a body is 1 MiB.
const BATCH: usize = 80;

/// Measures and prints the recall.
pub async fn run(arguments: Arguments) -> Result<()> {
    let max_rows = *arguments.rows.iter().max().context("no sizes")?;
    let (rows, queries) = if arguments.data == "clustered" {
        clustered(max_rows, arguments.queries, arguments.seed)
    } else {
        embedded(&arguments, max_rows).await?
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
            api.create_index("recall", DIMENSION).await?;
            fill(api, &rows[..size]).await?;
        }
        wait_for_background_work(&ours, &queries).await?;
        let (mut found, mut our_times, mut exact_times) = (0, Vec::new(), Vec::new());
        for query in &queries {
            let (expected, time) = search(&exact, query).await?;
            exact_times.push(time);
            let (hits, time) = search(&ours, query).await?;
            our_times.push(time);
            // A hit at most as far as the last exact one is equally good.
            let max_distance = expected.last().context("no hits")?.1 + 1e-6;
            found += hits
                .iter()
                .filter(|(_, distance)| *distance <= max_distance)
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
        let goal = if size <= MAX_EXACT_ROWS {
            0.999
        } else {
            arguments.at_least
        };
        if recall < goal {
            failed.push(format!("{recall:.4} at {size} rows, below {goal}"));
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

/// Waits until background work no longer slows searches: three rounds of similar length.
async fn wait_for_background_work(api: &Api, queries: &[Vec<f32>]) -> Result<()> {
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
            "the times of searches did not settle within five minutes"
        );
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}

/// The hits with their distances, and the time of the search in seconds.
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

/// Rows and held-out queries from clusters of uneven size with a decaying spectrum, like vectors of
/// texts.
fn clustered(rows: usize, queries: usize, seed: u64) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut noise = |scale: f32| -> Vec<f32> {
        let component = |n: usize| {
            // The sum of four uniform numbers is approximately normal.
            let normal: f32 = (0..4).map(|_| rng.random_range(-1.0..1.0)).sum();
            normal * scale / (1.0 + n as f32 / 64.0)
        };
        (0..DIMENSION).map(component).collect()
    };
    let centres: Vec<Vec<f32>> = (0..2000).map(|_| noise(1.0)).collect();
    let mut pick = ChaCha8Rng::seed_from_u64(seed + 1);
    let mut vector = || {
        // Squaring makes the first clusters the largest.
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

/// The vectors of a corpus's texts; the last ones are the queries.
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
        "`{}` has {} documents, expected {}",
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
