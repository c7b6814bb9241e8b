//! Resources of processes and of the machine, from `/proc`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use procfs::process::Process;
use procfs::{CpuPressure, Current, CurrentSI, KernelStats};

use crate::results::Sample;

/// Interval between samples.
const INTERVAL: Duration = Duration::from_secs(1);

/// Processor seconds of a process since its start, in user and system mode; available until a process
/// that ended is reaped.
pub(super) fn cpu_seconds(id: i32) -> Result<f64> {
    let process = Process::new(id).with_context(|| format!("process {id} does not exist"))?;
    let stat = process.stat()?;
    Ok((stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64)
}

/// Takes a sample of a process; `began` is the start of the run.
pub(super) fn sample(id: i32, began: Instant) -> Result<Sample> {
    let process = Process::new(id).with_context(|| format!("process {id} does not exist"))?;
    let at_ms = u64::try_from(began.elapsed().as_millis())?;
    let status = process.status()?;
    let rollup = process.smaps_rollup()?;
    let maps = rollup.memory_map_rollup.iter();
    let pss = maps.filter_map(|map| map.extension.map.get("Pss")).sum();
    let kibibytes = |value: Option<u64>| value.unwrap_or(0) * 1024;
    Ok(Sample {
        at_ms,
        rss_bytes: kibibytes(status.vmrss),
        anonymous_bytes: kibibytes(status.rssanon),
        pss_bytes: pss,
        cpu_seconds: cpu_seconds(id)?,
        threads: status.threads,
        descriptors: process.fd_count()? as u64,
    })
}

/// Samples processes about once per second.
pub(super) struct Sampler {
    samples: Arc<Mutex<BTreeMap<i32, Vec<Sample>>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Sampler {
    /// Starts to sample processes.
    pub(super) fn start(ids: Vec<i32>, began: Instant) -> Self {
        let samples = Arc::new(Mutex::new(BTreeMap::<i32, Vec<Sample>>::new()));
        let kept = Arc::clone(&samples);
        let task = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(INTERVAL);
            loop {
                ticks.tick().await;
                for id in &ids {
                    // A process that has ended cannot be sampled.
                    if let Ok(sample) = sample(*id, began) {
                        let mut kept = kept.lock().expect("no thread panics while holding it");
                        kept.entry(*id).or_default().push(sample);
                    }
                }
            }
        });
        Self { samples, task }
    }

    /// Stops and returns the samples by process.
    pub(super) fn end(self) -> BTreeMap<i32, Vec<Sample>> {
        self.task.abort();
        std::mem::take(
            &mut *self
                .samples
                .lock()
                .expect("no thread panics while holding it"),
        )
    }
}

/// The machine's accumulated processor times at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct MachineTimes {
    at: Instant,
    all: u64,
    stolen: u64,
    waited_micros: u64,
}

impl MachineTimes {
    /// Reads the current times.
    pub(super) fn now() -> Result<Self> {
        let cpu = KernelStats::current()?.total;
        let stolen = cpu.steal.unwrap_or(0);
        let rest = [cpu.iowait, cpu.irq, cpu.softirq].map(|time| time.unwrap_or(0));
        let all = cpu.user + cpu.nice + cpu.system + cpu.idle + rest.iter().sum::<u64>() + stolen;
        // Some kernels have no pressure information.
        let waited_micros = CpuPressure::current().map_or(0, |pressure| pressure.some.total);
        Ok(Self {
            at: Instant::now(),
            all,
            stolen,
            waited_micros,
        })
    }

    /// Shares of the time since `before` that were stolen, and in which a task waited.
    pub(super) fn shares_since(&self, before: &Self) -> (f64, f64) {
        let share = |part: u64, total: f64| {
            if total > 0.0 {
                part as f64 / total
            } else {
                0.0
            }
        };
        let all = self.all.saturating_sub(before.all) as f64;
        let micros = self.at.duration_since(before.at).as_micros() as f64;
        (
            share(self.stolen.saturating_sub(before.stolen), all),
            share(
                self.waited_micros.saturating_sub(before.waited_micros),
                micros,
            )
            .min(1.0),
        )
    }
}
