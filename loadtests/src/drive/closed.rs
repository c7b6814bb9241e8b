//! Single requests, each connection sending its next when the last answer is whole.

mod body;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use self::body::Body;
pub use self::body::search_bodies;
use super::command::Job;
use super::plan::Load;
use crate::flows::{Connection, FLOWS};

const SEARCH: &str = "/v1/matrix/search";
const EMBED: &str = "/v1/embed";

/// How long a user waits after a connection was lost.
const PAUSE: Duration = Duration::from_millis(10);

impl Load {
    /// What an outcome tells of: the flows, or the routes in the order in which they are asked.
    pub fn flows(&self) -> Vec<String> {
        match self {
            Self::Flows | Self::Open { .. } => FLOWS.map(|flow| flow.name.to_owned()).to_vec(),
            Self::Search { .. } => vec![SEARCH.to_owned()],
            Self::Mixed { .. } => vec![EMBED.to_owned(), SEARCH.to_owned()],
            Self::Repeat { path, .. } => vec![path.clone()],
        }
    }
}

/// Puts the load; ends only when it cannot be begun.
pub(super) async fn run(job: &Arc<Job>) -> Result<()> {
    let routes: Vec<Route> = job
        .plan
        .load
        .flows()
        .into_iter()
        .map(|path| Route {
            bodies: Body::all(&job.plan, &job.house, &path),
            path,
        })
        .collect();
    ensure!(
        routes.iter().all(|route| !route.bodies.is_empty()),
        "`bodies` must be at least 1"
    );
    let routes: Arc<[Route]> = routes.into();
    let all = Arc::new(Barrier::new(job.plan.users as usize));
    let mut users = JoinSet::new();
    for number in 0..job.plan.users {
        let mut connection = Connection::new(&job.plan.url)?;
        connection.open().await?;
        let (job, routes, all) = (job.clone(), routes.clone(), all.clone());
        let user = User {
            number,
            job,
            routes,
            connection,
        };
        users.spawn(async move {
            all.wait().await;
            user.work().await;
        });
    }
    while let Some(ended) = users.join_next().await {
        ended?;
    }
    Ok(())
}

struct Route {
    path: String,
    bodies: Vec<Body>,
}

struct User {
    number: u32,
    job: Arc<Job>,
    routes: Arc<[Route]>,
    connection: Connection,
}

impl User {
    async fn work(mut self) {
        let recorder = &self.job.recorder;
        recorder.start();
        let mut random = ChaCha8Rng::seed_from_u64(self.job.plan.seed);
        random.set_stream(u64::from(self.number));
        for turn in self.number as usize.. {
            if recorder.is_over() {
                return;
            }
            let route = turn % self.routes.len();
            let Route { path, bodies } = &self.routes[route];
            let body = &bodies[random.random_range(0..bodies.len())];
            recorder.begin(self.number, route);
            let began = Instant::now();
            let answer = self.connection.ask(path, body.bytes()).await;
            let now = Instant::now();
            let is_lost = answer.is_err();
            let result = answer.and_then(|(status, answer)| {
                body.check(&self.job.house, &self.job.corpora, status, answer)
            });
            recorder.finish(self.number, now, now - began, &result);
            if is_lost {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
