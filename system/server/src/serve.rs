//! Listening, and stopping in order.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::serve::ListenerExt;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    time::Instant,
};

use crate::{App, build_router};

/// How long running requests have to end once the process is told to stop.
const DRAIN: Duration = Duration::from_millis(3500);
/// How long they and the saving of indexes have together; the process itself is to be gone within
/// five seconds.
const STOP: Duration = Duration::from_millis(4600);

/// An address that cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on `{address}`: {source}")]
pub struct BindError {
    address: SocketAddr,
    source: io::Error,
}

/// Takes the address.
///
/// # Errors
/// [`BindError`] when another process has it, or it is not this machine's.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| BindError { address, source })
}

/// Serves until `SIGTERM` or `SIGINT`, then takes no more connections, lets the running requests
/// end, closes the app, and returns within five seconds.
///
/// # Errors
/// When the system gives no signal handlers or no address.
pub async fn serve(listener: TcpListener, app: Arc<App>) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let address = listener.local_addr()?;
    let (stop, stopping) = oneshot::channel();
    let router = build_router(Arc::clone(&app));
    tokio::spawn(Arc::clone(&app).upkeep());
    // Answers are small or written at once: waiting for more to send only delays them.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY on a connection");
        }
    });
    let server = axum::serve(listener, router).with_graceful_shutdown(async {
        // A dropped sender means that the process ends, too.
        let _ = stopping.await;
    });
    let mut server = tokio::spawn(server.into_future());
    tracing::info!(%address, "listening");

    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        ended = &mut server => return ended.unwrap_or_else(|error| Err(io::Error::other(error))),
    }
    tracing::info!("stopping");
    let end = Instant::now() + STOP;
    let _ = stop.send(());
    let ended = match tokio::time::timeout(DRAIN, server).await {
        Ok(ended) => ended.unwrap_or_else(|error| Err(io::Error::other(error))),
        Err(_) => {
            let drain_ms = DRAIN.as_millis();
            tracing::warn!(drain_ms, "requests were still running and are given up");
            Ok(())
        }
    };
    if tokio::time::timeout_at(end, app.close()).await.is_err() {
        tracing::warn!("indexes were still being saved; the next start reads their logs instead");
    }
    ended
}
