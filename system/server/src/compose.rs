//! What runs in this process: the only place that knows all services.
//!
//! A new service has a folder below [`services`](crate::services) and appears here: its section in
//! [`Config`], the call that opens it in [`Composition::open`], and its helpers, if any, in
//! [`HELPERS`]. Routing, readiness, metrics, the OpenAPI document and the shutdown follow from that.

use std::{path::PathBuf, sync::Arc};

use axum::Router;
use lakehouse_base::SystemClock;
use lakehouse_matrix::Matrix;
use lakehouse_models::ClientError;
use lakehouse_store::StoreError;
use lakehouse_vector::VectorError;
use metrics_exporter_prometheus::BuildError;
use serde::{Deserialize, Serialize};

use crate::{
    config::{Checked, NonEmptyPath, RuleViolation},
    http::{
        config::{GatewayConfig, LimitsConfig},
        hosts::OwnHosts,
        metrics::Metrics,
        openapi, route, router,
    },
    lines::HelperSpec,
    log::LogConfig,
    services::{
        Service, audit,
        chat::{self, config::ChatConfig},
        embed::{Embed, NoEmbedder, config::EmbedConfig},
        matrix::{self, LexiconRefused, MatrixService, config::MatrixConfig},
        operations::{self, Operations},
        session_log::{self, SessionLog},
        storage::{self, config::StoreConfig},
        validate::{self, RosterRefused, Validate, config::ValidateConfig},
        vectors::{Vectors, config::VectorsConfig},
    },
};

/// The configuration. Every key has a default that works offline, with no other program running.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the public API listens.
    pub gateway: GatewayConfig,
    /// Where data is kept.
    pub data: DataConfig,
    /// Texts to vectors.
    pub embed: EmbedConfig,
    /// Where snapshots are kept.
    #[serde(skip_serializing_if = "is_default")]
    pub store: StoreConfig,
    /// How vectors are searched and saved.
    pub vectors: VectorsConfig,
    /// How corpora are searched, and what the playbook may do.
    pub matrix: MatrixConfig,
    /// Chat models.
    #[serde(skip_serializing_if = "is_default")]
    pub chat: ChatConfig,
    /// What drafts are checked against.
    #[serde(skip_serializing_if = "is_default")]
    pub validate: ValidateConfig,
    /// Limits on one request, and on all together.
    pub limits: LimitsConfig,
    /// The log on standard error.
    pub log: LogConfig,
}

/// `[data]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataConfig {
    /// `data.root`, `--data-root`: the folder below which everything is written, by default
    /// `./data`. It is created by the first write.
    pub root: NonEmptyPath,
}

impl Default for DataConfig {
    fn default() -> Self {
        Self {
            root: NonEmptyPath::new("./data"),
        }
    }
}

impl Checked for Config {
    fn check(&self) -> Result<(), RuleViolation> {
        self.embed.check()?;
        self.matrix.check(&self.chat)
    }
}

/// Whether a section whose keys are absent by default has none: then it is not printed.
fn is_default<T: Default + PartialEq>(section: &T) -> bool {
    *section == T::default()
}

/// The surfaces over lines.
pub const HELPERS: [&[HelperSpec]; 4] = [
    validate::HELPERS,
    session_log::HELPERS,
    audit::HELPERS,
    matrix::HELPERS,
];

/// The services of this process, started.
pub struct Composition {
    services: Vec<Arc<dyn Service>>,
    metrics: Metrics,
    limits: LimitsConfig,
    hosts: OwnHosts,
}

/// Why the services cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The roster file is rejected.
    #[error(transparent)]
    Roster(#[from] RosterRefused),
    /// The lexicon's file cannot be used.
    #[error(transparent)]
    Lexicon(#[from] LexiconRefused),
    /// The store of snapshots cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another process has the indexes open.
    #[error(
        "`{}` is in use by another lakehouse; stop it, or pass `--data-root DIR`",
        .0.display()
    )]
    InUse(PathBuf),
    /// An index cannot be opened.
    #[error(transparent)]
    Vectors(VectorError),
    /// No texts can be embedded.
    #[error(transparent)]
    Embed(#[from] NoEmbedder),
    /// No HTTP client can be built for a provider of chat.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The recorder of metrics cannot be set up.
    #[error("cannot set up the metrics")]
    Metrics(#[from] BuildError),
}

impl From<VectorError> for StartError {
    fn from(error: VectorError) -> Self {
        match error {
            VectorError::Locked(folder) => Self::InUse(folder),
            error => Self::Vectors(error),
        }
    }
}

impl Composition {
    /// Starts the services of a configuration, and opens the indexes below its data root, which
    /// no other process may have open. Providers of models are not called.
    ///
    /// # Errors
    /// When a service cannot be started.
    pub async fn open(config: &Config) -> Result<Self, StartError> {
        let root = &config.data.root;
        let metrics = Metrics::new()?;
        let chat = chat::providers(&config.chat)?;
        let embed = Embed::new(&config.embed, &metrics)?;
        let sessions = Arc::new(SessionLog::below(root, Arc::new(SystemClock)));
        let validate = Validate::new(&config.validate, &chat, &sessions, &metrics)?;
        // Opening the indexes takes the longest, so everything else is checked before.
        let store = storage::open(&config.store, root)?;
        let configure = Matrix::configure;
        let vectors = Vectors::open(&config.vectors, root, store, configure, &metrics).await?;
        let matrix = MatrixService::new(&config.matrix, &vectors, &embed, &chat, &metrics)?;
        Ok(Self {
            services: vec![embed, validate, sessions, vectors, matrix],
            metrics,
            limits: config.limits.clone(),
            hosts: OwnHosts::new(&config.gateway.hosts),
        })
    }

    /// All routes of the services, ready to be served or called.
    pub fn router(&self) -> Router {
        let services = self.services.iter();
        let limited: Vec<_> = services
            .flat_map(|service| Arc::clone(service).routes())
            .collect();
        let unlimited = operations::routes();
        let document =
            openapi::document(route::operations(&limited), route::operations(&unlimited))
                .expect("no two types have one component name, as a test checks");
        let services = self.services.clone();
        let state = Operations::new(services, self.metrics.clone(), &document);
        let mut unlimited = route::with_state(unlimited, &Arc::new(state));
        unlimited.extend(operations::pages());
        let (hosts, metrics) = (self.hosts.clone(), self.metrics.clone());
        router::assemble(limited, unlimited, &self.limits, hosts, metrics)
    }

    /// A phrase for the log about what runs.
    pub fn summary(&self) -> String {
        let phrases = self.services.iter().filter_map(|service| service.summary());
        phrases.collect::<Vec<_>>().join(", ")
    }

    /// The metrics of the process, which need upkeep while it serves.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Closes the services in reverse order. Acknowledged writes are durable without it.
    pub async fn close(&self) {
        for service in self.services.iter().rev() {
            service.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, sync::mpsc, thread, time::Duration};

    use axum::{
        body::Body,
        http::{Method, Request, StatusCode},
    };
    use serde_json::json;
    use tokio::time::timeout;
    use tower::ServiceExt;

    use super::*;

    const INDEX: &str = "/v1/vectors/indexes/a";
    /// Enough that a search with a filter goes to the pool, several times over.
    const ROWS: usize = 5000;
    const BATCH: usize = 500;
    /// For a machine that is busy with other work.
    const LIMIT: Duration = Duration::from_secs(60);

    async fn send(router: &Router, method: Method, path: &str, body: String) -> StatusCode {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("host", "localhost");
        let request = request.body(Body::from(body)).unwrap();
        let answer = timeout(LIMIT, router.clone().oneshot(request)).await;
        answer.expect("an answer").unwrap().status()
    }

    /// A composition of the vector indexes alone, with [`ROWS`] rows in one.
    async fn vectors_alone(root: NonEmptyPath) -> (Arc<Vectors>, Router) {
        let config = Config::default();
        let metrics = Metrics::new().unwrap();
        let store = storage::open(&config.store, &root).unwrap();
        let vectors = Vectors::open(&config.vectors, &root, store, |_| {}, &metrics).await;
        let vectors = vectors.unwrap();
        let composition = Composition {
            services: vec![vectors.clone()],
            metrics,
            limits: config.limits,
            hosts: OwnHosts::new(&config.gateway.hosts),
        };
        let router = composition.router();
        let dimension = json!({ "dimension": 2 }).to_string();
        let status = send(&router, Method::PUT, INDEX, dimension).await;
        assert_eq!(status, 201);
        let item = |at: usize| json!({ "id": at.to_string(), "vector": [at, 1] });
        for first in (0..ROWS).step_by(BATCH) {
            let items: Vec<_> = (first..first + BATCH).map(item).collect();
            let items = json!({ "items": items }).to_string();
            let status = send(&router, Method::POST, &format!("{INDEX}/items"), items).await;
            assert_eq!(status, 200);
        }
        (vectors, router)
    }

    /// Occupies every thread of the search pool until the senders are dropped.
    async fn block_pool(vectors: &Arc<Vectors>) -> Vec<mpsc::Sender<()>> {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let (started, mut has_started) = tokio::sync::mpsc::unbounded_channel();
        let mut releases = Vec::new();
        for _ in 0..threads {
            let (release, released) = mpsc::channel();
            releases.push(release);
            let (vectors, started) = (Arc::clone(vectors), started.clone());
            tokio::spawn(async move {
                let job = move || {
                    started.send(()).unwrap();
                    // An error means that the sender was dropped.
                    let _ = released.recv();
                };
                vectors.engine().pool().run(job).await;
            });
        }
        for _ in 0..threads {
            let started = timeout(LIMIT, has_started.recv()).await;
            started.expect("a free thread").unwrap();
        }
        releases
    }

    #[tokio::test]
    async fn operations_answer_while_the_search_pool_is_blocked() {
        let folder = tempfile::tempdir().unwrap();
        let (vectors, router) = vectors_alone(NonEmptyPath::new(folder.path())).await;
        let releases = block_pool(&vectors).await;

        let filter = json!({ "not": { "eq": { "field": "a", "value": 1 } } });
        let search = json!({ "vector": [1, 0], "filter": filter }).to_string();
        let path = format!("{INDEX}/search");
        let mut search = pin!(send(&router, Method::POST, &path, search));
        for path in ["/health", "/ready", "/metrics"] {
            assert!(futures::poll!(&mut search).is_pending(), "it has no thread");
            let status = send(&router, Method::GET, path, String::new()).await;
            assert_eq!(status, 200, "{path}");
        }
        assert!(futures::poll!(&mut search).is_pending(), "it has no thread");

        drop(releases);
        assert_eq!(search.await, 200);
        vectors.close().await;
    }
}
