//! The page's charts, one file for each kind.

mod latencies;
mod machine_speed;
mod memory;
mod over_time;
mod sweep;

pub(super) use latencies::latencies;
pub(super) use machine_speed::machine_speed;
pub(super) use memory::memory;
pub(super) use over_time::over_time;
pub(super) use sweep::sweep;

use super::plot::{COLOURS, Plot, Series};
use crate::report::text::number;
use crate::results::{Measurement, Results};

/// A chart with its caption.
pub(super) struct Figure {
    pub(super) title: String,
    pub(super) note: &'static str,
    /// Colour numbers and names, where these are not the implementations'.
    pub(super) legend: Vec<(usize, String)>,
    pub(super) plot: Plot,
}

/// The number of the colour of a measurement's implementation.
pub(super) fn colour(results: &Results, measurement: &Measurement) -> usize {
    let names = results.implementations.iter();
    let known = names
        .map(|one| &one.name)
        .position(|name| *name == measurement.implementation);
    known.unwrap_or(results.implementations.len()) % COLOURS
}

/// The smallest and the largest y value of all series.
fn bounds<'a>(series: impl IntoIterator<Item = &'a Series>) -> (f64, f64) {
    let points = series.into_iter().flat_map(|one| &one.points);
    points.fold((f64::MAX, 0.0), |(min, max), (_, y)| {
        (min.min(*y), max.max(*y))
    })
}

/// The largest x value of all series.
fn last(series: &[Series]) -> f64 {
    let points = series.iter().flat_map(|one| &one.points);
    points.fold(0.0, |last, (x, _)| last.max(*x))
}

/// A tick's label on an axis of times.
fn milliseconds(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded >= 1000.0 {
        format!("{} ms", number(rounded))
    } else {
        format!("{rounded} ms")
    }
}
