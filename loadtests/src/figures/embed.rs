//! Cached `/v1/embed` compared with a bare axum route that returns the same bytes.
//!
//! The same client loads both in alternating slices, so that a change in the machine's speed affects
//! both; the figure is the median of the slices' ratios.

use std::path::PathBuf;
use std::time::Duration;

use anstream::println;
use anyhow::{Result, ensure};
use bytes::Bytes;

use crate::figures::client;
use crate::figures::server::Server;
use crate::statistics::median_of_sorted;

/// Options of the measurement.
#[derive(clap::Args)]
pub struct Arguments {
    /// Release build of the server
    #[arg(long, default_value = "target/release/lakehouse")]
    binary: PathBuf,
    /// Number of concurrent connections
    #[arg(long, default_value_t = 10)]
    connections: usize,
    /// Number of pairs of slices
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=100))]
    pairs: u16,
    /// Length of a slice in seconds
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Minimum median ratio
    #[arg(long, default_value_t = 0.6)]
    at_least: f64,
}

/// Measures and prints the ratio.
pub async fn run(arguments: Arguments) -> Result<()> {
    let state = tempfile::tempdir()?;
    let lakehouse = Server::lakehouse(&arguments.binary, state.path()).await?;
    let idle = lakehouse.resident_bytes()?;

    let request = Bytes::from_static(
        br#"{"texts":["Need 3 forklift operators in Detroit MI at 06:00 for Beacon Freight"]}"#,
    );
    let answer = client::once(lakehouse.port, &request).await?;
    let bare = Server::bare(&request, &answer).await?;
    println!(
        "lakehouse listens after {} ms, {:.1} MiB resident; answer of {} bytes, {} connections",
        lakehouse.started_in.as_millis(),
        mebibytes(idle),
        answer.len(),
        arguments.connections,
    );

    let slice = Duration::from_secs_f64(arguments.seconds);
    let rate = |port| client::rate(port, &request, &answer, arguments.connections, slice);
    rate(bare.port).await?;
    rate(lakehouse.port).await?;
    let mut ratios = Vec::new();
    for pair in 1..=arguments.pairs {
        let ceiling = rate(bare.port).await?;
        let ours = rate(lakehouse.port).await?;
        ratios.push(ours / ceiling);
        println!(
            "pair {pair}: lakehouse {ours:.0}/s, bare {ceiling:.0}/s, ratio {:.3}",
            ours / ceiling
        );
    }
    ratios.sort_by(f64::total_cmp);
    let median = median_of_sorted(&ratios);
    println!(
        "ratio: median {median:.3}, from {:.3} to {:.3}; {:.1} MiB resident after the load",
        ratios[0],
        ratios[ratios.len() - 1],
        mebibytes(lakehouse.resident_bytes()?),
    );
    ensure!(
        median >= arguments.at_least,
        "the median ratio {median:.3} is below {}",
        arguments.at_least
    );
    Ok(())
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}
