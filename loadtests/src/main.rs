//! Figures of the running system, each as a ratio to something measured in the same run.

mod bare;
mod client;
mod embed;
mod server;

use clap::Parser;

/// Measures the running system against a reference in the same run.
#[derive(Parser)]
enum Command {
    /// Cached `/v1/embed` against a bare route that answers the same bytes
    Embed(embed::Arguments),
    /// The bare route: answers every POST with what stands on standard input
    #[command(hide = true)]
    Bare,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Embed(arguments) => embed::run(arguments).await,
        Command::Bare => bare::run().await,
    }
}
