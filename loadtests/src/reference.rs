//! The calibrating reference: how fast the machine is on loads without any code of ours.
//!
//! It is taken before, between and after slices. When it drifts, the machine did: figures of the
//! run are not to be trusted, and the run is inconclusive rather than failed. Each figure is the
//! best of several short rounds, so that it tells what the machine can do and not whether
//! somebody was scheduled in between once; a neighbour who stays is seen all the same.

mod cpu;
mod echo;

use std::fmt;

use crate::results::ReferenceSample;

/// How far a sample may be off the median before a run is inconclusive.
pub const DRIFT_LIMIT: f64 = 0.1;

/// Takes a sample, in about a second.
///
/// It occupies every processor: nothing may be measured meanwhile, and in an asynchronous program
/// it belongs on a thread for what blocks.
///
/// # Errors
///
/// No thread could be started, or loopback does not work.
pub fn sample(at_ms: u64) -> std::io::Result<ReferenceSample> {
    Ok(ReferenceSample {
        at_ms,
        cpu_rounds_per_second: cpu::rounds_per_second()?,
        echoes_per_second: echo::echoes_per_second()?,
    })
}

/// How far the samples of a run are apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// The largest departure from the median of the loop that computes; 0.1 is a tenth.
    pub cpu: f64,
    /// That of the echo.
    pub echo: f64,
}

impl Drift {
    /// The larger of the two.
    pub fn largest(&self) -> f64 {
        self.cpu.max(self.echo)
    }

    /// Whether it makes a run inconclusive.
    pub fn is_too_much(&self) -> bool {
        self.largest() > DRIFT_LIMIT
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cpu, echo) = (self.cpu * 100.0, self.echo * 100.0);
        write!(
            f,
            "up to {cpu:.1} % in computing and {echo:.1} % over loopback"
        )
    }
}

/// How far the samples are apart; none when there are fewer than two.
pub fn drift(samples: &[ReferenceSample]) -> Option<Drift> {
    (samples.len() >= 2).then(|| Drift {
        cpu: departure(samples.iter().map(|sample| sample.cpu_rounds_per_second)),
        echo: departure(samples.iter().map(|sample| sample.echoes_per_second)),
    })
}

fn departure(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let last = figures.len() - 1;
    let median = f64::midpoint(figures[last / 2], figures[last.div_ceil(2)]);
    let departures = figures.iter().map(|figure| (figure / median - 1.0).abs());
    // What is no number is as far off as can be.
    departures.fold(0.0, |most, departure| {
        if departure.is_nan() {
            f64::INFINITY
        } else {
            departure.max(most)
        }
    })
}
