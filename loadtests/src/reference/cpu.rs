//! A compute loop on every processor at once.

use std::hint::black_box;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

/// Rounds of each thread; the best one counts.
const ROUNDS: u32 = 10;
/// Length of a round.
const ROUND: Duration = Duration::from_millis(50);
/// Steps between readings of the clock.
const STEPS: u32 = 10_000;

/// Number of times per second that all processors together do [`STEPS`] steps.
pub(super) fn rounds_per_second() -> io::Result<f64> {
    let threads = thread::available_parallelism()?.get();
    thread::scope(|scope| {
        let mut running = Vec::with_capacity(threads);
        for _ in 0..threads {
            running.push(thread::Builder::new().spawn_scoped(scope, best)?);
        }
        let rates = running.into_iter().map(|thread| {
            let rate = thread.join();
            rate.map_err(|_| io::Error::other("a thread of the reference loop panicked"))
        });
        rates.sum()
    })
}

fn best() -> f64 {
    (0..ROUNDS).map(|_| round()).fold(0.0, f64::max)
}

fn round() -> f64 {
    let began = Instant::now();
    let mut done = 0.0;
    loop {
        black_box(work(black_box(STEPS)));
        done += 1.0;
        let took = began.elapsed();
        if took >= ROUND {
            return done / took.as_secs_f64();
        }
    }
}

/// Integer and float steps, each depending on the one before.
fn work(steps: u32) -> (u64, f64) {
    let (mut integer, mut float) = (0x9e37_79b9_7f4a_7c15_u64, 1.0_f64);
    for _ in 0..steps {
        integer ^= integer << 13;
        integer ^= integer >> 7;
        integer ^= integer << 17;
        float = float * 0.5 + (integer >> 40) as f64;
    }
    (integer, float)
}
