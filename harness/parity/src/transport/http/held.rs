//! A server that stays up for `--hold`.

use std::path::Path;

use lakehouse_rig::model_server::Answer;

use super::server::{Server, Start};
use crate::config::Case;
use crate::transport::{Context, Job};

/// How often a case's script is repeated, so that requests by hand do not exhaust it.
const SCRIPT_REPEATS: usize = 200;

/// A server that runs until it is stopped.
#[derive(Debug)]
pub struct Held {
    server: Server,
}

impl Held {
    /// Starts a server with the files of a case; none when the run is stopping.
    ///
    /// # Errors
    ///
    /// The server is not ready, and why.
    pub async fn start(context: &Context, job: &Job, case: &Case) -> Result<Option<Held>, String> {
        let server = match Server::start(context, job, case).await {
            Start::Ready(server) => *server,
            Start::Stopped => return Ok(None),
            Start::Failed(why) => return Err(why),
        };
        if let Err(error) = server.write(case.files.iter()) {
            server.stop(context, job).await;
            return Err(format!(
                "failed to write the files of case `{}`: {error}",
                case.name
            ));
        }
        if let Some(instance) = server.instance() {
            let once: Vec<Answer> = case
                .steps
                .iter()
                .flat_map(|step| step.upstream.clone())
                .collect();
            let script = once.iter().cycle().take(once.len() * SCRIPT_REPEATS);
            instance.script(script.cloned().collect());
        }
        Ok(Some(Held { server }))
    }

    /// The server's base URL.
    #[must_use]
    pub fn base(&self) -> &str {
        self.server.base()
    }

    /// The server's log; none for one that was running already.
    #[must_use]
    pub fn log(&self) -> Option<&Path> {
        self.server.log()
    }

    /// The server's state folder; none for one that was running already.
    #[must_use]
    pub fn state(&self) -> Option<&Path> {
        self.server.state()
    }

    /// Stops the server and removes its state folder.
    pub async fn stop(self, context: &Context, job: &Job) {
        self.server.stop(context, job).await;
    }
}
