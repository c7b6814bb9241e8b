//! A server: started here, or running already at a URL.

use std::path::Path;
use std::time::Duration;

use lakehouse_rig::implementation::{Reach, Serve};
use lakehouse_rig::model_server::Instance;
use lakehouse_rig::process::{self, StartError, State, describe_exit, log};

use super::client::Client;
use super::{Context, Job};
use crate::config::Case;
use crate::transport::values;

/// The number of attempts to start when other processes take the port.
const MAX_STARTS: usize = 5;
/// The time limit for a server to exit after it broke a connection.
const EXIT_TIMEOUT: Duration = Duration::from_secs(2);

/// A server that is ready.
#[derive(Debug)]
pub(super) struct Server {
    base: String,
    /// Used for this server alone: many servers do not stop while an idle connection is open.
    client: Client,
    /// None for a server that was running already.
    started: Option<Started>,
}

/// A process that was started here, with its folder and its model server.
#[derive(Debug)]
struct Started {
    server: process::Server,
    state: State,
    instance: Instance,
}

/// How a start ended.
pub(super) enum Start {
    /// The server is ready.
    Ready(Box<Server>),
    /// The run was stopped.
    Stopped,
    /// It is not ready, and why.
    Failed(String),
}

impl Server {
    /// Writes the files of the first case, starts a server and waits until it is ready.
    pub(super) async fn start(context: &Context, job: &Job, case: &Case) -> Start {
        let serve = match &job.implementation.reach {
            Reach::Url { url, .. } => {
                return match Client::new(url) {
                    Ok(client) => Start::Ready(Box::new(Server {
                        base: url.clone(),
                        client,
                        started: None,
                    })),
                    Err(why) => {
                        Start::Failed(format!("failed to reach {}: {why}", job.quoted_name()))
                    }
                };
            }
            Reach::Start {
                serve: Some(serve), ..
            } => serve,
            Reach::Start { .. } => {
                return Start::Failed(format!("{} has no server", job.quoted_name()));
            }
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
            "failed to start the server of {}: other processes took its port {MAX_STARTS} times",
            job.quoted_name()
        ))
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    pub(super) fn instance(&self) -> Option<&Instance> {
        self.started.as_ref().map(|started| &started.instance)
    }

    pub(super) fn state(&self) -> Option<&Path> {
        self.started.as_ref().map(|started| started.state.path())
    }

    pub(super) fn write<'a>(
        &self,
        files: impl Iterator<Item = (&'a String, &'a String)>,
    ) -> std::io::Result<()> {
        match &self.started {
            Some(started) => started.state.write(files),
            None => Ok(()),
        }
    }

    /// The length of the server's log.
    pub(super) fn log_length(&self) -> u64 {
        self.log().map_or(0, log::length)
    }

    /// The last lines that the server logged after the first `start` bytes.
    pub(super) fn log_since(&self, start: u64, has_failed: bool) -> String {
        self.log()
            .map(|log| log::tail_since(log, start, has_failed))
            .unwrap_or_default()
    }

    pub(super) fn log(&self) -> Option<&Path> {
        self.started.as_ref().map(|started| started.server.log())
    }

    /// How the server exited, if it does within [`EXIT_TIMEOUT`].
    pub(super) async fn exit_after_failure(&mut self) -> Option<String> {
        let group = self.started.as_mut()?.server.group_mut();
        group.wait_for(EXIT_TIMEOUT).await.map(describe_exit)
    }

    /// How the server exited, if it has.
    pub(super) fn exit(&mut self) -> Option<String> {
        let group = self.started.as_mut()?.server.group_mut();
        group.exit_status().map(describe_exit)
    }

    /// Stops the server and removes its state folder.
    pub(super) async fn stop(self, context: &Context, job: &Job) {
        context.resent.add(job, self.client.resent());
        drop(self.client);
        if let Some(started) = self.started {
            started.server.stop(&context.supervisor).await;
            started
                .state
                .remove(&job.quoted_name(), &context.supervisor);
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
            job.quoted_name()
        ))
    };
    let state = State::new().map_err(failed)?;
    state.write(&case.files).map_err(failed)?;
    let instance = context.upstream.instance(&job.implementation.name);
    let start = process::Start {
        serve,
        values: values(context, job, &state, &instance),
        root: &context.root.directory,
        name: &job.quoted_name(),
        log: context.supervisor.log(&job.log_name()),
    };
    match process::Server::start(&context.supervisor, start).await {
        Ok(server) => {
            let client = match Client::new(server.url()) {
                Ok(client) => client,
                Err(why) => {
                    server.stop(&context.supervisor).await;
                    state.remove(&job.quoted_name(), &context.supervisor);
                    return Err(failed(std::io::Error::other(why)));
                }
            };
            Ok(Server {
                base: server.url().to_owned(),
                client,
                started: Some(Started {
                    server,
                    state,
                    instance,
                }),
            })
        }
        Err(error) => {
            state.remove(&job.quoted_name(), &context.supervisor);
            Err(error)
        }
    }
}
