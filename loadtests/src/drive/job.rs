//! The state that all parts of a generator share.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::plan::Plan;
use super::recorder::Recorder;
use crate::flows::{Dataset, Users};

/// A plan with what it takes to run it.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) plan: Plan,
    pub(super) users: Users,
    pub(super) recorder: Arc<Recorder>,
}

impl Job {
    /// Checks the plan and reads its dataset.
    pub(super) fn prepare(plan: Plan) -> Result<Self> {
        ensure!(plan.users > 0, "`users` must be at least 1");
        let duration = |seconds: f64, name: &str| {
            Duration::try_from_secs_f64(seconds)
                .with_context(|| format!("`{name}` is {seconds}, not a duration"))
        };
        let warm_up = duration(plan.warm_up_seconds, "warm_up_seconds")?;
        let length = duration(plan.seconds, "seconds")?;
        ensure!(!length.is_zero(), "`seconds` must be more than 0");
        let dataset = Dataset::read(&plan.dataset, &plan.corpora)?;
        Ok(Self {
            users: Users {
                dataset: Arc::new(dataset),
                corpora: plan.corpora.clone().into(),
                seed: plan.seed,
                shard: plan.shard,
            },
            recorder: Arc::new(Recorder::new(
                plan.load.flows(),
                plan.users,
                warm_up,
                length,
            )),
            plan,
        })
    }
}
