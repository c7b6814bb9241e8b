//! A server that answers a surface: started here, or running already.

use std::path::Path;
use std::time::Duration;

use lakehouse_rig::implementation::{Reach, Serve};
use lakehouse_rig::model_server::Instance;
use lakehouse_rig::process::{self, StartError, State, describe_exit, log};

use super::{Context, Job};
use crate::config::Case;
use crate::transport::values;

/// How often a start is repeated when another process took the port.
const MAX_STARTS: usize = 5;
/// How long a server that broke a connection may take to exit.
const EXIT_TIMEOUT: Duration = Duration::from_secs(2);

/// A server that answers.
#[derive(Debug)]
pub(super) struct Server {
    base: String,
    /// The server's own, so that no connection outlives the server: an open idle connection keeps
    /// many servers from stopping.
    client: reqwest::Client,
    own: Option<Own>,
}

/// A server that was started here, with its folder and its model server.
#[derive(Debug)]
struct Own {
    server: process::Server,
    state: State,
    instance: Instance,
}

/// How a start ended.
pub(super) enum Start {
    /// The server answers.
    Ready(Box<Server>),
    /// The run was stopped.
    Stopped,
    /// It does not answer, and why.
    Failed(String),
}

impl Server {
    /// Starts a server and waits until it is ready. The first case's files are there before it is.
    pub(super) async fn start(context: &Context, job: &Job, case: &Case) -> Start {
        let serve = match &job.implementation.reach {
            Reach::Url { url, .. } => {
                return match client() {
                    Ok(client) => Start::Ready(Box::new(Server {
                        base: url.clone(),
                        client,
                        own: None,
                    })),
                    Err(error) => Start::Failed(error.to_string()),
                };
            }
            Reach::Start {
                serve: Some(serve), ..
            } => serve,
            Reach::Start { .. } => return Start::Failed(format!("{} serves nothing", job.who())),
        };
        for _ in 0..MAX_STARTS {
            match start(context, job, serve, case).await {
                Ok(server) => return Start::Ready(Box::new(server)),
                Err(StartError::PortTaken(_)) => {}
                Err(StartError::Stopped) => return Start::Stopped,
                Err(StartError::NotReady(why)) => return Start::Failed(why),
            }
        }
        Start::Failed(format!(
            "{}: other processes took {MAX_STARTS} ports before it listened",
            job.who()
        ))
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(super) fn instance(&self) -> Option<&Instance> {
        self.own.as_ref().map(|own| &own.instance)
    }

    pub(super) fn state(&self) -> Option<&Path> {
        self.own.as_ref().map(|own| own.state.path())
    }

    pub(super) fn write<'a>(
        &self,
        files: impl Iterator<Item = (&'a String, &'a String)>,
    ) -> std::io::Result<()> {
        match &self.own {
            Some(own) => own.state.write(files),
            None => Ok(()),
        }
    }

    /// The length of its log.
    pub(super) fn log_length(&self) -> u64 {
        self.log().map_or(0, log::length)
    }

    /// The last lines that it logged since its log was `start` bytes long.
    pub(super) fn log_since(&self, start: u64, has_failed: bool) -> String {
        self.log()
            .map(|log| log::tail_since(log, start, has_failed))
            .unwrap_or_default()
    }

    pub(super) fn log(&self) -> Option<&Path> {
        self.own.as_ref().map(|own| own.server.log())
    }

    pub(super) async fn how_it_died(&mut self) -> Option<String> {
        let group = self.own.as_mut()?.server.group_mut();
        group.wait_for(EXIT_TIMEOUT).await.map(describe_exit)
    }

    /// How it ended, if it has.
    pub(super) fn has_ended(&mut self) -> Option<String> {
        let group = self.own.as_mut()?.server.group_mut();
        group.exit_status().map(describe_exit)
    }

    /// Stops it, and removes its folder.
    pub(super) async fn stop(self, context: &Context, job: &Job) {
        drop(self.client);
        if let Some(own) = self.own {
            own.server.stop(&context.supervisor).await;
            own.state.remove(&job.who(), &context.supervisor);
        }
    }
}

async fn start(
    context: &Context,
    job: &Job,
    serve: &Serve,
    case: &Case,
) -> Result<Server, StartError> {
    let failed = |error: std::io::Error| {
        StartError::NotReady(format!(
            "failed to start the server of {}: {error}",
            job.who()
        ))
    };
    let client = client().map_err(failed)?;
    let state = State::new().map_err(failed)?;
    state.write(&case.files).map_err(failed)?;
    let instance = context.upstream.instance(&job.implementation.name);
    let start = process::Start {
        serve,
        values: values(context, job, &state, &instance),
        root: &context.root.directory,
        name: &job.who(),
        log: context.supervisor.log(&job.log_name()),
    };
    match process::Server::start(&context.supervisor, start).await {
        Ok(server) => Ok(Server {
            base: server.url().to_owned(),
            client,
            own: Some(Own {
                server,
                state,
                instance,
            }),
        }),
        Err(error) => {
            state.remove(&job.who(), &context.supervisor);
            Err(error)
        }
    }
}

fn client() -> std::io::Result<reqwest::Client> {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(std::io::Error::other)
}
