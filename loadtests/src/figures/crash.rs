//! `SIGKILL` at random moments during writes.
//!
//! After each restart every acknowledged write must be present exactly once; a write without an
//! answer is present as a whole or not at all.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anstream::println;
use anyhow::{Result, ensure};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::task::JoinSet;

use crate::api::Api;
use crate::figures::server::Server;
use crate::figures::writer::Writer;

/// Options of the run.
#[derive(clap::Args)]
pub struct Arguments {
    /// Binary of the server
    #[arg(long, default_value = "target/release/lakehouse")]
    binary: PathBuf,
    /// Number of kills
    #[arg(long, default_value_t = 200)]
    kills: u32,
    /// Number of concurrent writers
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64))]
    writers: u32,
    /// Number of ids of each writer
    #[arg(long, default_value_t = 64)]
    ids: u32,
    /// Dimension of the vectors
    #[arg(long, default_value_t = 64)]
    dimension: usize,
    /// Seed of all random choices
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

const INDEX: &str = "crash";

/// Kills the server repeatedly and prints the result.
pub async fn run(arguments: Arguments) -> Result<()> {
    let state = tempfile::tempdir()?;
    let mut rng = ChaCha8Rng::seed_from_u64(arguments.seed);
    let writer = |n| Writer::new(format!("w{n}-"), arguments.ids, arguments.dimension);
    let mut writers: Vec<Writer> = (0..arguments.writers).map(writer).collect();
    let (mut writes, mut slowest) = (0, Duration::ZERO);
    let began = Instant::now();
    for kill in 0..=arguments.kills {
        let server = Server::lakehouse(&arguments.binary, state.path()).await?;
        slowest = slowest.max(server.started_in);
        let api = Api::on(server.port)?;
        api.create_index(INDEX, arguments.dimension).await?;
        let mut expected = 0;
        for writer in &mut writers {
            expected += writer.verify(&api, INDEX).await?;
        }
        let items = api.items(INDEX).await?;
        ensure!(
            items == expected,
            "after kill {kill} the index reports {items} items, but has {expected}"
        );
        if kill == arguments.kills {
            break;
        }
        let mut tasks = JoinSet::new();
        for mut writer in writers.drain(..) {
            let (api, seed) = (api.clone(), rng.random());
            tasks.spawn(async move {
                let writes = write_until_it_fails(&mut writer, &api, seed).await;
                (writer, writes)
            });
        }
        tokio::time::sleep(Duration::from_millis(rng.random_range(5..400))).await;
        server.kill().await;
        while let Some(task) = tasks.join_next().await {
            let (writer, acknowledged) = task?;
            writers.push(writer);
            writes += acknowledged?;
        }
    }
    println!(
        "{} kills in {:.0} s: {writes} acknowledged writes, each present exactly once after every start; slowest start {} ms",
        arguments.kills,
        began.elapsed().as_secs_f64(),
        slowest.as_millis(),
    );
    ensure!(writes > 0, "no write was acknowledged");
    Ok(())
}

/// Writes until the server is gone; a wrong answer is an error, a missing one is not.
async fn write_until_it_fails(writer: &mut Writer, api: &Api, seed: u64) -> Result<u64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for writes in 0.. {
        let written = if rng.random_bool(0.75) {
            writer.upsert(api, INDEX, 12, &mut rng).await
        } else {
            writer.delete(api, INDEX, 12, &mut rng).await
        };
        match written {
            Ok(()) => {}
            Err(error) if error.is::<reqwest::Error>() => return Ok(writes),
            Err(error) => return Err(error),
        }
    }
    unreachable!("the loop ends when a request fails");
}
