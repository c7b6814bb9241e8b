//! The six flows at scheduled times, whether earlier ones have finished or not.
//!
//! A flow's time starts when it is due, so the figures include the delays of a server that falls
//! behind. An arrival needs an idle user; an arrival that finds none is dropped and counted.
//!
//! The schedule, the flows and the connections share one thread, so that no thread needs to wake
//! another: processor time that the generator uses is missing for the server.

mod clock;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use rand::distr::weighted::WeightedIndex;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::runtime;

use self::clock::Clock;
use super::job::Job;
use crate::flows::{Connection, FLOWS, Session, User};

/// The random stream that draws flows; users have the streams below.
const STREAM: u64 = 1 << 40;

/// Interval at which the end of the load is polled.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Runs the flows; returns only when the schedule fails.
pub(super) async fn run(job: &Arc<Job>, arrivals_per_second: f64) -> Result<()> {
    let interval = Duration::try_from_secs_f64(1.0 / arrivals_per_second);
    let interval = interval.unwrap_or_default();
    ensure!(
        !interval.is_zero(),
        "`arrivals_per_second` is {arrivals_per_second}, which has no interval"
    );
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("cannot create a runtime")?;
    let thread = {
        let job = job.clone();
        std::thread::spawn(move || runtime.block_on(run_schedule(&job, interval)))
    };
    while !thread.is_finished() {
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    let result = thread.join();
    result.unwrap_or_else(|_| Err(anyhow!("the scheduling thread panicked")))
}

async fn run_schedule(job: &Arc<Job>, interval: Duration) -> Result<()> {
    let users = IdleUsers::new(job)?;
    start_flows(job, &users, interval).await?;
    while job.recorder.in_progress() > 0 {
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    Ok(())
}

async fn start_flows(job: &Arc<Job>, users: &Arc<IdleUsers>, interval: Duration) -> Result<()> {
    let clock = Clock::new().context("cannot create a timer")?;
    let mut random = ChaCha8Rng::seed_from_u64(job.plan.seed);
    random.set_stream(STREAM);
    let flows = WeightedIndex::new(FLOWS.iter().map(|flow| flow.weight))?;
    let began = job.recorder.start();
    for number in 0_u32.. {
        let due = began + interval.mul_f64(f64::from(number));
        loop {
            if job.recorder.is_over() {
                return Ok(());
            }
            let wait = due.saturating_duration_since(Instant::now());
            if wait.is_zero() {
                break;
            }
            clock.sleep(wait.min(POLL_INTERVAL)).await?;
        }
        // An arrival that is due at the end of the load does not count as dropped.
        if job.recorder.ends_at().is_some_and(|end| due >= end) {
            return Ok(());
        }
        let flow = random.sample(&flows);
        let Some(mut user) = users.take() else {
            job.recorder.drop_arrival(flow, due);
            continue;
        };
        job.recorder.begin(user.number, flow);
        let (job, users) = (job.clone(), users.clone());
        tokio::spawn(async move {
            let result = (FLOWS[flow].run)(&mut user).await;
            let latency = due.elapsed();
            job.recorder.finish(user.number, due, latency, &result);
            users.give_back(user);
        });
    }
    Ok(())
}

struct IdleUsers(Mutex<Vec<User>>);

impl IdleUsers {
    fn new(job: &Job) -> Result<Arc<Self>> {
        let user = |number| {
            let session = Session::from_connection(Connection::new(&job.plan.url)?)
                .with_log(job.recorder.clone());
            Ok(job.users.create(number, session))
        };
        let users: Result<Vec<User>> = (0..job.plan.users).map(user).collect();
        Ok(Arc::new(Self(Mutex::new(users?))))
    }

    fn take(&self) -> Option<User> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, user: User) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(user);
    }
}
