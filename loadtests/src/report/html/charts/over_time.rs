//! Each second of a load: rate, times, failures, users.

use super::{Figure, bounds, colour, milliseconds};
use crate::report::html::axis::Axis;
use crate::report::html::plot::{Mark, Plot, Series, Size, Threshold};
use crate::report::summary::of_load;
use crate::report::text::number;
use crate::results::{LimitedFigure, Measurement, Results, Second};

/// The charts of one load; none unless two seconds were measured. Failures and users are left out
/// where there are none, or where they never change.
pub(in crate::report::html) fn over_time(results: &Results, load: &str) -> Vec<Figure> {
    let measurements = of_load(results, load);
    let seconds = measurements.iter().map(|one| one.timeline.len()).max();
    let Some(seconds) = seconds.filter(|seconds| *seconds >= 2) else {
        return Vec::new();
    };
    let charts = Charts {
        results,
        measurements,
        load,
        seconds: seconds as f64,
    };
    let all = [
        Some(charts.rate()),
        charts.times(),
        charts.failures(),
        charts.users(),
    ];
    all.into_iter().flatten().collect()
}

struct Charts<'a> {
    results: &'a Results,
    measurements: Vec<&'a Measurement>,
    load: &'a str,
    seconds: f64,
}

impl Charts<'_> {
    fn rate(&self) -> Figure {
        let mut series = self.series("", Mark::Line, |second| Some(second.count as f64));
        let (_, max) = bounds(&series);
        let failed = |second: &Second| (second.failures > 0).then_some(second.count as f64);
        let mut crosses = self.series(" with failures", Mark::Crosses, failed);
        let has_failures = crosses.iter().any(|one| !one.points.is_empty());
        series.append(&mut crosses);
        let note = if has_failures {
            "completed flows in each second; a cross marks failures"
        } else {
            "completed flows in each second"
        };
        self.figure("Rate over time", note, Axis::from_zero(max, number), series)
    }

    fn times(&self) -> Option<Figure> {
        let of = |figure: fn(&crate::results::Quantiles) -> f64| {
            move |second: &Second| second.quantiles.as_ref().map(figure)
        };
        let mut series = self.series(" p99", Mark::Line, of(|times| times.p99_ms));
        series.extend(self.series(" p50", Mark::DashedLine, of(|times| times.p50_ms)));
        series.retain(|one| !one.points.is_empty());
        if series.is_empty() {
            return None;
        }
        let limits = self
            .results
            .limits
            .iter()
            .filter(|limit| limit.figure == LimitedFigure::P99Ms && limit.load == self.load);
        let thresholds: Vec<Threshold> = limits
            .map(|limit| Threshold {
                value: limit.at_most,
                label: format!("{}: p99 at most {} ms", limit.gate, number(limit.at_most)),
            })
            .collect();
        let (min, max) = bounds(&series);
        let max = thresholds.iter().map(|line| line.value).fold(max, f64::max);
        let axis = Axis::logarithmic(min, max, milliseconds);
        let note = "all flows that completed in each second: p99, and p50 as a dashed line";
        let mut figure = self.figure("Times over time", note, axis, series);
        figure.plot.thresholds = thresholds;
        Some(figure)
    }

    fn failures(&self) -> Option<Figure> {
        let series = self.series("", Mark::Line, |second| Some(second.failures as f64));
        let (_, max) = bounds(&series);
        let axis = Axis::from_zero(max, number);
        let note = "failed flows in each second";
        (max > 0.0).then(|| self.figure("Failures over time", note, axis, series))
    }

    fn users(&self) -> Option<Figure> {
        let series = self.series("", Mark::Line, |second| Some(f64::from(second.users)));
        let (min, max) = bounds(&series);
        let axis = Axis::from_zero(max, number);
        let note = "users with a flow in progress, at most in each second";
        (max > min).then(|| self.figure("Users over time", note, axis, series))
    }

    fn series(
        &self,
        suffix: &str,
        mark: Mark,
        value: impl Fn(&Second) -> Option<f64>,
    ) -> Vec<Series> {
        let of = |measurement: &&Measurement| {
            let seconds = measurement.timeline.iter().enumerate();
            Series {
                name: format!("{}{suffix}", measurement.implementation),
                mark,
                colour: colour(self.results, measurement),
                points: seconds
                    .filter_map(|(at, second)| Some((at as f64 + 0.5, value(second)?)))
                    .collect(),
            }
        };
        self.measurements.iter().map(of).collect()
    }

    fn figure(&self, title: &str, note: &'static str, y: Axis, series: Vec<Series>) -> Figure {
        Figure {
            title: title.to_owned(),
            note,
            legend: Vec::new(),
            plot: Plot {
                label: format!("{}, {}", title.to_lowercase(), self.load),
                size: Size::FULL,
                x: Axis::seconds(self.seconds),
                y,
                thresholds: Vec::new(),
                series,
            },
        }
    }
}
