//! The distribution of each flow's times under one load.

use super::{Figure, bounds, colour, milliseconds};
use crate::report::html::axis::Axis;
use crate::report::html::plot::{Mark, Plot, Series, Size};
use crate::report::summary::{flow_names, of_load};
use crate::results::{Latencies, Results};

/// One chart for each flow that was completed at least once.
pub(in crate::report::html) fn latencies(results: &Results, load: &str) -> Vec<Figure> {
    let measurements = of_load(results, load);
    let mut figures = Vec::new();
    for name in flow_names(&measurements) {
        let mut series = Vec::new();
        let mut max_count = 0;
        for measurement in &measurements {
            let flow = measurement.flows.iter().find(|flow| flow.name == name);
            let Some(flow) = flow.filter(|flow| flow.latencies.count() > 0) else {
                continue;
            };
            max_count = max_count.max(flow.latencies.count());
            series.push(Series {
                mark: Mark::Line,
                colour: colour(results, measurement),
                points: distribution(&flow.latencies),
            });
        }
        if series.is_empty() {
            continue;
        }
        let (min, max) = bounds(&series);
        figures.push(Figure {
            title: name.to_owned(),
            note: "time by percentile",
            plot: Plot {
                label: format!("times of {name} by percentile, {load}"),
                size: Size::HALF,
                x: Axis::percentiles(max_count),
                y: Axis::logarithmic(min, max, milliseconds),
                series,
            },
        });
    }
    figures
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
