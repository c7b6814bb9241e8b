//! The program behind `cargo xtask loadtest` and `cargo xtask relevance`.

// `println!` panics when its reader is gone; that of `anstream` does not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::{eprintln, println};
use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use lakehouse_loadtests::figures::{churn, crash, embed, reality, recall};
use lakehouse_loadtests::gates::judge_merged;
use lakehouse_loadtests::results::{Results, merge};
use lakehouse_loadtests::run::{self, Options};
use lakehouse_loadtests::stand_in::lies::Lie;
use lakehouse_loadtests::stand_in::{bare, proxy, upstream};
use lakehouse_loadtests::{drive, exit, relevance, report};

/// Load tests and single measurements of the lakehouse.
#[derive(Parser)]
#[command(name = "loadtest", version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
    /// Check the command line and exit
    #[arg(long, global = true, hide = true)]
    parse_only: bool,
}

#[derive(Subcommand)]
enum Command {
    Run(Box<Options>),
    Merge(MergeArguments),
    Relevance(Box<relevance::Options>),
    /// Compare cached `/v1/embed` with a bare route that returns the same bytes
    Embed(embed::Arguments),
    /// Measure the recall of approximate search against exact search
    Recall(recall::Arguments),
    /// Run coordinators' queries in four styles, before and after recording answers
    Reality(reality::Arguments),
    /// Run many small writes and reads from several tasks, and check each answer
    Churn(churn::Arguments),
    /// Kill the server at random moments during writes, and check what is left
    Crash(crash::Arguments),
    /// Serve recorded answers
    #[command(hide = true)]
    Bare(bare::Arguments),
    /// Generate the load of the plan on standard input
    #[command(hide = true)]
    Drive,
    /// Serve scripted embeddings
    #[command(hide = true)]
    Upstream,
    /// Forward requests to a server, optionally corrupting its answers
    #[command(hide = true)]
    Proxy {
        /// The server, such as `http://127.0.0.1:3110`
        url: String,
        /// How to corrupt answers
        #[arg(long, value_enum, value_name = "LIE")]
        lie: Option<Lie>,
    },
}

/// Merge the results of several machines that loaded one system together.
#[derive(Args)]
struct MergeArguments {
    /// The `results.json` of every shard
    #[arg(required = true, value_name = "FILES")]
    parts: Vec<PathBuf>,
    /// Folder for the merged report
    #[arg(long, default_value = "target/loadtest/merged", value_name = "DIR")]
    output: PathBuf,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let CommandLine {
        command,
        parse_only,
    } = CommandLine::parse();
    let result = if parse_only {
        check(&command)
    } else {
        execute(command).await
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("loadtest: {error:#}");
            ExitCode::from(exit::from_error(&error))
        }
    }
}

/// Checks what the parser of the command line cannot.
fn check(command: &Command) -> Result<u8> {
    match command {
        Command::Run(options) => run::check(options)?,
        Command::Relevance(options) => relevance::check(options)?,
        _ => {}
    }
    Ok(exit::PASS)
}

async fn execute(command: Command) -> Result<u8> {
    match command {
        Command::Run(options) => {
            let results = run::run(&options).await?;
            return write_report(&results, &options.output);
        }
        Command::Merge(arguments) => {
            let parts: Result<Vec<Results>> = arguments.parts.iter().map(read_results).collect();
            let budgets = run::budgets()?;
            let merged = merge(parts?, |merged| judge_merged(merged, &budgets))?;
            return write_report(&merged, &arguments.output);
        }
        Command::Relevance(options) => {
            relevance::check(&options)?;
            return Ok(exit::from_verdict(relevance::run(&options).await?));
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

/// Writes and prints the results; returns the exit code of their verdict.
fn write_report(results: &Results, folder: &Path) -> Result<u8> {
    let written = report::write(results, folder)?;
    report::print(results)?;
    println!("report: {}", written.html.display());
    Ok(exit::from_verdict(results.verdict))
}

fn read_results(path: &PathBuf) -> Result<Results> {
    let json = std::fs::read_to_string(path);
    let json = json.with_context(|| format!("cannot read `{}`", path.display()))?;
    serde_json::from_str(&json).with_context(|| format!("`{}` has no results", path.display()))
}
