//! The reference and one implementation that disagree on an input: shrinks and confirms it.

use std::time::{Duration, Instant};

use super::judge::{Disagreement, Judge, Mismatch};
use super::session::Session;
use super::shrink::{Plan, Shrunk, shrink};
use super::steps::{self, Kinship};
use crate::observation::Observation;
use crate::transport::Context;
use crate::transport::pipeline::Unavailable;

/// The maximum number of tries for one input: about 20 s on an idle machine.
const MAX_TRIES: usize = 20_000;
/// The same, when every batch of tries starts two servers.
const MAX_TRIES_WITH_SERVERS: usize = 2_000;
/// The first and the largest batch of tries.
const BATCHES: [usize; 2] = [4, 64];
/// The same, when a start of two servers takes longer than the answers to a batch.
const BATCHES_WITH_SERVERS: [usize; 2] = [32, 64];
/// The time limit for shrinking one input. The number of tries ends most shrinking earlier, so that
/// the result does not depend on how busy the machine is.
const SHRINK_TIME: Duration = Duration::from_secs(180);

/// The two sides of a mismatch.
pub(super) struct Pair<'a> {
    pub(super) context: &'a Context,
    pub(super) judge: Judge<'a>,
    pub(super) mismatch: &'a Mismatch,
    pub(super) reference: &'a mut Session,
    pub(super) other: &'a mut Session,
}

/// A mismatch that fresh processes show too.
pub(super) struct Confirmed {
    pub(super) input: Vec<u8>,
    pub(super) left: Observation,
    pub(super) right: Observation,
    pub(super) disagreement: Disagreement,
    /// The index of the difference with the mismatch's signature.
    pub(super) index: usize,
}

impl Pair<'_> {
    /// Shrinks the input while its answers differ with the same signature.
    pub(super) async fn shrink(&mut self) -> Shrunk {
        let starts_servers = self.reference.starts_servers();
        let max_tries = match starts_servers {
            true => MAX_TRIES_WITH_SERVERS,
            false => MAX_TRIES,
        };
        let deadline = Instant::now() + SHRINK_TIME;
        // A failure also loses the later answers of its batch, and a server may keep state between
        // requests. Sequences can share a server, because each uses names of its own.
        let is_failure = self.mismatch.signature.path == "failure";
        let batches = match (is_failure, starts_servers, self.judge.generator.steps) {
            (true, _, _) | (false, true, false) => [1, 1],
            (false, true, true) => BATCHES_WITH_SERVERS,
            (false, false, _) => BATCHES,
        };
        let plan = Plan {
            is_sequence: self.judge.generator.steps,
            batches,
            max_tries,
        };
        let input = self.mismatch.input.clone();
        shrink(input, plan, async |batch| {
            if Instant::now() > deadline {
                return None;
            }
            self.still_fail(batch).await.ok()
        })
        .await
    }

    /// The first of these inputs on which fresh processes differ with the mismatch's signature,
    /// twice, while each of them repeats its answer.
    pub(super) async fn confirm(
        &mut self,
        inputs: [&Vec<u8>; 2],
    ) -> Result<Option<Confirmed>, Unavailable> {
        for input in inputs {
            let (left, right) = self.fresh_answers(input).await?;
            let Some((disagreement, index)) = self.find(input, &left, &right) else {
                continue;
            };
            let (left_again, right_again) = self.fresh_answers(input).await?;
            let is_repeated = |first, again| self.judge.disagreement(input, first, again).is_none();
            if is_repeated(&left, &left_again)
                && is_repeated(&right, &right_again)
                && self.find(input, &left_again, &right_again).is_some()
            {
                return Ok(Some(Confirmed {
                    input: input.clone(),
                    left,
                    right,
                    disagreement,
                    index,
                }));
            }
        }
        Ok(None)
    }

    async fn fresh_answers(
        &mut self,
        input: &[u8],
    ) -> Result<(Observation, Observation), Unavailable> {
        let (left, right) = futures::join!(
            self.reference.fresh_answer(self.context, input),
            self.other.fresh_answer(self.context, input)
        );
        Ok((left?, right?))
    }

    /// Whether each input of a batch differs with the mismatch's signature, up to the first that
    /// certainly does.
    async fn still_fail(&mut self, batch: &[Vec<u8>]) -> Result<Vec<bool>, Unavailable> {
        let mut batch = batch.to_vec();
        let has_other_paths = self.empty_foreign_sequences(&mut batch);
        let mut failed = self.fail(&batch).await?;
        if has_other_paths && batch.len() > 1 {
            // Another input of the batch may be the cause, so it is tried alone.
            while let Some(first) = failed.iter().position(|has_failed| *has_failed) {
                failed[first] = self.fail(&batch[first..=first]).await? == [true];
                if failed[first] {
                    break;
                }
            }
        }
        Ok(failed)
    }

    /// Whether each input has the mismatch's signature.
    async fn fail(&mut self, batch: &[Vec<u8>]) -> Result<Vec<bool>, Unavailable> {
        let (left, right) = futures::join!(
            self.reference.answers(self.context, batch),
            self.other.answers(self.context, batch)
        );
        let answers = left?.into_iter().zip(right?);
        let inputs = batch.iter().zip(answers);
        Ok(inputs
            .map(|(input, (left, right))| self.find(input, &left, &right).is_some())
            .collect())
    }

    /// Empties each sequence that does what the original does not: an empty input is not sent.
    /// Returns whether any other sequence has paths that the original has not.
    fn empty_foreign_sequences(&self, batch: &mut [Vec<u8>]) -> bool {
        if !self.judge.generator.steps {
            return false;
        }
        let original = steps::read(&self.mismatch.input).unwrap_or_default();
        let mut has_other_paths = false;
        for input in batch {
            match steps::kinship(input, &original) {
                Kinship::Same => {}
                Kinship::OtherPaths => has_other_paths = true,
                Kinship::Foreign => input.clear(),
            }
        }
        has_other_paths
    }

    fn find(
        &self,
        input: &[u8],
        left: &Observation,
        right: &Observation,
    ) -> Option<(Disagreement, usize)> {
        let disagreement = self.judge.disagreement(input, left, right)?;
        let signature = &self.mismatch.signature;
        let index = self.judge.position(input, &disagreement, signature)?;
        Some((disagreement, index))
    }
}
