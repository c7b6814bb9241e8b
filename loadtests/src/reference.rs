//! The reference: the speed of the machine on work without any code of ours.
//!
//! It is sampled before, between and after slices. If its speed drifts, the machine changed: the
//! figures of the run are unreliable, and the run is inconclusive rather than failed. Each figure
//! is the best of several short rounds, so that a single interruption does not count; a neighbour
//! that stays is detected all the same.

mod cpu;
mod echo;

use std::fmt;

use crate::results::ReferenceSample;
use crate::statistics::median;

/// Maximum departure of a sample from the median in a conclusive run.
pub const DRIFT_LIMIT: f64 = 0.1;

/// Takes a sample, in about a second.
///
/// It occupies every processor and blocks: nothing can be measured at the same time, and async
/// callers need a blocking thread.
///
/// # Errors
/// A thread cannot start, or loopback does not work.
pub fn sample(at_ms: u64) -> std::io::Result<ReferenceSample> {
    Ok(ReferenceSample {
        at_ms,
        cpu_rounds_per_second: cpu::rounds_per_second()?,
        echoes_per_second: echo::echoes_per_second()?,
    })
}

/// The largest departures of a run's samples from their median; 0.1 is a tenth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Departure of the compute loop.
    pub cpu: f64,
    /// Departure of the loopback echo.
    pub echo: f64,
}

impl Drift {
    /// The larger of the two departures.
    pub fn largest(&self) -> f64 {
        self.cpu.max(self.echo)
    }

    /// Whether the run is inconclusive.
    pub fn is_too_large(&self) -> bool {
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

/// The drift of at least two samples.
pub fn drift(samples: &[ReferenceSample]) -> Option<Drift> {
    (samples.len() >= 2).then(|| Drift {
        cpu: departure(samples.iter().map(|sample| sample.cpu_rounds_per_second)),
        echo: departure(samples.iter().map(|sample| sample.echoes_per_second)),
    })
}

fn departure(figures: impl Iterator<Item = f64>) -> f64 {
    let figures: Vec<f64> = figures.collect();
    let median = median(&figures);
    let departures = figures.iter().map(|figure| (figure / median - 1.0).abs());
    // NaN counts as an infinite departure.
    departures.fold(0.0, |max, departure| {
        if departure.is_nan() {
            f64::INFINITY
        } else {
            departure.max(max)
        }
    })
}
