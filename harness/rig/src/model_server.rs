//! The scripted model server: one HTTP server per run that speaks Ollama's wire format.
//!
//! [`ModelServer`] listens on a loopback port; every started implementation gets its own
//! [`Instance`], a base path such as `http://127.0.0.1:40123/go`, so that scripts and logs of
//! implementations that run at the same time never mix. An instance answers from its script of
//! [`Answer`]s, or with deterministic defaults, and keeps every request it got.
//!
//! The wire: `POST /api/embed`, `POST /api/chat` (one object, or NDJSON when `stream` is not
//! `false`), `GET /api/tags`, `GET /api/version`; errors are `{"error":"…"}` with Ollama's statuses.

mod answer;
mod embedding;
mod forward;
mod ollama;
mod reply;
mod server;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use answer::{Answer, Content};
pub use embedding::{DIMENSION, embed_text};

use forward::Forward;

/// How long a stop waits for connections that are still open before it drops them.
const STOP_WAIT: Duration = Duration::from_secs(2);

/// The model server of one run, on a free port of 127.0.0.1.
#[derive(Debug)]
pub struct ModelServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
}

impl ModelServer {
    /// Binds a free port and starts to serve.
    ///
    /// With `forward_to` (the base URL of a real Ollama) requests outside a script go there and
    /// its answers come back unchanged; they are recorded all the same.
    pub async fn start(forward_to: Option<String>) -> std::io::Result<ModelServer> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
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

    /// A new instance with an empty log and no script.
    ///
    /// The name becomes the base path; when it was given before, the new instance gets a suffix,
    /// so that a process of an earlier start cannot write into the log of a later one.
    pub fn instance(&self, name: &str) -> Instance {
        let base = path_segment(name);
        let state = Arc::new(Mutex::new(State::default()));
        let mut instances = lock(&self.shared.instances);
        let segment = (1..)
            .map(|number: usize| match number {
                1 => base.clone(),
                _ => format!("{base}-{number}"),
            })
            .find(|candidate| !instances.contains_key(candidate))
            .unwrap_or(base);
        instances.insert(segment.clone(), Arc::clone(&state));
        Instance {
            url: format!("http://{}/{segment}", self.address),
            state,
        }
    }

    /// Stops listening, and drops connections that do not end within two seconds.
    pub async fn stop(mut self) {
        // The receivers live in the server task; when it is already gone there is nobody to tell.
        let _ = self.stop.send(true);
        if tokio::time::timeout(STOP_WAIT, &mut self.server)
            .await
            .is_err()
        {
            self.server.abort();
        }
    }
}

/// One base path of the server, with its script and its log. Copies share both.
#[derive(Clone, Debug)]
pub struct Instance {
    url: String,
    state: Arc<Mutex<State>>,
}

impl Instance {
    /// The base URL to hand to an implementation, without a slash at its end.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Replaces the script. An empty one means the defaults.
    pub fn script(&self, answers: Vec<Answer>) {
        let mut state = lock(&self.state);
        state.scripted = !answers.is_empty();
        state.script = answers.into();
    }

    /// Takes what was recorded since the last call, and ends the script.
    pub fn take_log(&self) -> Log {
        let state = std::mem::take(&mut *lock(&self.state));
        Log {
            requests: state.requests,
            unused: state.script.len(),
            beyond_script: state.beyond_script,
        }
    }
}

/// What an instance saw during one case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// The requests in the order in which they came in.
    pub requests: Vec<Request>,
    /// Scripted answers that nobody asked for.
    pub unused: usize,
    /// Requests that came after the script's end (answered 500 `script exhausted`).
    pub beyond_script: usize,
}

/// One request to an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// In capitals, as it came.
    pub method: String,
    /// Path and query below the instance's base, with its leading slash.
    pub path: String,
    /// The body as it came.
    pub body: Bytes,
}

#[derive(Debug)]
struct Shared {
    forward: Option<Forward>,
    instances: Mutex<HashMap<String, Arc<Mutex<State>>>>,
    stopped: watch::Receiver<bool>,
}

#[derive(Debug, Default)]
struct State {
    scripted: bool,
    script: VecDeque<Answer>,
    requests: Vec<Request>,
    beyond_script: usize,
}

/// A panic while the lock was held leaves plain data behind, which is still usable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn until_set(mut flag: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop as well.
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
