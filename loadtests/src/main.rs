//! Load on a running system: `cargo xtask loadtest`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use lakehouse_loadtests::figures::{churn, crash, embed, reality, recall};
use lakehouse_loadtests::gates::judge_merged;
use lakehouse_loadtests::results::{Results, merge};
use lakehouse_loadtests::run::{self, Options};
use lakehouse_loadtests::stand_in::lies::Lie;
use lakehouse_loadtests::stand_in::{bare, proxy, upstream};
use lakehouse_loadtests::{drive, exit, report};

/// Puts load on a running system, and measures it against references in the same run.
#[derive(Parser)]
#[command(name = "loadtest", version)]
enum Command {
    Run(Box<Options>),
    Merge(Merge),
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
    /// The bare route: answers with bytes that another server gave before
    #[command(hide = true)]
    Bare(bare::Arguments),
    /// The generator of load: does what the plan on standard input says
    #[command(hide = true)]
    Drive,
    /// The scripted model server
    #[command(hide = true)]
    Upstream,
    /// The proxy: passes everything on to a server, or tells a lie on the way
    #[command(hide = true)]
    Proxy {
        /// The server, such as `http://127.0.0.1:3110`
        url: String,
        /// What to make wrong of the answers
        #[arg(long, value_enum, value_name = "LIE")]
        lie: Option<Lie>,
    },
}

/// Adds up what several machines found that put one load to one system.
#[derive(clap::Args)]
struct Merge {
    /// The `results.json` of every shard
    #[arg(required = true, value_name = "FILES")]
    parts: Vec<PathBuf>,
    /// The folder of what is written
    #[arg(long, default_value = "target/loadtest/merged", value_name = "DIR")]
    output: PathBuf,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let command = Command::parse();
    match obey(command).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("loadtest: {error:#}");
            ExitCode::from(exit::from_error(&error))
        }
    }
}

async fn obey(command: Command) -> Result<u8> {
    match command {
        Command::Run(options) => {
            let results = run::run(&options).await?;
            return told(&results, &options.output);
        }
        Command::Merge(arguments) => {
            let parts: Result<Vec<Results>> = arguments.parts.iter().map(read).collect();
            let budgets = run::budgets()?;
            let whole = merge(parts?, |merged| judge_merged(merged, &budgets))?;
            return told(&whole, &arguments.output);
        }
        Command::Embed(arguments) => embed::run(arguments).await,
        Command::Recall(arguments) => recall::run(arguments).await,
        Command::Reality(arguments) => reality::run(arguments).await,
        Command::Churn(arguments) => churn::run(arguments).await,
        Command::Crash(arguments) => crash::run(arguments).await,
        Command::Bare(arguments) => bare::run(arguments).await,
        Command::Drive => drive::run().await,
        Command::Upstream => upstream::run().await,
        Command::Proxy { url, lie } => proxy::run(&url, lie).await,
    }?;
    Ok(exit::PASS)
}

/// Shows and writes the results.
fn told(results: &Results, folder: &std::path::Path) -> Result<u8> {
    let written = report::write(results, folder)?;
    report::print(results)?;
    println!("report: {}", written.html.display());
    Ok(exit::from_verdict(results.verdict))
}

fn read(path: &PathBuf) -> Result<Results> {
    let json = std::fs::read_to_string(path);
    let json = json.with_context(|| format!("`{}`", path.display()))?;
    serde_json::from_str(&json).with_context(|| format!("`{}` has no results", path.display()))
}
