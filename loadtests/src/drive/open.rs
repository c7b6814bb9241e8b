//! The six flows at scheduled times, whether the last ones are done or not.
//!
//! A flow's time begins when it is due, so that a server that falls behind is seen to. There are as
//! many places as users; an arrival that finds none free is let go and counted.
//!
//! Clock, flows and connections share one thread, and no thread has to wake another: what putting
//! the load takes of the machine is not there for the server.

mod clock;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::runtime;

use self::clock::Clock;
use super::command::Job;
use crate::flows::{Connection, FLOWS, Session, User};

/// The stream of random numbers that the flows are drawn from; users have their own numbers.
const STREAM: u64 = 1 << 40;

/// How often it is looked whether the load is over.
const LOOKING: Duration = Duration::from_millis(50);

/// Puts the flows; ends only when the schedule cannot be kept at all.
pub(super) async fn run(job: &Arc<Job>, arrivals_per_second: f64) -> Result<()> {
    let interval = Duration::try_from_secs_f64(1.0 / arrivals_per_second);
    let interval = interval.unwrap_or_default();
    ensure!(
        !interval.is_zero(),
        "`arrivals_per_second` is {arrivals_per_second}"
    );
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("cannot begin a runtime")?;
    let thread = {
        let job = job.clone();
        std::thread::spawn(move || runtime.block_on(put(&job, interval)))
    };
    while !thread.is_finished() {
        tokio::time::sleep(LOOKING).await;
    }
    let put = thread.join();
    put.unwrap_or_else(|_| bail!("the thread that keeps the schedule has ended"))
}

async fn put(job: &Arc<Job>, interval: Duration) -> Result<()> {
    let places = Places::new(job)?;
    keep_schedule(job, &places, interval).await?;
    while job.recorder.at_work() > 0 {
        tokio::time::sleep(LOOKING).await;
    }
    Ok(())
}

async fn keep_schedule(job: &Arc<Job>, places: &Arc<Places>, interval: Duration) -> Result<()> {
    let clock = Clock::new().context("cannot have a timer")?;
    let mut random = ChaCha8Rng::seed_from_u64(job.plan.seed);
    random.set_stream(STREAM);
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
            clock.sleep(wait.min(LOOKING)).await?;
        }
        // What is due when the load ends is not begun, nor is it dropped.
        if job.recorder.ends_at().is_some_and(|end| due >= end) {
            return Ok(());
        }
        let flow = draw(&mut random);
        let Some(mut user) = places.take() else {
            job.recorder.drop_arrival(flow, due);
            continue;
        };
        job.recorder.begin(user.number, flow);
        let (job, places) = (job.clone(), places.clone());
        tokio::spawn(async move {
            let result = (FLOWS[flow].run)(&mut user).await;
            let latency = due.elapsed();
            job.recorder.finish(user.number, due, latency, &result);
            places.give_back(user);
        });
    }
    Ok(())
}

/// A flow by weight.
fn draw(random: &mut ChaCha8Rng) -> usize {
    let mut left = random.random_range(0..FLOWS.iter().map(|flow| flow.weight).sum());
    let passes = |flow: &crate::flows::Flow| {
        let is_it = left < flow.weight;
        left = left.saturating_sub(flow.weight);
        is_it
    };
    FLOWS.iter().position(passes).unwrap_or_default()
}

/// Users who have nothing to do.
struct Places(Mutex<Vec<User>>);

impl Places {
    fn new(job: &Job) -> Result<Arc<Self>> {
        let user = |number| {
            let session = Session::by_connection(Connection::new(&job.plan.url)?);
            let (house, corpora) = (job.house.clone(), job.corpora.clone());
            Ok(User::new(number, session, house, corpora, &job.plan))
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
