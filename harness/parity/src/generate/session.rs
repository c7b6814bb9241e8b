//! Sends generated inputs to one implementation.

use std::collections::BTreeMap;
use std::sync::Arc;

use lakehouse_rig::implementation::Transport;

use super::shape::Generator;
use super::steps;
use crate::config::{Case, CaseStep, Probe};
use crate::observation::Observation;
use crate::transport::pipeline::{Pipeline, Unavailable};
use crate::transport::{Answered, Context, Job, round};

/// One implementation that answers inputs.
pub(super) enum Session {
    /// A process that reads lines.
    Line(Box<Pipeline>),
    /// A server. It is started for each batch, so that its state depends on the batch alone.
    Http(Box<Server>),
}

/// How inputs are sent to a server.
pub(super) struct Server {
    job: Job,
    /// Whether inputs are sequences of requests.
    steps: bool,
    /// The requests before each input.
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

    /// Whether each batch starts a server.
    pub(super) fn starts_servers(&self) -> bool {
        matches!(self, Session::Http(_))
    }

    /// The answers to a batch, in order. An input that cannot be sent has an empty answer.
    pub(super) async fn answers(
        &mut self,
        context: &Context,
        inputs: &[Vec<u8>],
    ) -> Result<Vec<Observation>, Unavailable> {
        match self {
            Session::Line(pipeline) => {
                let steps = pipeline.answers(context, inputs).await?;
                Ok(steps.into_iter().map(Observation::single).collect())
            }
            Session::Http(server) => server.answers(context, inputs).await,
        }
    }

    /// The answer of a fresh process.
    pub(super) async fn fresh_answer(
        &mut self,
        context: &Context,
        input: &[u8],
    ) -> Result<Observation, Unavailable> {
        match self {
            Session::Line(pipeline) => {
                let step = pipeline.fresh_answer(context, input).await?;
                Ok(Observation::single(step))
            }
            Session::Http(server) => {
                let answers = server.answers(context, &[input.to_vec()]).await?;
                answers.into_iter().next().ok_or(Unavailable)
            }
        }
    }

    pub(super) async fn stop(&mut self, context: &Context) {
        if let Session::Line(pipeline) = self {
            pipeline.stop(context, false).await;
        }
    }
}

impl Server {
    async fn answers(
        &self,
        context: &Context,
        inputs: &[Vec<u8>],
    ) -> Result<Vec<Observation>, Unavailable> {
        let mut job = self.job.clone();
        let cases = inputs.iter().enumerate();
        let cases: Vec<Option<Arc<Case>>> = cases
            .map(|(index, input)| self.case(format!("generated-{index}"), input).map(Arc::new))
            .collect();
        job.cases = cases.iter().flatten().cloned().collect();
        let order: Vec<usize> = (0..job.cases.len()).collect();
        let mut answers = round(context, &job, &order).await;
        let answer = |case: &Option<Arc<Case>>| match case {
            None => Ok(Observation::default()),
            Some(case) => match answers.remove(&case.name) {
                Some(Answered::Observed { observation, .. }) => Ok(self.own_steps(&observation)),
                Some(Answered::Skipped(_)) | None => Err(Unavailable),
            },
        };
        cases.iter().map(answer).collect()
    }

    /// The case that sends an input; none when the input cannot be sent.
    fn case(&self, name: String, input: &[u8]) -> Option<Case> {
        let mut own = steps::of_input(input, self.steps).filter(|steps| !steps.is_empty())?;
        if self.steps {
            steps::fill(&mut own, &name);
        }
        Some(Case {
            fresh: false,
            repeats: 1,
            why: None,
            transports: None,
            files: BTreeMap::new(),
            steps: [&self.clean[..], &own].concat(),
            sequence: self.steps,
            name,
        })
    }

    /// The steps after those of `clean`, or the failure of one of these.
    fn own_steps(&self, observation: &Observation) -> Observation {
        let steps = &observation.steps;
        let first = self.clean.len().min(steps.len().saturating_sub(1));
        Observation {
            steps: steps[first..].to_vec(),
        }
    }
}
