//! One implementation that answers made inputs, over whichever transport.

use std::sync::Arc;

use lakehouse_rig::implementation::Transport;

use super::shape::Generator;
use super::steps;
use crate::config::{Case, CaseStep, Probe};
use crate::observation::Observation;
use crate::transport::pipeline::Pipeline;
use crate::transport::{Answered, Context, Job, round};

/// One implementation.
pub(super) enum Session {
    /// A helper that goes on running.
    Line(Box<Pipeline>),
    /// A server: one for every group of inputs, so that a group is the same for both sides
    /// whatever the server keeps between requests.
    Http(Box<Server>),
}

/// What is sent to a server besides the inputs, and how.
pub(super) struct Server {
    job: Job,
    /// Whether inputs are requests.
    steps: bool,
    /// Before each input.
    clean: Vec<CaseStep>,
}

impl Session {
    pub(super) fn new(job: &Job, generator: &Generator) -> Session {
        let limit = generator.timeout;
        if job.transport == Transport::Line {
            return Session::Line(Box::new(Pipeline::new(job.clone(), limit)));
        }
        let mut probe = Probe::clone(&job.probe);
        probe.restart = false;
        probe.http.timeout = limit;
        Session::Http(Box::new(Server {
            job: Job {
                probe: Arc::new(probe),
                ..job.clone()
            },
            steps: generator.steps,
            clean: generator.clean.clone(),
        }))
    }

    /// The answers, in order; an input that cannot be sent has an empty one. None when there can be
    /// none, or the run is to stop.
    pub(super) async fn answers(
        &mut self,
        context: &Context,
        inputs: &[Vec<u8>],
    ) -> Option<Vec<Observation>> {
        match self {
            Session::Line(pipeline) => {
                let steps = pipeline.answers(context, inputs).await?;
                Some(steps.into_iter().map(Observation::single).collect())
            }
            Session::Http(server) => server.answers(context, inputs).await,
        }
    }

    /// The answer of a process that has seen nothing else.
    pub(super) async fn alone(&mut self, context: &Context, input: &[u8]) -> Option<Observation> {
        match self {
            Session::Line(pipeline) => {
                let step = pipeline.alone(context, input).await?;
                Some(Observation::single(step))
            }
            Session::Http(server) => server.answers(context, &[input.to_vec()]).await?.pop(),
        }
    }

    pub(super) async fn stop(&mut self, context: &Context) {
        if let Session::Line(pipeline) = self {
            pipeline.stop(context, false).await;
        }
    }
}

impl Server {
    async fn answers(&self, context: &Context, inputs: &[Vec<u8>]) -> Option<Vec<Observation>> {
        let mut job = self.job.clone();
        let name = |index: usize| format!("made-{index}");
        let own = inputs.iter().enumerate();
        let own = own.map(|(index, input)| self.own_steps(input, &name(index)));
        let own: Vec<Option<Vec<CaseStep>>> = own.collect();
        let cases = own.iter().enumerate().filter_map(|(index, own)| {
            let case = Case {
                fresh: false,
                name: name(index),
                why: None,
                transports: None,
                files: std::collections::BTreeMap::new(),
                steps: [&self.clean[..], own.as_ref()?].concat(),
                sequence: self.steps,
            };
            Some(Arc::new(case))
        });
        job.cases = cases.collect();
        let order: Vec<usize> = (0..job.cases.len()).collect();
        let mut answers = round(context, &job, &order).await;
        let mut answer = |(index, own): (usize, &Option<Vec<CaseStep>>)| {
            if own.is_none() {
                return Some(Observation::default());
            }
            match answers.remove(&name(index))? {
                Answered::Observed { observation, .. } => {
                    // A failure before the first of its own requests is told all the same.
                    let steps = &observation.steps;
                    let before = self.clean.len().min(steps.len().saturating_sub(1));
                    let steps = steps[before..].to_vec();
                    Some(Observation { steps })
                }
                Answered::Skipped(_) => None,
            }
        };
        own.iter().enumerate().map(&mut answer).collect()
    }

    fn own_steps(&self, input: &[u8], case: &str) -> Option<Vec<CaseStep>> {
        if !self.steps {
            return Some(vec![CaseStep {
                input: Some(input.to_vec()),
                ..CaseStep::default()
            }]);
        }
        let own = steps::read(input)?;
        (!own.is_empty()).then(|| steps::filled(&own, case))
    }
}
