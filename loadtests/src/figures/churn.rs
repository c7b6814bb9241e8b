//! Many small writes and reads from several concurrent tasks, with every answer checked.
//!
//! The earlier system broke on a small index under constant writes; a large one has its graphs built,
//! extended and replaced at the same time. Every task owns its ids, so it knows what its searches
//! may return. At the end all items are read back, before and after a restart, and memory must not
//! have grown.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anstream::{eprintln, println};
use anyhow::{Context, Result, ensure};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::api::Api;
use crate::figures::server::Server;
use crate::figures::writer::Writer;

/// Options of the run.
#[derive(clap::Args)]
pub struct Arguments {
    /// Release build of the server
    #[arg(long, default_value = "target/release/lakehouse")]
    binary: PathBuf,
    /// Total number of operations
    #[arg(long, default_value_t = 1_000_000)]
    operations: u64,
    /// Number of concurrent tasks
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=256))]
    tasks: u32,
    /// Number of items in the large index
    #[arg(long, default_value_t = 40_000)]
    items: u32,
    /// Dimension of the vectors
    #[arg(long, default_value_t = 64)]
    dimension: usize,
    /// Seed of all random choices
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

const SMALL: &str = "small";
const LARGE: &str = "large";
/// Number of items in the small index for each task.
const SMALL_ITEMS: u32 = 6;
const ROLES: [&str; 4] = ["Picker", "Packer", "Welder", "Forklift Operator"];
const PEOPLE: usize = 200;

/// Runs the operations and prints the result.
pub async fn run(arguments: Arguments) -> Result<()> {
    let state = tempfile::tempdir()?;
    let server = Server::lakehouse(&arguments.binary, state.path()).await?;
    let api = Api::on(server.port)?;
    for index in [SMALL, LARGE] {
        api.create_index(index, arguments.dimension).await?;
    }
    api.fill_corpus("people", people()).await?;

    let done = Arc::new(AtomicU64::new(0));
    let each = arguments.operations / u64::from(arguments.tasks);
    let mut tasks = JoinSet::new();
    for number in 0..arguments.tasks {
        let mut task = Task {
            api: api.clone(),
            rng: ChaCha8Rng::seed_from_u64(arguments.seed + u64::from(number)),
            small: Writer::new(format!("t{number}-s"), SMALL_ITEMS, arguments.dimension),
            large: Writer::new(
                format!("t{number}-l"),
                arguments.items / arguments.tasks,
                arguments.dimension,
            ),
            counts: Counts::default(),
        };
        let done = Arc::clone(&done);
        tasks.spawn(async move {
            task.large.fill(&task.api, LARGE, 500).await?;
            for _ in 0..each {
                task.operate().await?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<Task, anyhow::Error>(task)
        });
    }

    let began = Instant::now();
    let total = each * u64::from(arguments.tasks);
    let mut resident = Vec::new();
    let mut finished = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    while finished.len() < arguments.tasks as usize {
        tokio::select! {
            Some(task) = tasks.join_next() => finished.push(task??),
            _ = ticks.tick() => {
                let done = done.load(Ordering::Relaxed);
                resident.push((done, server.resident_bytes()?));
                if resident.len() % 10 == 0 {
                    let mebibytes = server.resident_bytes()? / (1024 * 1024);
                    eprintln!("{done} of {total} operations, {mebibytes} MiB resident");
                }
            }
        }
    }
    let took = began.elapsed();

    let mut counts = Counts::default();
    for task in &finished {
        counts.add(&task.counts);
    }
    println!(
        "{total} operations from {} tasks in {:.0} s ({:.0}/s): {counts}",
        arguments.tasks,
        took.as_secs_f64(),
        total as f64 / took.as_secs_f64(),
    );
    ensure!(
        counts.self_found * 100 >= counts.self_searches * 99,
        "only {1} of {0} items were the nearest to their own vector",
        counts.self_searches,
        counts.self_found
    );
    verify(&api, &mut finished).await?;
    let growth =
        growth(&resident, total).context("the run was too short to measure memory growth")?;
    println!("resident memory at the end: {growth:.2} × that half-way");

    server.kill().await;
    let server = Server::lakehouse(&arguments.binary, state.path()).await?;
    println!(
        "killed and restarted in {} ms",
        server.started_in.as_millis()
    );
    verify(&Api::on(server.port)?, &mut finished).await?;
    ensure!(growth <= 1.15, "memory grew to {growth:.2} × that half-way");
    Ok(())
}

/// One of the concurrent tasks.
struct Task {
    api: Api,
    rng: ChaCha8Rng,
    small: Writer,
    large: Writer,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    searches: u64,
    upserts: u64,
    deletes: u64,
    records: u64,
    self_searches: u64,
    self_found: u64,
}

impl Task {
    async fn operate(&mut self) -> Result<()> {
        let small = self.rng.random_bool(0.5);
        let (index, writer) = if small {
            (SMALL, &mut self.small)
        } else {
            (LARGE, &mut self.large)
        };
        match self.rng.random_range(0..100) {
            0..35 => {
                self.counts.searches += 1;
                let Some((id, vector)) = writer.any(&mut self.rng) else {
                    return Ok(());
                };
                let first = search(&self.api, index, writer, &vector).await?;
                self.counts.self_searches += 1;
                self.counts.self_found += u64::from(first == id);
                ensure!(
                    first == id || !small,
                    "`{index}` is searched exactly, but `{first}` is not the nearest to the vector of `{id}`"
                );
            }
            35..65 => {
                self.counts.upserts += 1;
                writer.upsert(&self.api, index, 3, &mut self.rng).await?;
            }
            65..80 => {
                self.counts.deletes += 1;
                writer.delete(&self.api, index, 3, &mut self.rng).await?;
            }
            _ => {
                self.counts.records += 1;
                let person = self.rng.random_range(0..PEOPLE);
                let number = self.rng.random_range(1..20);
                let role = ROLES[person % ROLES.len()];
                let query = format!("Need {number} {role}s in Detroit");
                let body = json!({
                    "query_text": query, "answer_id": format!("p-{person}"),
                    "answer_corpus": "people", "score": 1,
                });
                let path = "/v1/matrix/playbooks/record";
                let answer = self.api.post(path, &body).await?;
                ensure!(
                    answer["role"] == role.to_lowercase(),
                    "recording {body} answered {answer}"
                );
            }
        }
        Ok(())
    }
}

/// Searches, checks every hit that belongs to the writer, and returns the first hit.
async fn search(api: &Api, index: &str, writer: &Writer, vector: &[f32]) -> Result<String> {
    let path = format!("/v1/vectors/indexes/{index}/search");
    let body = json!({ "vector": vector, "k": 5 });
    let answer = api.post(&path, &body).await?;
    let hits = answer["hits"].as_array().context("no `hits`")?;
    ensure!(
        hits.len() >= writer.len().min(5),
        "`{index}`: {} hits, although this task alone has {} items",
        hits.len(),
        writer.len()
    );
    let mut before = f64::NEG_INFINITY;
    for hit in hits {
        let (id, distance) = (hit["id"].as_str(), hit["distance"].as_f64());
        let (id, distance) = id.zip(distance).context("a hit without id or distance")?;
        ensure!(distance >= before, "`{index}`: hits out of order: {answer}");
        before = distance;
        let generation = hit["metadata"]["generation"].as_u64();
        ensure!(
            !writer.owns(id) || generation == writer.generation(id),
            "`{index}`: `{id}` has generation {generation:?}, but was acknowledged as {:?}",
            writer.generation(id)
        );
    }
    let first = hits.first().and_then(|hit| hit["id"].as_str());
    Ok(first.context("no hits")?.to_owned())
}

async fn verify(api: &Api, tasks: &mut [Task]) -> Result<()> {
    let (mut small, mut large) = (0, 0);
    for task in tasks {
        small += task.small.verify(api, SMALL).await?;
        large += task.large.verify(api, LARGE).await?;
    }
    for (index, expected) in [(SMALL, small), (LARGE, large)] {
        let items = api.items(index).await?;
        ensure!(
            items == expected,
            "`{index}` has {items} items, expected {expected}"
        );
    }
    println!("every acknowledged write is present exactly once: {small} and {large} items");
    Ok(())
}

/// The mean memory during the last tenth of the operations, divided by that of the fifth tenth.
fn growth(resident: &[(u64, u64)], total: u64) -> Option<f64> {
    let mean = |from: u64, to: u64| {
        let part = resident
            .iter()
            .filter(|(done, _)| (from..to).contains(done));
        let part: Vec<f64> = part.map(|(_, bytes)| *bytes as f64).collect();
        (!part.is_empty()).then(|| part.iter().sum::<f64>() / part.len() as f64)
    };
    Some(mean(total / 10 * 9, total + 1)? / mean(total / 10 * 4, total / 10 * 5)?)
}

fn people() -> String {
    let person = |n: usize| {
        let role = ROLES[n % ROLES.len()];
        let document: Value = json!({
            "id": format!("p-{n}"), "text": format!("{role} number {n} in Detroit"),
            "metadata": { "role": role, "city": "Detroit" },
        });
        format!("{document}\n")
    };
    (0..PEOPLE).map(person).collect()
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.searches += other.searches;
        self.upserts += other.upserts;
        self.deletes += other.deletes;
        self.records += other.records;
        self.self_searches += other.self_searches;
        self.self_found += other.self_found;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            searches,
            upserts,
            deletes,
            records,
            ..
        } = self;
        write!(
            f,
            "{searches} searches, {upserts} upserts, {deletes} deletes, {records} recordings"
        )
    }
}
