//! `lakehouse serve`: listening, and stopping in order.

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::Path,
    time::Duration,
};

use axum::serve::{Listener, ListenerExt};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    time::Instant,
};

use super::CommandError;
use crate::{
    cli::ConfigArgs,
    compose::{Composition, Config, StartError},
    config::load,
    http::{bare::WithProblems, metrics::Metrics},
    log,
};

/// The time that running requests have to finish after a signal to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(3500);
/// The time that running requests and the saving of indexes have together; the process must end
/// within five seconds.
const STOP_TIMEOUT: Duration = Duration::from_millis(4600);

/// The interval at which recorded times are added to their buckets.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);

/// Why the server did not run, or ended before it was stopped.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum ServeError {
    /// A service cannot be started.
    Start(#[from] StartError),
    /// The address cannot be listened on.
    Bind(#[from] BindError),
    /// The system refused a thread, a signal handler or a connection.
    Io(#[from] io::Error),
}

/// An address that cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on `{address}`")]
pub struct BindError {
    address: SocketAddr,
    source: io::Error,
}

/// Serves until the process receives a signal to stop.
///
/// # Errors
/// When the configuration is rejected, a service cannot be started, or the address cannot be
/// listened on.
pub fn run(args: ConfigArgs) -> Result<(), CommandError> {
    let config: Config = load(&args.into())?;
    log::start(&config.log);
    Ok(run_server(&config)?)
}

fn run_server(config: &Config) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(async {
        let composition = Composition::open(config).await?;
        let listener = bind(config.gateway.bind.get()).await?;
        serve(listener, composition, &config.data.root).await?;
        Ok(())
    });
    // Tasks that still run have used up their time.
    runtime.shutdown_background();
    result
}

async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| BindError { address, source })
}

/// Serves until `SIGTERM` or `SIGINT`, then accepts no more connections, waits for running requests,
/// closes the services, and returns within five seconds.
async fn serve(
    listener: TcpListener,
    composition: Composition,
    data_root: &Path,
) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let address = listener.local_addr()?;
    let (stop, stopping) = oneshot::channel();
    let router = composition.router();
    tokio::spawn(update_metrics(composition.metrics().clone()));
    // Answers are small or written at once, so Nagle's algorithm would only delay them.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY on a connection");
        }
    });
    let server = axum::serve(ProblemListener(listener), router).with_graceful_shutdown(async {
        // A dropped sender also means that the process ends.
        let _ = stopping.await;
    });
    let mut server = tokio::spawn(server.into_future());
    announce(&format!("http://{address}"), &composition, data_root);

    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        ended = &mut server => return ended.unwrap_or_else(|error| Err(io::Error::other(error))),
    }
    tracing::info!("stopping");
    let begun = Instant::now();
    let end = begun + STOP_TIMEOUT;
    let _ = stop.send(());
    let ended = match tokio::time::timeout(DRAIN_TIMEOUT, server).await {
        Ok(ended) => ended.unwrap_or_else(|error| Err(io::Error::other(error))),
        Err(_) => {
            let drain_ms = DRAIN_TIMEOUT.as_millis();
            tracing::warn!(drain_ms, "gave up requests that were still running");
            Ok(())
        }
    };
    if tokio::time::timeout_at(end, composition.close())
        .await
        .is_err()
    {
        tracing::warn!("indexes were still being saved; the next start reads their logs instead");
    }
    let took_ms = begun.elapsed().as_millis();
    tracing::info!(took_ms, "stopped");
    ended
}

/// A listener on whose connections every answer is one of the contract.
struct ProblemListener<L>(L);

impl<L: Listener> Listener for ProblemListener<L> {
    type Io = WithProblems<L::Io>;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (connection, address) = self.0.accept().await;
        (WithProblems::new(connection), address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// Prints the URL on standard output, for the program that started this one, and logs it with what
/// runs.
fn announce(url: &str, composition: &Composition, data_root: &Path) {
    let (version, data) = (env!("CARGO_PKG_VERSION"), data_root.display());
    let services = composition.summary();
    tracing::info!(version, %data, services, "listening on {url}");
    let mut out = io::stdout().lock();
    if let Err(error) = writeln!(out, "{url}").and_then(|()| out.flush()) {
        tracing::warn!(%error, "cannot print the URL on standard output");
    }
}

async fn update_metrics(metrics: Metrics) {
    let mut ticks = tokio::time::interval(METRICS_UPKEEP);
    loop {
        ticks.tick().await;
        metrics.upkeep();
    }
}
