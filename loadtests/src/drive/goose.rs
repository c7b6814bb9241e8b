//! The six flows by weight, each user beginning the next when the last is done.

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

use super::command::Job;
use crate::flows::{FLOWS, FaultKind, Session, User};

/// Users begin, one after the other, so many a second; none does anything before all are there.
const STARTED_A_SECOND: &str = "1000";

/// How long a user who has nothing to do any more waits until it is sent away.
const REST: Duration = Duration::from_millis(20);

/// What all weights have in common. The beginning must have it too: goose divides the weights by
/// what all transactions share, and makes a round of so many turns.
const COMMON: u32 = 5;

/// How many turns one round of all transactions has.
const ROUND: u32 = 100 / COMMON;

/// How long a user waits who got no answer.
const PAUSE: Duration = Duration::from_millis(10);

/// Puts the flows; ends only when goose does, by a signal of its own.
///
/// In goose a scenario's weight is a share of users, fixed for the run, so the flows are weighted
/// transactions of one scenario, each whole. Its own metrics are off: a request's time ends there
/// with the headers.
pub(super) async fn run(job: &Arc<Job>) -> Result<()> {
    let beginning = Arc::new(Beginning {
        users: AtomicU32::new(0),
        all: Barrier::new(job.plan.users as usize),
    });
    let begin = begin(job, beginning).set_name("begin").set_on_start();
    let begin = begin.set_weight(COMMON as usize)?;
    let mut scenario = Scenario::new("coordinators").register_transaction(begin);
    for (number, flow) in FLOWS.iter().enumerate() {
        let transaction = transaction(job, number).set_name(flow.name);
        let transaction = transaction.set_weight(flow.weight as usize)?;
        scenario = scenario.register_transaction(transaction);
    }
    let attack = GooseAttack::initialize_with_config(configuration(job))?;
    attack
        .register_scenario(scenario)
        .execute()
        .await
        .context("goose")?;
    Ok(())
}

fn configuration(job: &Job) -> GooseConfiguration {
    let mut configuration = GooseConfiguration::default();
    configuration.host = Some(job.plan.url.clone());
    configuration.users = Some(job.plan.users as usize);
    configuration.increase_rate = Some(STARTED_A_SECOND.to_owned());
    configuration.no_metrics = true;
    configuration.no_print_metrics = true;
    configuration.quiet = 1;
    configuration.no_telnet = true;
    configuration.no_gzip = true;
    configuration
}

/// Where users wait for each other.
struct Beginning {
    users: AtomicU32,
    all: Barrier,
}

/// A user of ours, as goose keeps them.
#[derive(Clone)]
struct Place {
    user: User,
    /// Turns to let pass. All users of goose have their turns in the same order; so they begin at
    /// different places of it and do not march in step.
    pass: u32,
}

fn begin(job: &Arc<Job>, beginning: Arc<Beginning>) -> Transaction {
    let job = job.clone();
    let function: TransactionFunction = Arc::new(move |goose: &mut GooseUser| {
        let (job, beginning) = (job.clone(), beginning.clone());
        Box::pin(async move {
            let number = beginning.users.fetch_add(1, Ordering::Relaxed);
            goose
                .set_client_builder(Session::client())
                .await
                .map_err(Box::new)?;
            let session = Session::by_client(goose.client.clone(), &job.plan.url);
            let (house, corpora) = (job.house.clone(), job.corpora.clone());
            let mut user = User::new(number, session, house, corpora, &job.plan);
            let pass = user.random().random_range(0..ROUND);
            goose.set_session_data(Place { user, pass });
            beginning.all.wait().await;
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
        tokio::time::sleep(REST).await;
        return Ok(());
    }
    let place = goose.get_session_data_mut::<Place>();
    let place = place.ok_or("a user who has not begun")?;
    if place.pass > 0 {
        place.pass -= 1;
        return Ok(());
    }
    let user = &mut place.user;
    job.recorder.begin(user.number, flow);
    let began = Instant::now();
    let result = (FLOWS[flow].run)(user).await;
    let now = Instant::now();
    job.recorder.finish(user.number, now, now - began, &result);
    if matches!(&result, Err(fault) if fault.kind == FaultKind::NoAnswer) {
        tokio::time::sleep(PAUSE).await;
    }
    result.map_err(|fault| Box::new(TransactionError::Custom(fault.to_string())))
}
