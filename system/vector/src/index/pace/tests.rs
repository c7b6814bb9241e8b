use std::sync::Arc;
use std::time::{Duration, Instant};

use lakehouse_nearest::Metric;

use super::{PIECE, Pace, REST};
use crate::activity::Activity;
use crate::config::{EngineOptions, IndexConfig};
use crate::index::open::empty;
use crate::index::shared::{Life, Shared};
use crate::name::IndexName;

/// The number of attempts: another process may take the processor at any time.
const ATTEMPTS: usize = 20;

pub(crate) fn shared() -> Arc<Shared> {
    let store = lakehouse_store::open("memory://", "unused".as_ref());
    let options = EngineOptions::new("unused", store.expect("a store in memory"));
    let config = IndexConfig {
        dimension: 1,
        distance: Metric::Dot,
        space: None,
    };
    let view = empty(&config);
    let name = IndexName::parse("index").expect("a name");
    let activity = Arc::<Activity>::default();
    let shared = Shared::new(name, config, 1, Arc::new(options), activity, view);
    Arc::new(shared)
}

/// The shortest and longest of many pauses, each after a piece of work.
fn pauses(pace: &Pace, before: impl Fn()) -> (Duration, Duration) {
    let rest = || {
        let began = Instant::now();
        while began.elapsed() <= PIECE {
            std::hint::spin_loop();
        }
        before();
        let began = Instant::now();
        pace.pause_if_due();
        began.elapsed()
    };
    let pauses: Vec<Duration> = (0..ATTEMPTS).map(|_| rest()).collect();
    let least = pauses.iter().min().expect("some");
    let most = pauses.iter().max().expect("some");
    (*least, *most)
}

#[test]
fn pauses_exceed_work_while_the_engine_is_in_use() {
    let shared = shared();
    let pace = Pace::new(shared.clone());
    let (_, most) = pauses(&pace, || shared.activity.note());
    assert!(most >= REST * PIECE / 2, "{most:?}");
}

#[test]
fn an_idle_engine_needs_no_pauses() {
    let pace = Pace::new(shared());
    let (least, _) = pauses(&pace, || {});
    assert!(least < PIECE, "{least:?}");
}

#[test]
fn urgent_work_does_not_pause() {
    let shared = shared();
    let pace = Pace::new(shared.clone());
    pace.set_urgent(true);
    let (least, _) = pauses(&pace, || shared.activity.note());
    assert!(least < PIECE, "{least:?}");
    pace.set_urgent(false);
    let (_, most) = pauses(&pace, || shared.activity.note());
    assert!(most >= REST * PIECE / 2, "{most:?}");
}

#[test]
fn ended_indexes_do_not_pause() {
    let shared = shared();
    let pace = Pace::new(shared.clone());
    shared.end(Life::Closed);
    let (least, _) = pauses(&pace, || shared.activity.note());
    assert!(least < PIECE, "{least:?}");
}
