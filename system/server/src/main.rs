//! The binary `lakehouse`.

use std::process::ExitCode;

use clap::Parser;
use lakehouse_server::{
    App, StartError,
    cli::{Cli, Command},
    config::{Config, ConfigError, LogConfig, LogFormat, load},
    exit, helper,
    ingest::{self, IngestError},
    serve::{self, BindError},
};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Serve(args) => load(&args.into())
            .map_err(Into::into)
            .and_then(|c| run_server(&c)),
        Command::Config(args) => load(&args.into())
            .map_err(Into::into)
            .and_then(|c| print(&c)),
        Command::Ingest(args) => ingest::run(args),
        Command::Helper(args) => helper::run(args),
    };
    match result {
        Ok(()) => ExitCode::from(exit::OK),
        Err(error) => {
            eprintln!("lakehouse: {error:#}");
            ExitCode::from(exit_code(&error))
        }
    }
}

fn run_server(config: &Config) -> anyhow::Result<()> {
    start_log(&config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(worker_threads())
        .enable_all()
        .build()?;
    let result = runtime.block_on(async {
        let app = App::open(config).await?;
        let listener = serve::bind(config.gateway.bind).await?;
        anyhow::Ok(serve::serve(listener, app).await?)
    });
    // Whatever still runs has had its time.
    runtime.shutdown_background();
    result
}

/// One more than there are processors: a long search keeps its thread to itself, and while all of
/// them are at one, the short requests behind them would wait where the system could share.
fn worker_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from) + 1
}

fn print(config: &Config) -> anyhow::Result<()> {
    print!("{}", toml::to_string(config)?);
    Ok(())
}

fn start_log(config: &LogConfig) {
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&config.filter))
        .with_writer(std::io::stderr);
    match config.format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().init(),
    }
}

fn exit_code(error: &anyhow::Error) -> u8 {
    if error.is::<ConfigError>() {
        exit::CONFIG
    } else if error.is::<BindError>() {
        exit::BIND
    } else if error.is::<helper::UnknownSurface>() {
        exit::USAGE
    } else if let Some(error) = error.downcast_ref() {
        match error {
            IngestError::Refused { .. } => exit::REFUSED,
            IngestError::Unreadable { .. } => exit::FAILED,
            IngestError::Unreachable { .. }
            | IngestError::Corpus { .. }
            | IngestError::Slice { .. }
            | IngestError::Malformed { .. } => exit::SERVICE,
        }
    } else if let Some(error) = error.downcast_ref() {
        match error {
            StartError::Roster(_) => exit::ROSTER,
            StartError::Store(_) | StartError::Vectors(_) => exit::VECTORS,
            StartError::Client(_) | StartError::Metrics(_) => exit::FAILED,
        }
    } else {
        exit::FAILED
    }
}
