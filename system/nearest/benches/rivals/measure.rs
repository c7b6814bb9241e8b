//! Measures times, recall, memory and bandwidth.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use lakehouse_nearest::Kernels;

/// Times of single calls, in milliseconds.
#[derive(Default)]
pub(crate) struct Timings(pub(crate) Vec<f64>);

impl Timings {
    pub(crate) fn time<R>(&mut self, call: impl FnOnce() -> R) {
        let begin = Instant::now();
        black_box(call());
        self.0.push(begin.elapsed().as_secs_f64() * 1e3);
    }

    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[((sorted.len() - 1) as f64 * share) as usize]
    }

    pub(crate) fn milliseconds(&self) -> String {
        format!("{:.3} / {:.3}", self.quantile(0.5), self.quantile(0.99))
    }
}

/// The share of the true neighbours that were found. All rows at the last distance count as true.
pub(crate) fn recall(found: &[Vec<u32>], truth: &[Vec<u32>]) -> f64 {
    let mut hits = 0;
    let mut wanted = 0;
    for (found, truth) in found.iter().zip(truth) {
        hits += found.iter().filter(|slot| truth.contains(slot)).count();
        wanted += truth.len().min(super::K);
    }
    hits as f64 / wanted as f64
}

/// The anonymous resident memory of this process.
pub(crate) fn anonymous_bytes() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the process's status");
    let line = status
        .lines()
        .find(|line| line.starts_with("RssAnon:"))
        .expect("its memory");
    let kilobytes: i64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|word| word.parse().ok())
        .expect("a number");
    kilobytes * 1024
}

/// The processor time of this process. Unlike wall time, it hardly depends on other processes.
pub(crate) fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("the process's times");
    let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks
        .map(|ticks| ticks.parse::<f64>().expect("a number"))
        .sum::<f64>()
        / 100.0
}

pub(crate) fn megabytes(bytes: i64) -> f64 {
    bytes as f64 / 1e6
}

/// Runs all queries repeatedly from several threads, for two seconds.
pub(crate) fn queries_per_second<Q: Sync>(
    threads: usize,
    queries: &[Q],
    search: impl Fn(&Q) + Sync,
) -> f64 {
    let done = AtomicU64::new(0);
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (search, done) = (&search, &done);
            scope.spawn(move || {
                let offset = thread * queries.len() / threads;
                for query in queries.iter().cycle().skip(offset) {
                    if begin.elapsed() > Duration::from_secs(2) {
                        return;
                    }
                    search(query);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    done.into_inner() as f64 / begin.elapsed().as_secs_f64()
}

/// The bandwidth of sequential reads on one thread, in bytes per second; the best of three runs.
pub(crate) fn bandwidth<'a>(rows: impl Iterator<Item = &'a [f32]> + Clone) -> f64 {
    let kernels = Kernels::detected();
    let pass = || {
        let begin = Instant::now();
        let mut bytes = 0;
        for row in rows.clone() {
            black_box(kernels.dot(row, row));
            bytes += size_of_val(row);
        }
        bytes as f64 / begin.elapsed().as_secs_f64()
    };
    (0..3).map(|_| pass()).fold(0.0, f64::max)
}
