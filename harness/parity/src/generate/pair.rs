//! The reference and one implementation that disagree on an input: shrinks and confirms it.

use std::time::{Duration, Instant};

use super::judge::{Disagreement, Judge, Mismatch};
use super::session::Session;
use super::shrink::{Shrunk, shrink};
use super::steps;
use crate::observation::Observation;
use crate::transport::Context;
use crate::transport::pipeline::Unavailable;

/// The maximum number of tries for one input: about 20 s on an idle machine.
const MAX_TRIES: usize = 20_000;
/// The same, when every batch of tries starts two servers.
const MAX_TRIES_WITH_SERVERS: usize = 2_000;
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
        let one_by_one = is_failure || (starts_servers && !self.judge.steps);
        let input = self.mismatch.input.clone();
        shrink(input, one_by_one, max_tries, async |batch| {
            if Instant::now() > deadline {
                return None;
            }
            self.still_fail(batch).await.ok()
        })
        .await
    }

    /// The first of these inputs on which fresh processes differ with the mismatch's signature.
    pub(super) async fn confirm(
        &mut self,
        inputs: [&Vec<u8>; 2],
    ) -> Result<Option<Confirmed>, Unavailable> {
        for input in inputs {
            let (left, right) = futures::join!(
                self.reference.fresh_answer(self.context, input),
                self.other.fresh_answer(self.context, input)
            );
            let (left, right) = (left?, right?);
            if let Some((disagreement, index)) = self.find(input, &left, &right) {
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

    /// Whether each input of a batch has the mismatch's signature.
    async fn still_fail(&mut self, batch: &[Vec<u8>]) -> Result<Vec<bool>, Unavailable> {
        let batch = self.without_foreign_requests(batch);
        let (left, right) = futures::join!(
            self.reference.answers(self.context, &batch),
            self.other.answers(self.context, &batch)
        );
        let answers = left?.into_iter().zip(right?);
        let inputs = batch.iter().zip(answers);
        Ok(inputs
            .map(|(input, (left, right))| self.find(input, &left, &right).is_some())
            .collect())
    }

    /// The batch with an empty input, which is not sent, in place of each sequence that has other
    /// requests than the original.
    fn without_foreign_requests(&self, batch: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let mut batch = batch.to_vec();
        if self.judge.steps
            && let Some(original) = steps::read(&self.mismatch.input)
        {
            let foreign = batch
                .iter_mut()
                .filter(|input| !steps::is_part_of(input, &original));
            foreign.for_each(Vec::clear);
        }
        batch
    }

    fn find(
        &self,
        input: &[u8],
        left: &Observation,
        right: &Observation,
    ) -> Option<(Disagreement, usize)> {
        let disagreement = self.judge.disagreement(left, right)?;
        let signature = &self.mismatch.signature;
        let index = self.judge.position(input, &disagreement, signature)?;
        Some((disagreement, index))
    }
}
