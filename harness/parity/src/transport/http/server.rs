//! A server to send requests to: started here, or running already.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lakehouse_rig::implementation::{Reach, Serve};
use lakehouse_rig::model_server::Instance;
use lakehouse_rig::port;
use lakehouse_rig::process::{Group, Output, State, how_it_ended, log_length, tail, tail_of_case};

use super::{Context, Job};
use crate::config::Case;
use crate::transport::command;

/// How often a start is tried again when somebody took the port in between.
const TRIES: usize = 5;
/// How long one question for readiness may take.
const ASK: Duration = Duration::from_secs(1);
/// How long a server that broke a connection may take to be found dead.
const LAST_BREATH: Duration = Duration::from_millis(500);

/// A server that answers.
#[derive(Debug)]
pub(super) struct Server {
    base: String,
    /// Of its own, so that no connection outlives the server: one that is open but idle keeps
    /// many servers from stopping.
    client: reqwest::Client,
    own: Option<Own>,
}

/// What only a server has that was started here.
#[derive(Debug)]
struct Own {
    group: Group,
    state: State,
    instance: Instance,
    port: u16,
    log: PathBuf,
    stop_timeout: Duration,
}

/// How a start went.
pub(super) enum Start {
    /// The server answers.
    Ready(Box<Server>),
    /// The run was stopped meanwhile.
    Stopped,
    /// It does not, and why.
    Failed(String),
}

/// How one try to start went.
enum Attempt {
    Done(Start),
    PortTaken,
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
        for _ in 0..TRIES {
            match attempt(context, job, serve, case).await {
                Ok(Attempt::Done(start)) => return start,
                Ok(Attempt::PortTaken) => {}
                Err(error) => {
                    return Start::Failed(format!(
                        "failed to start the server of {}: {error}",
                        job.who()
                    ));
                }
            }
        }
        Start::Failed(format!("{} found its port taken {TRIES} times", job.who()))
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

    /// Where its log ends now.
    pub(super) fn log_length(&self) -> u64 {
        self.log().map_or(0, log_length)
    }

    /// The last lines of what it logged for a case that began at `start`.
    pub(super) fn log_of_case(&self, start: u64, has_failed: bool) -> String {
        self.log()
            .map(|log| tail_of_case(log, start, has_failed))
            .unwrap_or_default()
    }

    pub(super) fn log(&self) -> Option<&Path> {
        self.own.as_ref().map(|own| own.log.as_path())
    }

    pub(super) async fn how_it_died(&mut self) -> Option<String> {
        let own = self.own.as_mut()?;
        own.group.wait_for(LAST_BREATH).await.map(how_it_ended)
    }

    /// How it ended, if it has.
    pub(super) fn has_ended(&mut self) -> Option<String> {
        self.own.as_mut()?.group.ended().map(how_it_ended)
    }

    /// Stops it and makes sure that nothing is left.
    pub(super) async fn stop(self, context: &Context, job: &Job) {
        drop(self.client);
        if let Some(own) = self.own {
            own.stop(context, job).await;
        }
    }
}

impl Own {
    async fn stop(self, context: &Context, job: &Job) {
        self.group.stop(self.stop_timeout).await;
        if !port::wait_until_free(self.port).await {
            context.supervisor.trouble(format!(
                "port {} of {} is still taken after it was stopped",
                self.port,
                job.who()
            ));
        }
        self.state.remove(&job.who(), &context.supervisor);
    }
}

async fn attempt(
    context: &Context,
    job: &Job,
    serve: &Serve,
    case: &Case,
) -> std::io::Result<Attempt> {
    let state = State::new()?;
    state.write(&case.files)?;
    let port = port::free_port()?;
    let instance = context.upstream.instance(&job.implementation.name);
    let command = command(context, job, &serve.launch, &state, &instance, Some(port));
    let log = context.supervisor.log(&job.log_name());
    let group = Group::start(&context.supervisor, &command, &job.who(), Output::Log, &log)
        .map_err(|error| std::io::Error::new(error.kind(), format!("`{command}`: {error}")))?;
    let mut own = Own {
        group,
        state,
        instance,
        port,
        log,
        stop_timeout: serve.stop_timeout,
    };
    let base = format!("http://127.0.0.1:{port}");
    let ready_url = format!("{base}{}", serve.ready);
    let began = Instant::now();
    let outcome = tokio::select! {
        () = context.supervisor.stop_requested() => Readiness::Stopped,
        readiness = ready(&mut own.group, &ready_url, serve.ready_timeout) => readiness,
    };
    let failure = match outcome {
        Readiness::Ready => {
            return Ok(Attempt::Done(Start::Ready(Box::new(Server {
                base,
                client: client()?,
                own: Some(own),
            }))));
        }
        Readiness::Stopped => {
            own.stop(context, job).await;
            return Ok(Attempt::Done(Start::Stopped));
        }
        // It ended, and somebody else has the port: that is why.
        Readiness::Ended(_) if !port::is_free(port) => {
            own.group.kill().await;
            own.state.remove(&job.who(), &context.supervisor);
            return Ok(Attempt::PortTaken);
        }
        Readiness::Ended(how) => format!("ended before it was ready ({how})"),
        Readiness::Never(last) => format!(
            "was not ready after {} ms: `{}` {last}",
            began.elapsed().as_millis(),
            serve.ready
        ),
    };
    let shown = tail(&own.log);
    let message = format!(
        "{} {failure}\n  command: {command}\n  log: {}{}",
        job.who(),
        own.log.display(),
        if shown.is_empty() {
            " (empty)".to_owned()
        } else {
            format!(", its end:\n    {}", shown.replace('\n', "\n    "))
        }
    );
    own.stop(context, job).await;
    Ok(Attempt::Done(Start::Failed(message)))
}

enum Readiness {
    Ready,
    Stopped,
    Ended(String),
    Never(String),
}

fn client() -> std::io::Result<reqwest::Client> {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(std::io::Error::other)
}

async fn ready(group: &mut Group, url: &str, limit: Duration) -> Readiness {
    let Ok(client) = client() else {
        return Readiness::Never("cannot be asked".to_owned());
    };
    let until = Instant::now() + limit;
    let mut pause = Duration::from_millis(5);
    loop {
        let answer = client.get(url).timeout(ASK.min(limit)).send().await;
        // Asked after the answer: whoever answers on the port of a dead server is somebody else.
        if let Some(status) = group.ended() {
            return Readiness::Ended(how_it_ended(status));
        }
        let last = match answer {
            Ok(answer) if answer.status() == reqwest::StatusCode::OK => return Readiness::Ready,
            Ok(answer) => format!("answers {}", answer.status().as_u16()),
            Err(_) => "does not answer".to_owned(),
        };
        if Instant::now() >= until {
            return Readiness::Never(last);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}
