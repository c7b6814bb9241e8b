//! The memory of each server process, from the first sample on.

use super::{Figure, bounds, colour, last};
use crate::report::html::axis::Axis;
use crate::report::html::plot::{Mark, Plot, Series, Size, Threshold};
use crate::report::text::{megabytes, number};
use crate::results::{LimitedFigure, Measurement, Process, Results, Role, Sample};

/// The chart, if any server process was sampled more than once.
pub(in crate::report::html) fn memory(results: &Results) -> Option<Figure> {
    let mut series = Vec::new();
    let first_ms = first_sample(results);
    for measurement in &results.measurements {
        for process in servers(measurement) {
            let line = |kind: &str, mark, bytes: fn(&Sample) -> u64| Series {
                name: format!("{} {kind}", process.name),
                mark,
                colour: colour(results, measurement),
                points: process
                    .samples
                    .iter()
                    .map(|sample| {
                        let at = (sample.at_ms - first_ms) as f64 / 1e3;
                        (at, bytes(sample) as f64 / 1e6)
                    })
                    .collect(),
            };
            series.push(line("resident", Mark::Line, |sample| sample.rss_bytes));
            series.push(line("anonymous", Mark::DashedLine, |sample| {
                sample.anonymous_bytes
            }));
        }
    }
    if series.is_empty() {
        return None;
    }
    let limits = results
        .limits
        .iter()
        .filter(|limit| limit.figure == LimitedFigure::ServerRssBytes);
    let mut thresholds: Vec<Threshold> = limits
        .map(|limit| Threshold {
            value: limit.at_most / 1e6,
            label: format!(
                "{}: at most {}",
                limit.gate,
                megabytes(limit.at_most as u64)
            ),
        })
        .collect();
    thresholds.dedup();
    let (_, max) = bounds(&series);
    let max = thresholds.iter().map(|line| line.value).fold(max, f64::max);
    Some(Figure {
        title: "Server memory".to_owned(),
        legend: Vec::new(),
        note: "each server process over the run: resident, and anonymous as a dashed line",
        plot: Plot {
            label: "memory of the servers over the run".to_owned(),
            size: Size::FULL,
            x: Axis::seconds(last(&series)),
            y: Axis::from_zero(max, |megabytes| format!("{} MB", number(megabytes))),
            thresholds,
            series,
        },
    })
}

/// The server processes that were sampled more than once.
fn servers(measurement: &Measurement) -> impl Iterator<Item = &Process> {
    let processes = measurement.processes.iter();
    processes.filter(|process| process.role == Role::Server && process.samples.len() > 1)
}

/// When the first server was sampled. A build before that would take most of the chart.
fn first_sample(results: &Results) -> u64 {
    let processes = results.measurements.iter().flat_map(servers);
    let samples = processes.flat_map(|process| &process.samples);
    samples.map(|sample| sample.at_ms).min().unwrap_or(0)
}
