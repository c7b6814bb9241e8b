//! The distribution of each flow's times under one load.

use super::{Figure, bounds, colour, milliseconds};
use crate::report::html::axis::Axis;
use crate::report::html::plot::{COLOURS, Mark, Plot, Series, Size};
use crate::report::summary::{flow_names, of_load};
use crate::results::{Latencies, Measurement, Results};

/// The curves of all flows that were completed at least once, on one scale: in one chart for a single
/// implementation, otherwise a chart for each flow.
pub(in crate::report::html) fn latencies(results: &Results, load: &str) -> Vec<Figure> {
    let measurements = of_load(results, load);
    let names = flow_names(measurements.iter().flat_map(|one| &one.flows));
    let curves: Vec<(&str, Vec<Curve>)> = names
        .into_iter()
        .map(|name| (name, curves(results, &measurements, name)))
        .filter(|(_, curves)| !curves.is_empty())
        .collect();
    let all = || curves.iter().flat_map(|(_, curves)| curves);
    let max_count = all().map(|curve| curve.count).max().unwrap_or(0);
    let (min, max) = bounds(all().map(|curve| &curve.series));
    let plot = |label: String, size: Size, series: Vec<Series>| Plot {
        label,
        size,
        x: Axis::percentiles(max_count),
        y: Axis::logarithmic(min, max, milliseconds),
        thresholds: Vec::new(),
        series,
    };
    if let [_] = measurements[..]
        && curves.len() > 1
    {
        let series: Vec<Series> = curves
            .into_iter()
            .enumerate()
            .flat_map(|(number, (name, curves))| {
                curves.into_iter().map(move |curve| Series {
                    name: name.to_owned(),
                    colour: number % COLOURS,
                    ..curve.series
                })
            })
            .collect();
        return vec![Figure {
            title: "Times by percentile".to_owned(),
            note: "of each flow",
            legend: series
                .iter()
                .map(|one| (one.colour, one.name.clone()))
                .collect(),
            plot: plot(format!("times by percentile, {load}"), Size::FULL, series),
        }];
    }
    curves
        .into_iter()
        .map(|(name, curves)| Figure {
            title: name.to_owned(),
            note: "time by percentile",
            legend: Vec::new(),
            plot: plot(
                format!("times of {name} by percentile, {load}"),
                Size::HALF,
                curves.into_iter().map(|curve| curve.series).collect(),
            ),
        })
        .collect()
}

/// The distribution of one flow of one implementation.
struct Curve {
    count: u64,
    series: Series,
}

fn curves(results: &Results, measurements: &[&Measurement], name: &str) -> Vec<Curve> {
    let curve = |measurement: &&Measurement| {
        let flow = measurement.flows.iter().find(|flow| flow.name == name)?;
        let count = flow.latencies.count();
        (count > 0).then(|| Curve {
            count,
            series: Series {
                name: measurement.implementation.clone(),
                mark: Mark::Line,
                colour: colour(results, measurement),
                points: distribution(&flow.latencies),
            },
        })
    };
    measurements.iter().filter_map(curve).collect()
}

/// Quantiles in milliseconds by share, at equal steps of the percentile axis.
fn distribution(latencies: &Latencies) -> Vec<(f64, f64)> {
    const STEP: f64 = 0.02;
    let count = latencies.count() as f64;
    let steps = (count.log10() / STEP).ceil() as u32;
    let mut points: Vec<(f64, f64)> = (0..steps)
        .map(|step| 1.0 - 10f64.powf(-f64::from(step) * STEP))
        .map(|share| (share, latencies.quantile_ms(share)))
        .collect();
    points.push((1.0 - 1.0 / count, latencies.quantile_ms(1.0)));
    points
}
