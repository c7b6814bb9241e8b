//! The reference and one implementation that disagree on an input: shrinks and confirms it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Surface;
use super::judge::{Disagreement, Judge, Mismatch};
use super::session::Session;
use super::shrink::{Plan, Shrunk, shrink};
use super::steps::{self, Kinship};
use crate::observation::Observation;
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
    pub(super) surface: Surface<'a>,
    pub(super) judge: Judge,
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

/// The answers of the reference and of the implementation.
type Answers = Arc<[Observation; 2]>;

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
            let first = self.fresh_answers(input).await?;
            let Some((disagreement, index)) = self.find(input, &first).await? else {
                continue;
            };
            let again = self.fresh_answers(input).await?;
            if self.is_repeated(input, [&first, &again]).await?
                && self.find(input, &again).await?.is_some()
            {
                let [left, right] = Arc::unwrap_or_clone(first);
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

    async fn fresh_answers(&mut self, input: &[u8]) -> Result<Answers, Unavailable> {
        let context = self.surface.context();
        let (left, right) = futures::join!(
            self.reference.fresh_answer(context, input),
            self.other.fresh_answer(context, input)
        );
        Ok(Arc::new([left?, right?]))
    }

    /// Whether both sides answer the same again.
    async fn is_repeated(
        &self,
        input: &[u8],
        [first, again]: [&Answers; 2],
    ) -> Result<bool, Unavailable> {
        let (judge, input) = (self.judge.clone(), input.to_vec());
        let (first, again) = (Arc::clone(first), Arc::clone(again));
        let work = move || {
            let mut sides = first.iter().zip(&*again);
            sides.all(|(first, again)| judge.disagreement(&input, first, again).is_none())
        };
        self.surface.compare(work).await
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
        let context = self.surface.context();
        let (left, right) = futures::join!(
            self.reference.answers(context, batch),
            self.other.answers(context, batch)
        );
        let (left, right, batch) = (left?, right?, batch.to_vec());
        let (judge, signature) = (self.judge.clone(), self.mismatch.signature.clone());
        let work = move || {
            let answers = left.iter().zip(&right);
            let inputs = batch.iter().zip(answers);
            inputs
                .map(|(input, (left, right))| {
                    judge.find(input, [left, right], &signature).is_some()
                })
                .collect()
        };
        self.surface.compare(work).await
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

    /// The mismatch in the answers to an input, if they have it.
    async fn find(
        &self,
        input: &[u8],
        answers: &Answers,
    ) -> Result<Option<(Disagreement, usize)>, Unavailable> {
        let (judge, input, answers) = (self.judge.clone(), input.to_vec(), Arc::clone(answers));
        let signature = self.mismatch.signature.clone();
        let work = move || {
            let [left, right] = &*answers;
            judge.find(&input, [left, right], &signature)
        };
        self.surface.compare(work).await
    }
}
