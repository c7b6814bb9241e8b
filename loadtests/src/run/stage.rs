//! Everything that is started before load is put to it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::ValueEnum;
use lakehouse_rig::implementation::{Implementation, Launch, Load, Serve};
use lakehouse_rig::process::{Server, Start, Supervisor};
use lakehouse_rig::template::Values;
use reqwest::Client;

use super::build;
use super::options::{Embedder, Options};
use super::slice::own_program;
use super::subject::{Subject, Watched, millis};
use super::{Ground, corpus};
use crate::drive::search_bodies;
use crate::exit::UsageError;
use crate::results::{Implementation as Told, Role};
use crate::tier::{Shape, Tier, Work};

/// How long a server may take to become ready: it reads a roster of up to 100,000 people.
const READY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a server may take to stop after load.
const STOP_TIMEOUT: Duration = Duration::from_secs(15);

/// The servers that are measured, and what stands beside them.
pub(super) struct Stage {
    /// In the order of measuring; the first is what others are held against.
    pub(super) subjects: Vec<Subject>,
    /// The scripted model server, where one is used.
    upstream: Option<Server>,
}

/// A program that is to be started and measured.
struct Candidate {
    told: Told,
    load: Load,
    binary: PathBuf,
}

impl Stage {
    /// Builds, starts and fills.
    pub(super) async fn set(ground: &Ground<'_>, options: &Options, shape: &Shape) -> Result<Self> {
        let mut stage = Self {
            subjects: Vec::new(),
            upstream: None,
        };
        let set = stage.set_all(ground, options, shape).await;
        match set {
            Ok(()) => Ok(stage),
            Err(error) => {
                stage.stop(ground.supervisor).await;
                Err(error)
            }
        }
    }

    async fn set_all(
        &mut self,
        ground: &Ground<'_>,
        options: &Options,
        shape: &Shape,
    ) -> Result<()> {
        if let Some(url) = &options.url {
            let [name] = &options.implementation[..] else {
                let why = "`--url` is one server: name one `--implementation`, whose it is";
                return Err(UsageError(why.to_owned()).into());
            };
            let language = find(ground.workspace, name)?.language;
            let told = told(name, "", &language);
            self.subjects.push(Subject::running(told, url));
            return Ok(());
        }
        let candidates = candidates(ground, options).await?;
        let embedder = options.embedder.unwrap_or({
            let first = &candidates[0].told.language;
            let is_other = |other: &Candidate| other.told.language != *first;
            if candidates.iter().any(is_other) {
                Embedder::Upstream
            } else {
                Embedder::BuiltIn
            }
        });
        let mut upstream_url = String::new();
        if embedder == Embedder::Upstream {
            let server = start_own(ground, "model server", &["upstream"], "/").await?;
            upstream_url = server.url().to_owned();
            self.upstream = Some(server);
        }
        for candidate in candidates {
            let name = candidate.told.name.clone();
            ground.progress.begin(&format!("{name}: starting"));
            let mut subject = start(ground, candidate, embedder, &upstream_url).await?;
            ground.progress.begin(&format!(
                "{name}: taking the corpus of {} people",
                shape.workers
            ));
            let filled = subject.fill(ground.house).await;
            self.subjects.push(subject);
            filled?;
        }
        self.put_beside(ground, options, shape).await
    }

    /// What some tiers hold the first server against, and the liar.
    async fn put_beside(
        &mut self,
        ground: &Ground<'_>,
        options: &Options,
        shape: &Shape,
    ) -> Result<()> {
        let first = &mut self.subjects[0];
        if let Some(lie) = options.lie {
            let lie = lie.to_possible_value().context("a lie has a name")?;
            let arguments = ["proxy", &first.url, "--lie", lie.get_name()];
            let liar = start_own(ground, "liar", &arguments, "/health").await?;
            first.put_behind(liar);
            return Ok(());
        }
        match (options.tier, shape.points[0].work) {
            (Tier::Routes, _) => {
                let proxied = behind_proxy(ground, first).await?;
                self.subjects.push(proxied);
            }
            (Tier::Sweep, Work::Search(bodies)) => {
                let bare = bare_route(ground, first, bodies).await?;
                self.subjects.push(bare);
            }
            _ => {}
        }
        Ok(())
    }

    /// What all subjects share.
    pub(super) fn shared(&self) -> Vec<Watched> {
        let upstream = self.upstream.iter();
        upstream
            .map(|server| Watched::of(server.group(), Role::StandIn))
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

/// What is to be started, built.
async fn candidates(ground: &Ground<'_>, options: &Options) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for (at, name) in options.implementation.iter().enumerate() {
        let implementation = find(ground.workspace, name)?;
        let load = load_of(&implementation)?;
        let mut values = ground.values();
        let given = options.binary.as_ref().filter(|_| at == 0);
        let binary = match given {
            Some(binary) => std::path::absolute(binary)?,
            None => {
                ground.progress.begin(&format!("{name}: building"));
                build::build(ground.workspace, name, &load, &values).await?;
                build::binary(&load, &values)
            }
        };
        values.insert("binary", binary.display().to_string());
        let version = build::version(name, &load, &values).await?;
        candidates.push(Candidate {
            told: told(name, &version, &implementation.language),
            load,
            binary,
        });
    }
    if let Some(against) = &options.against {
        let first = &candidates[0];
        let (name, language) = (first.told.name.clone(), first.told.language.clone());
        let load = first.load.clone();
        ground.progress.begin(&format!("building `{against}`"));
        let (label, binary) =
            build::other_build(ground.workspace, ground.target, &name, &load, against).await?;
        let mut values = ground.values();
        values.insert("binary", binary.display().to_string());
        let version = build::version(&name, &load, &values).await?;
        candidates.push(Candidate {
            told: told(&format!("{name} at {label}"), &version, &language),
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
    ground: &Ground<'_>,
    candidate: Candidate,
    embedder: Embedder,
    upstream: &str,
) -> Result<Subject> {
    let Candidate {
        mut told,
        load,
        binary,
    } = candidate;
    let state = ground.states.join(file_name(&told.name));
    std::fs::create_dir_all(&state)?;
    let mut values = ground.values();
    values.insert("binary", binary.display().to_string());
    values.insert("state", state.display().to_string());
    values.insert("upstream", upstream.to_owned());
    let embedder = match embedder {
        Embedder::BuiltIn => "built-in",
        Embedder::Upstream => "upstream",
    };
    let added = load.embedders.get(embedder).with_context(|| {
        format!(
            "`{}` is not described with the embedder `{embedder}`",
            told.name
        )
    })?;
    let serve = Serve {
        launch: load.serve.launch.with(added),
        ..load.serve.clone()
    };
    let began = Instant::now();
    let server = start_server(ground, &told.name, serve, values).await?;
    told.started_in_ms = Some(millis(began));
    Ok(Subject::new(told, server))
}

/// Starts another command of this program, which prints its URL.
async fn start_own(
    ground: &Ground<'_>,
    name: &str,
    arguments: &[&str],
    ready: &str,
) -> Result<Server> {
    let arguments = arguments.iter().map(ToString::to_string);
    let launch = Launch {
        command: std::iter::once(own_program()?).chain(arguments).collect(),
        ..Launch::default()
    };
    start_server(ground, name, Serve::new(launch, ready), Values::new()).await
}

async fn start_server(
    ground: &Ground<'_>,
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
        root: ground.workspace,
        name: &format!("`{name}`"),
        log: ground.supervisor.log(&file_name(name)),
    };
    Ok(Server::start(ground.supervisor, start).await?)
}

/// The name with everything but letters and digits replaced.
fn file_name(name: &str) -> String {
    name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-")
}

/// The same server, reached through the proxy.
async fn behind_proxy(ground: &Ground<'_>, server: &Subject) -> Result<Subject> {
    let name = format!("{} through the proxy", server.told.name);
    let proxy = start_own(ground, &name, &["proxy", &server.url], "/health").await?;
    let told = told(&name, &server.told.version, &server.told.language);
    let mut proxied = Subject::new(told, proxy);
    for process in &mut proxied.watched {
        process.role = Role::StandIn;
    }
    proxied.watched.extend(server.watched.clone());
    Ok(proxied)
}

/// A server that does nothing but answer what this one answered.
async fn bare_route(ground: &Ground<'_>, server: &Subject, bodies: u32) -> Result<Subject> {
    let answers = ground.logs.join("answers.jsonl");
    record_answers(ground, &server.url, bodies, &answers).await?;
    let answers = answers.to_str().context("a path that is UTF-8")?;
    let bare = start_own(ground, "bare route", &["bare", answers], "/health").await?;
    Ok(Subject::new(told("bare route", "", "Rust"), bare))
}

/// Writes what the server answers to each body, for the bare route: a line a body.
async fn record_answers(ground: &Ground<'_>, url: &str, bodies: u32, path: &Path) -> Result<()> {
    let client = Client::builder().no_proxy().build()?;
    let corpora = corpus::CORPORA.map(|(name, _)| name.to_owned());
    let mut lines = String::new();
    for body in search_bodies(ground.house, &corpora, bodies)? {
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

fn told(name: &str, version: &str, language: &str) -> Told {
    Told {
        name: name.to_owned(),
        version: version.to_owned(),
        language: language.to_owned(),
        started_in_ms: None,
        filled_in_ms: None,
    }
}
