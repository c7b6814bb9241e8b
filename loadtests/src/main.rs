//! Load on a running system: `cargo xtask loadtest`.

use clap::Parser;
use lakehouse_loadtests::figures::{churn, crash, embed, reality, recall};
use lakehouse_loadtests::stand_in::lies::Lie;
use lakehouse_loadtests::stand_in::{bare, proxy, upstream};

/// Measures the running system against a reference in the same run.
#[derive(Parser)]
enum Command {
    /// Cached `/v1/embed` against a bare route that answers the same bytes
    Embed(embed::Arguments),
    /// What search finds of what an exact one does
    Recall(recall::Arguments),
    /// Coordinators' queries in four styles, before and after answers were recorded
    Reality(reality::Arguments),
    /// Many small writes and reads from several tasks, each answer checked
    Churn(churn::Arguments),
    /// `SIGKILL` at random moments under writes
    Crash(crash::Arguments),
    /// The bare route: answers every POST with what stands on standard input
    #[command(hide = true)]
    Bare,
    /// The model server: Ollama's embeddings without a model
    #[command(hide = true)]
    Upstream,
    /// The proxy: passes everything on to a server, or tells a lie on the way
    #[command(hide = true)]
    Proxy {
        /// The server, such as `http://127.0.0.1:3110`
        url: String,
        /// What to make wrong of the answers
        #[arg(long, value_name = "NAME")]
        lie: Option<Lie>,
    },
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Embed(arguments) => embed::run(arguments).await,
        Command::Recall(arguments) => recall::run(arguments).await,
        Command::Reality(arguments) => reality::run(arguments).await,
        Command::Churn(arguments) => churn::run(arguments).await,
        Command::Crash(arguments) => crash::run(arguments).await,
        Command::Bare => bare::run().await,
        Command::Upstream => upstream::run().await,
        Command::Proxy { url, lie } => proxy::run(&url, lie).await,
    }
}
