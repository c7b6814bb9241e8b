//! The scripted model server: an HTTP server that speaks Ollama's wire format, without a model.
//!
//! [`ModelServer`] listens on a port of 127.0.0.1. Each process that uses it gets its own
//! [`Instance`], a base URL such as `http://127.0.0.1:40123/go`, so that scripts and logs of
//! processes that run at the same time stay apart. An instance answers from its script of
//! [`Answer`]s, or without one deterministically, and records the requests. [`Raw`] is a server
//! below HTTP, for answers that break off.
//!
//! The wire: `POST /api/embed`, `POST /api/chat` (one object, or NDJSON unless `stream` is
//! `false`), `GET /api/tags`, `GET /api/version`; errors are `{"error":"…"}` with Ollama's statuses.

mod answer;
pub mod embedding;
mod forward;
mod instance;
mod ollama;
mod raw;
mod reply;
mod server;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use answer::{Answer, Content};
pub use instance::{Instance, Log, Request};
pub use raw::Raw;

use forward::Forward;

/// How long a stop waits for open connections before it drops them.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// A model server on a free port of 127.0.0.1.
#[derive(Debug)]
pub struct ModelServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
}

#[derive(Debug)]
struct Shared {
    forward: Option<Forward>,
    instances: Mutex<HashMap<String, Instance>>,
    stopped: watch::Receiver<bool>,
}

impl ModelServer {
    /// Starts a server.
    ///
    /// With `forward_to`, the base URL of a real Ollama, requests outside a script go there, and
    /// its answers come back unchanged. They are recorded too.
    ///
    /// # Errors
    ///
    /// No port can be bound.
    pub async fn start(forward_to: Option<String>) -> std::io::Result<ModelServer> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        // An answer in two small packets would wait for the acknowledgement of the first.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let (stop, stopped) = watch::channel(false);
        let shared = Arc::new(Shared {
            forward: forward_to.map(Forward::new),
            instances: Mutex::default(),
            stopped: stopped.clone(),
        });
        let router = server::router(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(until_set(stopped))
                .await
        });
        Ok(ModelServer {
            shared,
            address,
            stop,
            server,
        })
    }

    /// Creates an instance with an empty log and no script.
    ///
    /// The name becomes the path of its URL. A name that was used before gets a number, so that a
    /// process of an earlier start cannot write into the log of a later one.
    #[must_use]
    pub fn instance(&self, name: &str) -> Instance {
        let base = path_segment(name);
        let mut instances = lock(&self.shared.instances);
        let mut segment = base.clone();
        let mut number = 1;
        while instances.contains_key(&segment) {
            number += 1;
            segment = format!("{base}-{number}");
        }
        let instance = Instance::new(format!("http://{}/{segment}", self.address));
        instances.insert(segment, instance.clone());
        instance
    }

    /// Stops the server. Answers that a script delays or holds are sent at once; connections that
    /// are still open five seconds later are dropped.
    pub async fn stop(mut self) {
        // An error means that the server has ended already.
        let _ = self.stop.send(true);
        let stopped = tokio::time::timeout(STOP_TIMEOUT, &mut self.server).await;
        if stopped.is_err() {
            self.server.abort();
        }
    }
}

/// The data is usable even if a holder of the lock panicked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn until_set(mut flag: watch::Receiver<bool>) {
    // An error means that the server was dropped, which stops it too.
    let _ = flag.wait_for(|set| *set).await;
}

fn path_segment(name: &str) -> String {
    let segment: String = name
        .chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => c,
            _ => '-',
        })
        .collect();
    if segment.is_empty() {
        "instance".to_owned()
    } else {
        segment
    }
}
