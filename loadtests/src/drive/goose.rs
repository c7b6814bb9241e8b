//! The six flows by weight, each user starting the next one when the last has finished.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use goose::GooseAttack;
use goose::config::GooseConfiguration;
use goose::goose::{
    GooseUser, Scenario, Transaction, TransactionError, TransactionFunction, TransactionResult,
};
use rand::RngExt;
use tokio::sync::Barrier;

use super::job::Job;
use crate::flows::{FLOWS, FaultKind, Session, User};

/// Users that goose starts per second; they wait for each other before the first flow.
const STARTS_PER_SECOND: &str = "1000";

/// Pause of a user between turns after the end.
const IDLE_PAUSE: Duration = Duration::from_millis(20);

/// Pause of a user who got no answer.
const NO_ANSWER_PAUSE: Duration = Duration::from_millis(10);

/// Greatest common divisor of all weights. Goose divides the weights by that of all transactions,
/// the starting one included, so the starting one must have this weight.
const WEIGHT_DIVISOR: u32 = 5;

/// Number of turns in a round of all transactions.
const TURNS: u32 = 100 / WEIGHT_DIVISOR;

/// Runs the flows; returns only when goose ends, after a signal.
///
/// A scenario's weight in goose is a fixed share of the users, so the flows are weighted
/// transactions of a single scenario. Goose's own metrics are off because it stops a request's
/// clock at the headers.
pub(super) async fn run(job: &Arc<Job>) -> Result<()> {
    let barrier = Arc::new(StartBarrier {
        users: AtomicU32::new(0),
        all_started: Barrier::new(job.plan.users as usize),
    });
    let start = start(job, barrier).set_name("start").set_on_start();
    let start = start.set_weight(WEIGHT_DIVISOR as usize)?;
    let mut scenario = Scenario::new("coordinators").register_transaction(start);
    for (number, flow) in FLOWS.iter().enumerate() {
        let transaction = transaction(job, number).set_name(flow.name);
        let transaction = transaction.set_weight(flow.weight as usize)?;
        scenario = scenario.register_transaction(transaction);
    }
    let attack = GooseAttack::initialize_with_config(configuration(job))?;
    let attack = attack.register_scenario(scenario);
    attack.execute().await.context("goose failed")?;
    Ok(())
}

fn configuration(job: &Job) -> GooseConfiguration {
    let mut configuration = GooseConfiguration::default();
    configuration.host = Some(job.plan.url.clone());
    configuration.users = Some(job.plan.users as usize);
    configuration.increase_rate = Some(STARTS_PER_SECOND.to_owned());
    configuration.no_metrics = true;
    configuration.no_print_metrics = true;
    configuration.quiet = 1;
    configuration.no_telnet = true;
    configuration.no_gzip = true;
    configuration
}

struct StartBarrier {
    /// Number of users that have started.
    users: AtomicU32,
    all_started: Barrier,
}

/// The session data of a goose user.
#[derive(Clone)]
struct UserState {
    user: User,
    /// Turns to skip before the first flow. Goose gives all users the same order of turns; starting
    /// at different turns keeps them from running the same flow at the same time.
    turns_to_skip: u32,
}

fn start(job: &Arc<Job>, barrier: Arc<StartBarrier>) -> Transaction {
    let job = job.clone();
    let function: TransactionFunction = Arc::new(move |goose: &mut GooseUser| {
        let (job, barrier) = (job.clone(), barrier.clone());
        Box::pin(async move {
            let number = barrier.users.fetch_add(1, Ordering::Relaxed);
            goose
                .set_client_builder(Session::client())
                .await
                .map_err(Box::new)?;
            let session = Session::from_client(goose.client.clone(), &job.plan.url)
                .with_log(job.recorder.clone());
            let mut user = job.users.create(number, session);
            let turns_to_skip = user.random().random_range(0..TURNS);
            goose.set_session_data(UserState {
                user,
                turns_to_skip,
            });
            barrier.all_started.wait().await;
            job.recorder.start();
            Ok(())
        })
    });
    Transaction::new(function)
}

fn transaction(job: &Arc<Job>, flow: usize) -> Transaction {
    let job = job.clone();
    let function: TransactionFunction = Arc::new(move |goose: &mut GooseUser| {
        let job = job.clone();
        Box::pin(async move { take_turn(&job, flow, goose).await })
    });
    Transaction::new(function)
}

async fn take_turn(job: &Job, flow: usize, goose: &mut GooseUser) -> TransactionResult {
    if job.recorder.is_over() {
        tokio::time::sleep(IDLE_PAUSE).await;
        return Ok(());
    }
    let state = goose.get_session_data_mut::<UserState>();
    let state = state.ok_or("the user has no session data")?;
    if state.turns_to_skip > 0 {
        state.turns_to_skip -= 1;
        return Ok(());
    }
    let user = &mut state.user;
    job.recorder.begin(user.number, flow);
    let began = Instant::now();
    let result = (FLOWS[flow].run)(user).await;
    let now = Instant::now();
    job.recorder.finish(user.number, now, now - began, &result);
    if matches!(&result, Err(fault) if fault.kind == FaultKind::NoAnswer) {
        tokio::time::sleep(NO_ANSWER_PAUSE).await;
    }
    result.map_err(|fault| Box::new(TransactionError::Custom(fault.to_string())))
}
