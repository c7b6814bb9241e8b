//! One implementation that answers made inputs, over whichever transport.

use std::sync::Arc;
use std::time::Duration;

use super::judge;
use crate::config::{Case, Probe};
use crate::observation::Step;
use crate::outcome::Transport;
use crate::transport::pipeline::Pipeline;
use crate::transport::{Answered, Context, Job, round};

/// One implementation.
pub(super) enum Session {
    /// A helper that goes on running.
    Line(Box<Pipeline>),
    /// A server: one for every group of inputs, so that a group is the same for both sides
    /// whatever the server keeps between requests.
    Http(Box<Job>),
}

impl Session {
    pub(super) fn new(job: &Job, limit: Duration) -> Session {
        if job.transport == Transport::Line {
            return Session::Line(Box::new(Pipeline::new(job.clone(), limit)));
        }
        let mut probe = Probe::clone(&job.probe);
        probe.restart = false;
        probe.http.timeout = limit;
        Session::Http(Box::new(Job {
            probe: Arc::new(probe),
            ..job.clone()
        }))
    }

    /// The answers, in order; none when there can be none, or the run is to stop.
    pub(super) async fn answers(
        &mut self,
        context: &Context,
        inputs: &[Vec<u8>],
    ) -> Option<Vec<Step>> {
        match self {
            Session::Line(pipeline) => pipeline.answers(context, inputs).await,
            Session::Http(job) => over_http(context, job, inputs).await,
        }
    }

    /// The answer of a process that has seen nothing else.
    pub(super) async fn alone(&mut self, context: &Context, input: &[u8]) -> Option<Step> {
        match self {
            Session::Line(pipeline) => pipeline.alone(context, input).await,
            Session::Http(job) => over_http(context, job, &[input.to_vec()]).await?.pop(),
        }
    }

    pub(super) async fn stop(&mut self, context: &Context) {
        if let Session::Line(pipeline) = self {
            pipeline.stop(context, false).await;
        }
    }
}

async fn over_http(context: &Context, job: &Job, inputs: &[Vec<u8>]) -> Option<Vec<Step>> {
    let mut job = job.clone();
    job.cases = inputs
        .iter()
        .enumerate()
        .map(|(index, input)| {
            Arc::new(Case {
                fresh: false,
                name: format!("made-{index}"),
                why: None,
                transports: None,
                files: std::collections::BTreeMap::new(),
                steps: vec![judge::step(input, false)],
                sequence: false,
            })
        })
        .collect();
    let order: Vec<usize> = (0..job.cases.len()).collect();
    let mut answers = round(context, &job, &order).await;
    job.cases
        .iter()
        .map(|case| match answers.remove(&case.name)? {
            Answered::Observed { observation, .. } => observation.steps.first().cloned(),
            Answered::Skipped(_) => None,
        })
        .collect()
}
