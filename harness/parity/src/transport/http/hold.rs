//! A server that stays up for somebody to look at.

use std::path::Path;

use lakehouse_rig::model_server::Answer;

use super::server::{Server, Start};
use crate::config::Case;
use crate::transport::{Context, Job};

/// How often a script is repeated, so that requests by hand do not run out of it.
const REPEATED: usize = 200;

/// A server that answers until it is stopped.
#[derive(Debug)]
pub struct Held {
    server: Server,
}

impl Held {
    /// Starts one, with the files of a case; none when the run was stopped meanwhile.
    ///
    /// # Errors
    ///
    /// Why it is not ready.
    pub async fn start(context: &Context, job: &Job, case: &Case) -> Result<Option<Held>, String> {
        let server = match Server::start(context, job, case).await {
            Start::Ready(server) => *server,
            Start::Stopped => return Ok(None),
            Start::Failed(why) => return Err(why),
        };
        if let Err(error) = server.write(case.files.iter()) {
            server.stop(context, job).await;
            return Err(format!(
                "the files of case `{}` could not be written: {error}",
                case.name
            ));
        }
        if let Some(instance) = server.instance() {
            let once: Vec<Answer> = case
                .steps
                .iter()
                .flat_map(|step| step.upstream.clone())
                .collect();
            let script = once.iter().cycle().take(once.len() * REPEATED);
            instance.script(script.cloned().collect());
        }
        Ok(Some(Held { server }))
    }

    /// Its base URL.
    #[must_use]
    pub fn base(&self) -> &str {
        self.server.base()
    }

    /// Its log, when it was started here.
    #[must_use]
    pub fn log(&self) -> Option<&Path> {
        self.server.log()
    }

    /// Its state folder, when it was started here.
    #[must_use]
    pub fn state(&self) -> Option<&Path> {
        self.server.state()
    }

    /// Stops it and makes sure that nothing is left.
    pub async fn stop(self, context: &Context, job: &Job) {
        self.server.stop(context, job).await;
    }
}
