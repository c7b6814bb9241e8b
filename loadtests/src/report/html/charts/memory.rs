//! The memory of each server process over the run.

use super::{Figure, bounds, colour, last};
use crate::report::html::axis::Axis;
use crate::report::html::plot::{Mark, Plot, Series, Size};
use crate::report::text::megabytes;
use crate::results::{Results, Role, Sample};

/// The chart, if any server process was sampled more than once.
pub(in crate::report::html) fn memory(results: &Results) -> Option<Figure> {
    let mut series = Vec::new();
    for measurement in &results.measurements {
        let servers = measurement
            .processes
            .iter()
            .filter(|process| process.role == Role::Server && process.samples.len() > 1);
        for process in servers {
            let line = |mark, bytes: fn(&Sample) -> u64| Series {
                mark,
                colour: colour(results, measurement),
                points: process
                    .samples
                    .iter()
                    .map(|sample| (sample.at_ms as f64 / 1e3, bytes(sample) as f64))
                    .collect(),
            };
            series.push(line(Mark::Line, |sample| sample.rss_bytes));
            series.push(line(Mark::DashedLine, |sample| sample.anonymous_bytes));
        }
    }
    if series.is_empty() {
        return None;
    }
    let (_, max) = bounds(&series);
    Some(Figure {
        title: "Server memory".to_owned(),
        note: "each server process over the run: resident, and anonymous as a dashed line",
        plot: Plot {
            label: "memory of the servers over the run".to_owned(),
            size: Size::FULL,
            x: Axis::seconds(last(&series)),
            y: Axis::from_zero(max, |bytes| megabytes(bytes as u64)),
            series,
        },
    })
}
