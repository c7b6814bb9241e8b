//! Which charts a page has, and what is in them.

use super::axis::Axis;
use super::plot::{Line, LineLook, Plot, svg};
use crate::report::grid::{flow_names, loads, total, under};
use crate::report::text::{megabytes, number};
use crate::results::{Latencies, Measurement, ReferenceSample, Results, Role, Sample};

const WIDE: (u32, u32) = (1070, 250);
const HALF: (u32, u32) = (520, 240);

/// A chart with what stands above it.
pub(super) struct Figure {
    pub(super) title: String,
    pub(super) note: &'static str,
    pub(super) svg: String,
}

fn figure(title: &str, note: &'static str, plot: Plot) -> anyhow::Result<Figure> {
    Ok(Figure {
        title: title.to_owned(),
        note,
        svg: svg(&plot)?,
    })
}

/// How the times of each flow are distributed under one load.
pub(super) fn latencies(results: &Results, load: &str) -> anyhow::Result<Vec<Figure>> {
    let measurements = under(results, load);
    let mut figures = Vec::new();
    for name in flow_names(&measurements) {
        let found: Vec<(usize, &Latencies)> = measurements
            .iter()
            .filter_map(|measurement| {
                let flow = measurement.flows.iter().find(|flow| flow.name == name)?;
                Some((series(results, measurement), &flow.latencies))
            })
            .filter(|(_, latencies)| latencies.count() > 0)
            .collect();
        if found.is_empty() {
            continue;
        }
        let count = found.iter().map(|(_, l)| l.count()).max().unwrap_or(0);
        let least = found
            .iter()
            .map(|(_, l)| l.quantile_ms(0.0))
            .fold(f64::MAX, f64::min);
        let most = found
            .iter()
            .map(|(_, l)| l.quantile_ms(1.0))
            .fold(0.0, f64::max);
        let lines = found.iter().map(|(series, latencies)| Line {
            look: LineLook::Solid,
            series: *series,
            points: distribution(latencies),
        });
        let plot = Plot {
            label: format!("times of {name} by percentile, {load}"),
            size: HALF,
            x: Axis::shares(count),
            y: Axis::logarithmic(least, most, |ms| format!("{} ms", plain(ms))),
            lines: lines.collect(),
        };
        figures.push(figure(name, "time by percentile", plot)?);
    }
    Ok(figures)
}

/// What was done right in each second under one load, and where something was not.
pub(super) fn rate(results: &Results, load: &str) -> anyhow::Result<Option<Figure>> {
    let measurements = under(results, load);
    let seconds = measurements
        .iter()
        .map(|m| m.timeline.len())
        .max()
        .unwrap_or(0);
    if seconds < 2 {
        return Ok(None);
    }
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    let mut most = 0;
    for measurement in &measurements {
        let points = || measurement.timeline.iter().enumerate();
        let at = |index: usize, count: u64| (index as f64 + 0.5, count as f64);
        most = points()
            .map(|(_, second)| second.count)
            .max()
            .unwrap_or(0)
            .max(most);
        lines.push(Line {
            look: LineLook::Solid,
            series: series(results, measurement),
            points: points()
                .map(|(index, second)| at(index, second.count))
                .collect(),
        });
        wrong.push(Line {
            look: LineLook::Wrong,
            series: series(results, measurement),
            points: points()
                .filter(|(_, second)| second.failures > 0)
                .map(|(index, second)| at(index, second.count))
                .collect(),
        });
    }
    let note = if wrong.iter().any(|line| !line.points.is_empty()) {
        "done right in each second that was measured; a cross where something was wrong"
    } else {
        "done right in each second that was measured"
    };
    lines.extend(wrong);
    let plot = Plot {
        label: format!("rate over time, {load}"),
        size: WIDE,
        x: Axis::seconds(seconds as f64),
        y: Axis::from_zero(most as f64, number),
        lines,
    };
    figure("Rate over time", note, plot).map(Some)
}

/// The memory of each server over the run.
pub(super) fn memory(results: &Results) -> anyhow::Result<Option<Figure>> {
    let mut lines = Vec::new();
    let mut most: f64 = 0.0;
    let mut last: f64 = 0.0;
    for measurement in &results.measurements {
        let servers = measurement
            .processes
            .iter()
            .filter(|p| p.role == Role::Server);
        for process in servers.filter(|process| process.samples.len() > 1) {
            let line = |look, of: fn(&Sample) -> u64| Line {
                look,
                series: series(results, measurement),
                points: process
                    .samples
                    .iter()
                    .map(|sample| (sample.at_ms as f64 / 1e3, of(sample) as f64))
                    .collect(),
            };
            lines.push(line(LineLook::Solid, |sample| sample.rss_bytes));
            lines.push(line(LineLook::Dashed, |sample| sample.anonymous_bytes));
        }
    }
    for (at, bytes) in lines.iter().flat_map(|line| &line.points) {
        most = most.max(*bytes);
        last = last.max(*at);
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let plot = Plot {
        label: "memory of the servers over the run".to_owned(),
        size: WIDE,
        x: Axis::seconds(last),
        y: Axis::from_zero(most, |bytes| megabytes(bytes as u64)),
        lines,
    };
    let note = "each server process over the run: resident, and dashed what no file stands behind";
    figure("Server memory", note, plot).map(Some)
}

/// Rate and the 99th percentile by load; nothing when there is only one load.
pub(super) fn sweep(results: &Results) -> anyhow::Result<Vec<Figure>> {
    let arrivals = results
        .measurements
        .iter()
        .all(|m| m.load.arrivals_per_second.is_some());
    let at = |measurement: &Measurement| match measurement.load.arrivals_per_second {
        Some(rate) if arrivals => rate,
        _ => f64::from(measurement.load.users),
    };
    let mut values: Vec<f64> = results.measurements.iter().map(at).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    if values.len() < 2 || loads(results).len() != values.len() {
        return Ok(Vec::new());
    }
    let curve = |of: &dyn Fn(&Measurement) -> f64| -> Vec<Line> {
        let names = results.implementations.iter().enumerate();
        let lines = names.map(|(series, implementation)| {
            let own = results
                .measurements
                .iter()
                .filter(|m| m.implementation == implementation.name);
            let mut points: Vec<(f64, f64)> = own.map(|m| (at(m), of(m))).collect();
            points.retain(|(_, value)| value.is_finite());
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            Line {
                look: LineLook::Dotted,
                series,
                points,
            }
        });
        lines.filter(|line| !line.points.is_empty()).collect()
    };
    let bounds = |lines: &[Line]| {
        let values = || {
            lines
                .iter()
                .flat_map(|line| &line.points)
                .map(|(_, value)| *value)
        };
        (
            values().fold(f64::MAX, f64::min),
            values().fold(0.0, f64::max),
        )
    };
    let unit = if arrivals { "arrivals/s" } else { "users" };
    let last = values.last().copied();
    let users = |value: f64| {
        if Some(value) == last {
            format!("{value} {unit}")
        } else {
            value.to_string()
        }
    };
    let rates = curve(&Measurement::rate);
    let times = curve(&|measurement| total(measurement).quantiles.p99_ms);
    let (_, most_rate) = bounds(&rates);
    let (least_time, most_time) = bounds(&times);
    Ok(vec![
        figure(
            "Rate by load",
            "done right a second",
            Plot {
                label: "rate by load".to_owned(),
                size: HALF,
                x: Axis::of_values(&values, users),
                y: Axis::from_zero(most_rate, number),
                lines: rates,
            },
        )?,
        figure(
            "p99 by load",
            "over all flows",
            Plot {
                label: "99th percentile by load".to_owned(),
                size: HALF,
                x: Axis::of_values(&values, users),
                y: Axis::logarithmic(least_time, most_time, |ms| format!("{} ms", plain(ms))),
                lines: times,
            },
        )?,
    ])
}

/// What the machine did without any code of ours, by its own middle.
pub(super) fn reference(results: &Results) -> anyhow::Result<Option<Figure>> {
    if results.reference.len() < 2 {
        return Ok(None);
    }
    let line = |series, of: fn(&ReferenceSample) -> f64| {
        let mut sorted: Vec<f64> = results.reference.iter().map(of).collect();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted[sorted.len() / 2];
        let at = |sample: &ReferenceSample| sample.at_ms as f64 / 1e3;
        let points = results.reference.iter();
        Line {
            look: LineLook::Dotted,
            series,
            points: points
                .map(|sample| (at(sample), 100.0 * of(sample) / middle))
                .filter(|(_, share)| share.is_finite())
                .collect(),
        }
    };
    let lines = vec![
        line(0, |sample| sample.cpu_rounds_per_second),
        line(1, |sample| sample.echoes_per_second),
    ];
    let values = || lines.iter().flat_map(|line| &line.points);
    let least = values().map(|(_, share)| *share).fold(100.0, f64::min);
    let most = values().map(|(_, share)| *share).fold(100.0, f64::max);
    let last = values().map(|(at, _)| *at).fold(0.0, f64::max);
    let plot = Plot {
        label: "the machine's own pace over the run".to_owned(),
        size: WIDE,
        x: Axis::seconds(last),
        y: Axis::around(least, most, |share| format!("{share} %")),
        lines,
    };
    let note = "a load without any code of ours, by the middle of its own samples";
    figure("The machine's pace", note, plot).map(Some)
}

/// The number of a measurement's implementation, which is its colour.
pub(super) fn series(results: &Results, measurement: &Measurement) -> usize {
    let named = |name: &str| {
        results
            .implementations
            .iter()
            .position(|one| one.name == name)
    };
    named(&measurement.implementation).unwrap_or(results.implementations.len())
}

/// Shares and the times that they do not exceed, denser to the right as the axis is.
fn distribution(latencies: &Latencies) -> Vec<(f64, f64)> {
    let end = (latencies.count() as f64).log10();
    let steps = (end / 0.02).ceil() as u32;
    let shares = (0..steps).map(|step| 1.0 - 10f64.powf(-f64::from(step) * 0.02));
    let last = 1.0 - 1.0 / latencies.count() as f64;
    let mut points: Vec<(f64, f64)> = shares.map(|q| (q, latencies.quantile_ms(q))).collect();
    points.push((last, latencies.quantile_ms(1.0)));
    points
}

/// A round figure without digits that say nothing.
fn plain(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded >= 1000.0 {
        number(rounded)
    } else {
        rounded.to_string()
    }
}
