//! Rate and 99th percentile by load.

use super::{Figure, bounds, milliseconds};
use crate::report::html::axis::Axis;
use crate::report::html::plot::{COLOURS, Mark, Plot, Series, Size};
use crate::report::summary::{loads, total};
use crate::report::text::number;
use crate::results::{Measurement, Results};

/// Both charts; none when there is only one load, or two loads of the same size.
pub(in crate::report::html) fn sweep(results: &Results) -> Vec<Figure> {
    let mut measured = results.measurements.iter();
    let by_arrivals = measured.all(|one| one.load.arrivals_per_second.is_some());
    let size = |measurement: &Measurement| match measurement.load.arrivals_per_second {
        Some(rate) if by_arrivals => rate,
        _ => f64::from(measurement.load.users),
    };
    let mut sizes: Vec<f64> = results.measurements.iter().map(size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    if sizes.len() < 2 || loads(results).len() != sizes.len() {
        return Vec::new();
    }
    let unit = if by_arrivals { "arrivals/s" } else { "users" };
    let last = sizes.last().copied();
    let x = Axis::of_values(&sizes, |value| {
        if Some(value) == last {
            format!("{value} {unit}")
        } else {
            value.to_string()
        }
    });
    let rates = curves(results, size, Measurement::rate);
    let times = curves(results, size, |one| total(one).quantiles.p99_ms);
    let (_, max_rate) = bounds(&rates);
    let (min_time, max_time) = bounds(&times);
    vec![
        Figure {
            title: "Rate by load".to_owned(),
            legend: Vec::new(),
            note: "completed flows per second",
            plot: Plot {
                label: "rate by load".to_owned(),
                size: Size::HALF,
                x: x.clone(),
                y: Axis::from_zero(max_rate, number),
                thresholds: Vec::new(),
                series: rates,
            },
        },
        Figure {
            title: "p99 by load".to_owned(),
            legend: Vec::new(),
            note: "over all flows",
            plot: Plot {
                label: "99th percentile by load".to_owned(),
                size: Size::HALF,
                x,
                y: Axis::logarithmic(min_time, max_time, milliseconds),
                thresholds: Vec::new(),
                series: times,
            },
        },
    ]
}

/// A curve for each implementation that has a finite value.
fn curves(
    results: &Results,
    x: impl Fn(&Measurement) -> f64,
    y: impl Fn(&Measurement) -> f64,
) -> Vec<Series> {
    let mut curves = Vec::new();
    for (number, implementation) in results.implementations.iter().enumerate() {
        let own = results.measurements.iter();
        let own = own.filter(|one| one.implementation == implementation.name);
        let mut points: Vec<(f64, f64)> = own.map(|one| (x(one), y(one))).collect();
        points.retain(|(_, value)| value.is_finite());
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        if !points.is_empty() {
            curves.push(Series {
                name: implementation.name.clone(),
                mark: Mark::Dots,
                colour: number % COLOURS,
                points,
            });
        }
    }
    curves
}
