//! The tiers: kinds of load tests with their loads, sizes and lengths.

use clap::ValueEnum;

use crate::drive::Load;

/// A kind of load test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tier {
    /// The six flows by 20 users for 30 s; 5,000 people
    Smoke,
    /// The six flows by 50 users for 5 min; 100,000 people
    Multitier,
    /// Searches with 200 bodies by 10, 50, 100 and 200 users; 5,000 people
    Sweep,
    /// Embedding and searching alternately, by 50 users; 5,000 people
    Mixed,
    /// Searches by 10 users, direct and through a reverse proxy; 5,000 people
    Routes,
    /// The six flows at scheduled times, at 60 % of the capacity measured first; 100,000 people
    Open,
    /// The six flows by 20 users for an hour, with flat memory and descriptors; 20,000 people
    Soak,
}

/// The size and the loads of a tier.
#[derive(Debug, Clone)]
pub struct Shape {
    /// People in the open pool of the dataset.
    pub workers: u64,
    /// The loads, in order.
    pub points: Vec<Point>,
    /// Seconds measured for each load and implementation.
    pub seconds: f64,
    /// Length of the warm-up of each slice.
    pub warm_up_seconds: f64,
}

/// One load of a tier.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Kind of load.
    pub work: Work,
    /// Number of concurrent users.
    pub users: u32,
}

/// A kind of load, before any capacity is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Work {
    /// The six flows.
    Flows,
    /// Searches with this number of bodies.
    Search(u32),
    /// Embedding and searching, with this number of bodies each.
    Mixed(u32),
    /// The six flows at scheduled times, at this share of the rate of the point before.
    Open(f64),
}

impl Tier {
    /// Name on the command line.
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

    /// The tier of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut tiers = Self::value_variants().iter().copied();
        tiers.find(|tier| tier.name() == name)
    }

    /// The tier's shape, which the command line can change.
    pub fn shape(self) -> Shape {
        let point = |work, users| Point { work, users };
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
                with_short_warm_up(shape(5_000, 30.0, points.into()))
            }
            Self::Mixed => {
                with_short_warm_up(shape(5_000, 60.0, vec![point(Work::Mixed(200), 50)]))
            }
            Self::Routes => {
                with_short_warm_up(shape(5_000, 60.0, vec![point(Work::Search(200), 10)]))
            }
            Self::Open => {
                let points = vec![point(Work::Flows, 50), point(Work::Open(0.6), 200)];
                shape(100_000, 60.0, points)
            }
            Self::Soak => shape(20_000, 3600.0, vec![point(Work::Flows, 20)]),
        }
    }
}

/// Single requests with few bodies are warm once each body was sent a few times.
fn with_short_warm_up(shape: Shape) -> Shape {
    Shape {
        warm_up_seconds: 2.0,
        ..shape
    }
}

impl Point {
    /// Label in results.
    pub fn label(&self) -> String {
        match self.work {
            Work::Flows | Work::Search(_) | Work::Mixed(_) => format!("{} users", self.users),
            Work::Open(share) => format!("open at {:.0} %", share * 100.0),
        }
    }

    /// The flows, or routes, that every measurement must have.
    pub fn flows(&self) -> Vec<String> {
        // They do not depend on the capacity.
        self.load(Some(1.0)).iter().flat_map(Load::flows).collect()
    }

    /// The generator's load, where `capacity` is the rate per second of the point before; none if
    /// it needs a capacity and there is none.
    pub fn load(&self, capacity: Option<f64>) -> Option<Load> {
        Some(match self.work {
            Work::Flows => Load::Flows,
            Work::Search(bodies) => Load::Search { bodies },
            Work::Mixed(bodies) => Load::Mixed { bodies },
            Work::Open(share) => Load::Open {
                arrivals_per_second: capacity? * share,
            },
        })
    }
}
