use std::sync::Arc;
use std::time::{Duration, Instant};

use lakehouse_nearest::Metric;

use super::{Activity, PIECE, Pace, REST};
use crate::config::{EngineOptions, IndexConfig};
use crate::index::open::empty;
use crate::index::shared::{Life, Shared};
use crate::name::IndexName;

/// The number of attempts: another process may take the processor at any time.
const TRIES: usize = 20;

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
fn rests(pace: &Pace, before: impl Fn()) -> (Duration, Duration) {
    let rest = || {
        let began = Instant::now();
        while began.elapsed() <= PIECE {
            std::hint::spin_loop();
        }
        before();
        let began = Instant::now();
        pace.breathe();
        began.elapsed()
    };
    let rests: Vec<Duration> = (0..TRIES).map(|_| rest()).collect();
    let least = rests.iter().min().expect("some");
    let most = rests.iter().max().expect("some");
    (*least, *most)
}

#[test]
fn it_rests_for_longer_than_it_works_while_the_engine_is_in_use() {
    let shared = shared();
    let pace = Pace::new(shared.clone());
    let (_, most) = rests(&pace, || shared.activity.note());
    assert!(most >= REST * PIECE / 2, "{most:?}");
}

#[test]
fn it_does_not_rest_while_nobody_asks_for_anything() {
    let pace = Pace::new(shared());
    let (least, _) = rests(&pace, || {});
    assert!(least < PIECE, "{least:?}");
}

#[test]
fn it_does_not_rest_when_it_hurries() {
    let shared = shared();
    let pace = Pace::new(shared.clone());
    pace.hurry(true);
    let (least, _) = rests(&pace, || shared.activity.note());
    assert!(least < PIECE, "{least:?}");
    pace.hurry(false);
    let (_, most) = rests(&pace, || shared.activity.note());
    assert!(most >= REST * PIECE / 2, "{most:?}");
}

#[test]
fn it_does_not_rest_once_the_index_has_ended() {
    let shared = shared();
    let pace = Pace::new(shared.clone());
    shared.end(Life::Closed);
    let (least, _) = rests(&pace, || shared.activity.note());
    assert!(least < PIECE, "{least:?}");
}
