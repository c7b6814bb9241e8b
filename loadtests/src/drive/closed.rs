//! Single requests, each user sending the next one when the last answer is complete.

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
use super::job::Job;
use super::plan::Load;
use crate::flows::{Connection, FLOWS};

const SEARCH: &str = "/v1/matrix/search";
const EMBED: &str = "/v1/embed";

/// Pause of a user who lost the connection.
const RECONNECT_PAUSE: Duration = Duration::from_millis(10);

impl Load {
    /// Names of the flows, or the routes in the order in which a user requests them.
    pub fn flows(&self) -> Vec<String> {
        match self {
            Self::Flows | Self::Open { .. } => FLOWS.map(|flow| flow.name.to_owned()).to_vec(),
            Self::Search { .. } => vec![SEARCH.to_owned()],
            Self::Mixed { .. } => vec![EMBED.to_owned(), SEARCH.to_owned()],
        }
    }
}

/// Runs the load until its end; fails only if it cannot start.
pub(super) async fn run(job: &Arc<Job>) -> Result<()> {
    let paths = job.plan.load.flows().into_iter();
    let routes = paths.map(|path| Route {
        bodies: Body::all(&job.plan, &job.users.dataset, &path),
        path,
    });
    let routes: Arc<[Route]> = routes.collect();
    ensure!(
        routes.iter().all(|route| !route.bodies.is_empty()),
        "`bodies` must be at least 1"
    );
    let all_connected = Arc::new(Barrier::new(job.plan.users as usize));
    let mut users = JoinSet::new();
    for number in 0..job.plan.users {
        let mut connection = Connection::new(&job.plan.url)?;
        connection.open().await?;
        let client = Client {
            number,
            job: job.clone(),
            routes: routes.clone(),
            connection,
        };
        let all_connected = all_connected.clone();
        users.spawn(async move {
            all_connected.wait().await;
            client.send_requests().await;
        });
    }
    while let Some(result) = users.join_next().await {
        result?;
    }
    Ok(())
}

struct Route {
    path: String,
    bodies: Vec<Body>,
}

/// A user of single requests.
struct Client {
    number: u32,
    job: Arc<Job>,
    routes: Arc<[Route]>,
    connection: Connection,
}

impl Client {
    async fn send_requests(mut self) {
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
            let answer = self.connection.post(path, body.bytes()).await;
            let now = Instant::now();
            let is_lost = answer.is_err();
            let result =
                answer.and_then(|(status, answer)| body.check(&self.job.users, status, answer));
            recorder.finish(self.number, now, now - began, &result);
            if is_lost {
                tokio::time::sleep(RECONNECT_PAUSE).await;
            }
        }
    }
}
