//! The tiers: what is loaded, how much, and for how long.

use clap::ValueEnum;

use crate::drive::Load;

/// A kind of load test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tier {
    /// 30 s of the six flows over 5,000 workers
    Smoke,
    /// 5 min of the six flows by 50 users over 100,000 workers
    Multitier,
    /// Searches of 200 bodies by 10, 50, 100 and 200 users over 5,000 workers
    Sweep,
    /// Embedding and searching in turn
    Mixed,
    /// Searches, sent directly and through the cutover proxy
    Routes,
    /// The six flows at scheduled times, at 60 % of what was measured before
    Open,
    /// The six flows for an hour; memory and descriptors must stay flat
    Soak,
}

/// What a tier is made of.
#[derive(Debug, Clone)]
pub struct Shape {
    /// People in the corpus.
    pub workers: u64,
    /// What is put to the server, one after the other.
    pub points: Vec<Point>,
    /// Seconds that are measured of each point and each implementation.
    pub seconds: f64,
    /// Seconds before anything is counted, in each slice.
    pub warm_up_seconds: f64,
}

/// One load.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// What is done.
    pub load: Work,
    /// Users at the same time.
    pub users: u32,
}

/// What is done, as far as it is known before anything was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Work {
    /// The six flows.
    Flows,
    /// Searches of so many bodies.
    Search(u32),
    /// Embedding and searching, of so many bodies each.
    Mixed(u32),
    /// The six flows at scheduled times, at this share of what was measured at the point before.
    Open(f64),
}

impl Tier {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Smoke => "smoke",
            Self::Multitier => "multitier",
            Self::Sweep => "sweep",
            Self::Mixed => "mixed",
            Self::Routes => "routes",
            Self::Open => "open",
            Self::Soak => "soak",
        }
    }

    /// What it is made of unless the command line says otherwise.
    pub fn shape(self) -> Shape {
        let point = |load, users| Point { load, users };
        let shape = |workers, seconds, points| Shape {
            workers,
            points,
            seconds,
            warm_up_seconds: 5.0,
        };
        match self {
            Self::Smoke => shape(5_000, 30.0, vec![point(Work::Flows, 20)]),
            Self::Multitier => shape(100_000, 300.0, vec![point(Work::Flows, 50)]),
            Self::Sweep => {
                let users = [10, 50, 100, 200];
                let points = users.map(|users| point(Work::Search(200), users));
                soon_warm(shape(5_000, 30.0, points.into()))
            }
            Self::Mixed => soon_warm(shape(5_000, 60.0, vec![point(Work::Mixed(200), 50)])),
            Self::Routes => soon_warm(shape(5_000, 60.0, vec![point(Work::Search(200), 10)])),
            Self::Open => {
                let points = vec![point(Work::Flows, 50), point(Work::Open(0.6), 200)];
                shape(100_000, 60.0, points)
            }
            Self::Soak => shape(20_000, 3600.0, vec![point(Work::Flows, 20)]),
        }
    }
}

/// Single requests of few bodies are warm as soon as each was sent a few times.
fn soon_warm(shape: Shape) -> Shape {
    Shape {
        warm_up_seconds: 2.0,
        ..shape
    }
}

impl Point {
    /// What the load is called in results.
    pub fn label(&self) -> String {
        match self.load {
            Work::Flows | Work::Search(_) | Work::Mixed(_) => format!("{} users", self.users),
            Work::Open(share) => format!("open at {:.0} %", share * 100.0),
        }
    }

    /// What every measurement must tell of: the flows, or the routes.
    pub fn flows(&self) -> Vec<String> {
        // Which load it is is known, how much of it is not.
        self.load(Some(1.0)).iter().flat_map(Load::flows).collect()
    }

    /// What a generator does; `capacity` is what was measured at the point before, a second.
    pub fn load(&self, capacity: Option<f64>) -> Option<Load> {
        Some(match self.load {
            Work::Flows => Load::Flows,
            Work::Search(bodies) => Load::Search { bodies },
            Work::Mixed(bodies) => Load::Mixed { bodies },
            Work::Open(share) => Load::Open {
                arrivals_per_second: capacity? * share,
            },
        })
    }
}
