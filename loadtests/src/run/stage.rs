//! Everything that is started before load is put to it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use reqwest::Client;

use super::build;
use super::implementation::{Implementation, Launch};
use super::options::{Embedder, Options};
use super::process::Process;
use super::slice::own_program;
use super::subject::{Start, Subject, Watched, free_port, start_printing};
use super::{Ground, corpus};
use crate::drive::search_bodies;
use crate::exit::UsageError;
use crate::results::{Implementation as Told, Role};
use crate::tier::{Shape, Tier, Work};

/// The servers that are measured, and what stands beside them.
pub(super) struct Stage {
    /// In the order of measuring; the first is what others are held against.
    pub(super) subjects: Vec<Subject>,
    /// The scripted model server, where one is used.
    upstream: Option<Process>,
}

/// A program that is to be started and measured.
struct Candidate {
    told: Told,
    implementation: Implementation,
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
                // What went wrong first is what is told.
                let _ = stage.end().await;
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
            let language = Implementation::read(ground.workspace, name)?.language;
            let told = told(name, "", &language);
            self.subjects.push(Subject::running(told, url));
            return Ok(());
        }
        let candidates = candidates(ground, options).await?;
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
            let launch = own_command(&["upstream"])?;
            let (process, port) = start_printing("model server", &launch, ground.logs).await?;
            upstream_url = format!("http://127.0.0.1:{port}");
            self.upstream = Some(process);
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
            let launch = own_command(&["proxy", &first.url, "--lie", lie.get_name()])?;
            return first.put_behind("liar", &launch, ground.logs).await;
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
            .map(|process| Watched::of(process, Role::StandIn))
            .collect()
    }

    /// Ends everything that was started.
    pub(super) async fn end(self) -> Result<()> {
        let mut result = Ok(());
        for subject in self.subjects.into_iter().rev() {
            result = result.and(subject.end().await);
        }
        if let Some(upstream) = self.upstream {
            result = result.and(upstream.end().await);
        }
        result
    }
}

/// What is to be started, built.
async fn candidates(ground: &Ground<'_>, options: &Options) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for (at, name) in options.implementation.iter().enumerate() {
        let implementation = Implementation::read(ground.workspace, name)?;
        let mut places = ground.places();
        let given = options.binary.as_ref().filter(|_| at == 0);
        let binary = match given {
            Some(binary) => std::path::absolute(binary)?,
            None => {
                ground.progress.begin(&format!("{name}: building"));
                build::build(ground.workspace, &implementation, &places).await?;
                implementation.binary(&places)
            }
        };
        places.insert("binary", binary.display().to_string());
        let version = build::version(&implementation, &places).await?;
        candidates.push(Candidate {
            told: told(name, &version, &implementation.language),
            implementation,
            binary,
        });
    }
    if let Some(against) = &options.against {
        let implementation = candidates[0].implementation.clone();
        ground.progress.begin(&format!("building `{against}`"));
        let (label, binary) =
            build::other_build(ground.workspace, ground.target, &implementation, against).await?;
        let mut places = ground.places();
        places.insert("binary", binary.display().to_string());
        let version = build::version(&implementation, &places).await?;
        let name = format!("{} at {label}", implementation.name);
        candidates.push(Candidate {
            told: told(&name, &version, &implementation.language),
            implementation,
            binary,
        });
    }
    Ok(candidates)
}

async fn start(
    ground: &Ground<'_>,
    candidate: Candidate,
    embedder: Embedder,
    upstream: &str,
) -> Result<Subject> {
    let port = free_port()?;
    let state = ground.states.join(port.to_string());
    std::fs::create_dir_all(&state)?;
    let mut places = ground.places();
    places.insert("binary", candidate.binary.display().to_string());
    places.insert("port", port.to_string());
    places.insert("state", state.display().to_string());
    places.insert("upstream", upstream.to_owned());
    let launch = candidate.implementation.serve(embedder, &places)?;
    Subject::start(Start {
        told: candidate.told,
        launch: &launch,
        ready: &candidate.implementation.serve.ready,
        port,
        logs: ground.logs,
    })
    .await
}

/// The same server, reached through the proxy.
async fn behind_proxy(ground: &Ground<'_>, server: &Subject) -> Result<Subject> {
    let name = format!("{} through the proxy", server.told.name);
    let launch = own_command(&["proxy", &server.url])?;
    let told = told(&name, &server.told.version, &server.told.language);
    let mut proxied = Subject::start_printing(told, Role::StandIn, &launch, ground.logs).await?;
    proxied.watched.extend(server.watched.clone());
    Ok(proxied)
}

/// A server that does nothing but answer what this one answered.
async fn bare_route(ground: &Ground<'_>, server: &Subject, bodies: u32) -> Result<Subject> {
    let answers = ground.logs.join("answers.jsonl");
    record_answers(ground, &server.url, bodies, &answers).await?;
    let answers = answers.to_str().context("a path that is UTF-8")?;
    let launch = own_command(&["bare", "--answers", answers])?;
    Subject::start_printing(
        told("bare route", "", "Rust"),
        Role::Server,
        &launch,
        ground.logs,
    )
    .await
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

fn own_command(arguments: &[&str]) -> Result<Launch> {
    let arguments = arguments.iter().map(ToString::to_string);
    Ok(Launch {
        command: std::iter::once(own_program()?).chain(arguments).collect(),
        ..Launch::default()
    })
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
