//! The programs of a run: built, started and filled before any load.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::ValueEnum;
use lakehouse_rig::implementation::{Implementation, Launch, Load, Serve};
use lakehouse_rig::process::{Server, Start, Supervisor};
use lakehouse_rig::template::Values;
use reqwest::Client;

use super::Workspace;
use super::build;
use super::options::{Embedder, Options};
use super::slice::own_program;
use super::subject::{Subject, WatchedProcess, millis};
use crate::drive::search_bodies;
use crate::exit::UsageError;
use crate::flows::CORPORA;
use crate::results::{self, Origin, Role};
use crate::tier::{Shape, Tier, Work};

/// Time limit for a server to become ready, which includes reading a roster of 100,000 people.
const READY_TIMEOUT: Duration = Duration::from_secs(30);
/// Time limit for a server to stop after load.
const STOP_TIMEOUT: Duration = Duration::from_secs(15);

/// The servers under measurement and the programs beside them.
pub(super) struct Deployment {
    /// In order; the others are compared with the first.
    pub(super) subjects: Vec<Subject>,
    /// The scripted model server, if one is used.
    upstream: Option<Server>,
}

/// A build to start and measure.
struct Candidate {
    implementation: results::Implementation,
    load: Load,
    binary: PathBuf,
}

impl Deployment {
    /// Builds and starts everything, and fills the servers; stops them again on an error.
    pub(super) async fn start(
        workspace: &Workspace<'_>,
        options: &Options,
        shape: &Shape,
    ) -> Result<Self> {
        let mut deployment = Self {
            subjects: Vec::new(),
            upstream: None,
        };
        match deployment.start_all(workspace, options, shape).await {
            Ok(()) => Ok(deployment),
            Err(error) => {
                deployment.stop(workspace.supervisor).await;
                Err(error)
            }
        }
    }

    async fn start_all(
        &mut self,
        workspace: &Workspace<'_>,
        options: &Options,
        shape: &Shape,
    ) -> Result<()> {
        if let Some(url) = &options.url {
            let [name] = &options.implementation[..] else {
                let message = "`--url` is a single server: name its `--implementation` only";
                return Err(UsageError(message.to_owned()).into());
            };
            let language = find(workspace.root, name)?.language;
            let origin = Origin::Running { url: url.clone() };
            let implementation = implementation(name, "", &language, origin);
            self.subjects.push(Subject::running(implementation, url));
            return Ok(());
        }
        let candidates = candidates(workspace, options).await?;
        let embedder = options.embedder.unwrap_or({
            let first = &candidates[0].implementation.language;
            let is_other = |other: &Candidate| other.implementation.language != *first;
            if candidates.iter().any(is_other) {
                Embedder::Upstream
            } else {
                Embedder::BuiltIn
            }
        });
        let mut upstream_url = String::new();
        if embedder == Embedder::Upstream {
            let server = start_own(workspace, "model server", &["upstream"], "/").await?;
            upstream_url = server.url().to_owned();
            self.upstream = Some(server);
        }
        for candidate in candidates {
            let name = candidate.implementation.name.clone();
            workspace.progress.step(&format!("{name}: starting"));
            let mut subject = start(workspace, candidate, embedder, &upstream_url).await?;
            workspace
                .progress
                .step(&format!("{name}: ingesting {} people", shape.workers));
            let filled = subject.fill(workspace.dataset).await;
            self.subjects.push(subject);
            filled?;
        }
        self.start_helpers(workspace, options, shape).await
    }

    /// Starts the servers that some tiers compare with the first one, and the corrupting proxy.
    async fn start_helpers(
        &mut self,
        workspace: &Workspace<'_>,
        options: &Options,
        shape: &Shape,
    ) -> Result<()> {
        let first = &mut self.subjects[0];
        if let Some(lie) = options.lie {
            let lie = lie.to_possible_value().context("a lie has a name")?;
            let arguments = ["proxy", &first.url, "--lie", lie.get_name()];
            let liar = start_own(workspace, "liar", &arguments, "/health").await?;
            first.route_through(liar);
            return Ok(());
        }
        match (options.tier, shape.points[0].work) {
            (Tier::Routes, _) => {
                let proxied = behind_proxy(workspace, first).await?;
                self.subjects.push(proxied);
            }
            (Tier::Sweep, Work::Search(bodies)) => {
                let bare = bare_route(workspace, first, bodies).await?;
                self.subjects.push(bare);
            }
            _ => {}
        }
        Ok(())
    }

    /// The processes that all subjects share.
    pub(super) fn shared(&self) -> Vec<WatchedProcess> {
        let upstream = self.upstream.iter();
        upstream
            .map(|server| WatchedProcess::of(server.group(), Role::StandIn))
            .collect()
    }

    /// Stops everything that was started.
    pub(super) async fn stop(self, supervisor: &Supervisor) {
        for subject in self.subjects.into_iter().rev() {
            subject.stop(supervisor).await;
        }
        if let Some(upstream) = self.upstream {
            upstream.stop(supervisor).await;
        }
    }
}

/// Builds everything that is to be started.
async fn candidates(workspace: &Workspace<'_>, options: &Options) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for (index, name) in options.implementation.iter().enumerate() {
        let found = find(workspace.root, name)?;
        let load = load_of(&found)?;
        let mut values = workspace.values();
        let given = options.binary.as_ref().filter(|_| index == 0);
        let (binary, origin) = match given {
            Some(binary) => (std::path::absolute(binary)?, build::of_binary(binary)?),
            None => {
                workspace.progress.step(&format!("{name}: building"));
                build::build(workspace.root, name, &load, &values).await?;
                (build::binary(&load, &values), Origin::Checkout)
            }
        };
        values.insert("binary", binary.display().to_string());
        let version = build::version(name, &load, &values).await?;
        candidates.push(Candidate {
            implementation: implementation(name, &version, &found.language, origin),
            load,
            binary,
        });
    }
    if let Some(against) = &options.against {
        let first = &candidates[0];
        let results::Implementation { name, language, .. } = first.implementation.clone();
        let load = first.load.clone();
        workspace.progress.step(&format!("building `{against}`"));
        let (label, binary, origin) =
            build::other_build(workspace.root, workspace.target, &name, &load, against).await?;
        let mut values = workspace.values();
        values.insert("binary", binary.display().to_string());
        let version = build::version(&name, &load, &values).await?;
        candidates.push(Candidate {
            implementation: implementation(
                &format!("{name} at {label}"),
                &version,
                &language,
                origin,
            ),
            load,
            binary,
        });
    }
    Ok(candidates)
}

fn find(workspace: &Path, name: &str) -> Result<Implementation> {
    Implementation::find(workspace, name).map_err(|error| UsageError(error.plain()).into())
}

fn load_of(implementation: &Implementation) -> Result<Load> {
    let name = &implementation.name;
    implementation.load.clone().ok_or_else(|| {
        let missing = format!("`fixtures/implementations/{name}.toml` has no `[load]`");
        UsageError(missing).into()
    })
}

async fn start(
    workspace: &Workspace<'_>,
    candidate: Candidate,
    embedder: Embedder,
    upstream: &str,
) -> Result<Subject> {
    let Candidate {
        mut implementation,
        load,
        binary,
    } = candidate;
    let state = workspace.states.join(file_name(&implementation.name));
    std::fs::create_dir_all(&state)?;
    let mut values = workspace.values();
    values.insert("binary", binary.display().to_string());
    values.insert("state", state.display().to_string());
    values.insert("upstream", upstream.to_owned());
    let embedder = match embedder {
        Embedder::BuiltIn => "built-in",
        Embedder::Upstream => "upstream",
    };
    let added = load.embedders.get(embedder).with_context(|| {
        format!(
            "`fixtures/implementations/{}.toml` has no `[load.embedders.{embedder}]`",
            implementation.name
        )
    })?;
    let serve = Serve {
        launch: load.serve.launch.with(added),
        ..load.serve.clone()
    };
    let began = Instant::now();
    let server = start_server(workspace, &implementation.name, serve, values).await?;
    implementation.started_in_ms = Some(millis(began));
    Ok(Subject::new(implementation, server))
}

/// Starts another command of this program, which prints its URL.
async fn start_own(
    workspace: &Workspace<'_>,
    name: &str,
    arguments: &[&str],
    ready: &str,
) -> Result<Server> {
    let arguments = arguments.iter().map(ToString::to_string);
    let launch = Launch {
        command: std::iter::once(own_program()?).chain(arguments).collect(),
        ..Launch::default()
    };
    start_server(workspace, name, Serve::new(launch, ready), Values::new()).await
}

async fn start_server(
    workspace: &Workspace<'_>,
    name: &str,
    serve: Serve,
    values: Values,
) -> Result<Server> {
    let serve = Serve {
        ready_timeout: READY_TIMEOUT,
        stop_timeout: STOP_TIMEOUT,
        ..serve
    };
    let start = Start {
        serve: &serve,
        values,
        root: workspace.root,
        name: &format!("`{name}`"),
        log: workspace.supervisor.log(&file_name(name)),
    };
    Ok(Server::start(workspace.supervisor, start).await?)
}

/// The name with everything but letters and digits replaced.
fn file_name(name: &str) -> String {
    name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-")
}

/// The same server behind a proxy.
async fn behind_proxy(workspace: &Workspace<'_>, server: &Subject) -> Result<Subject> {
    let name = format!("{} through the proxy", server.implementation.name);
    let proxy = start_own(workspace, &name, &["proxy", &server.url], "/health").await?;
    let mut implementation = server.implementation.clone();
    implementation.name = name;
    implementation.started_in_ms = None;
    implementation.filled_in_ms = None;
    let mut proxied = Subject::new(implementation, proxy);
    for process in &mut proxied.watched {
        process.role = Role::StandIn;
    }
    proxied.watched.extend(server.watched.clone());
    Ok(proxied)
}

/// A server that only returns the recorded answers of this one.
async fn bare_route(workspace: &Workspace<'_>, server: &Subject, bodies: u32) -> Result<Subject> {
    let answers = workspace.logs.join("answers.jsonl");
    record_answers(workspace, &server.url, bodies, &answers).await?;
    let answers = answers
        .to_str()
        .context("the path of the logs is not UTF-8")?;
    let bare = start_own(workspace, "bare route", &["bare", answers], "/health").await?;
    Ok(Subject::new(
        implementation("bare route", "", "Rust", Origin::Checkout),
        bare,
    ))
}

/// Writes the server's answer to each body, one line each, for the bare route.
async fn record_answers(
    workspace: &Workspace<'_>,
    url: &str,
    bodies: u32,
    path: &Path,
) -> Result<()> {
    let client = Client::builder().no_proxy().build()?;
    let corpora = CORPORA.map(str::to_owned);
    let mut lines = String::new();
    for body in search_bodies(workspace.dataset, &corpora, bodies)? {
        let url = format!("{url}/v1/matrix/search");
        let response = client.post(url).body(body.clone()).send().await?;
        let answer = response.error_for_status()?.text().await?;
        let line = serde_json::json!({ "request": body, "answer": answer });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    std::fs::write(path, lines)?;
    Ok(())
}

fn implementation(
    name: &str,
    version: &str,
    language: &str,
    origin: Origin,
) -> results::Implementation {
    results::Implementation {
        name: name.to_owned(),
        version: version.to_owned(),
        language: language.to_owned(),
        origin,
        started_in_ms: None,
        filled_in_ms: None,
    }
}
