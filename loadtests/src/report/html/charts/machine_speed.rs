//! The speed of the machine itself from the first sample on, relative to its median.

use super::{Figure, bounds, last};
use crate::report::html::axis::Axis;
use crate::report::html::plot::{Mark, Plot, Series, Size};
use crate::results::{ReferenceSample, Results};
use crate::statistics::median;

/// The chart, if there are at least two samples.
pub(in crate::report::html) fn machine_speed(results: &Results) -> Option<Figure> {
    if results.reference.len() < 2 {
        return None;
    }
    let series = vec![
        percent_of_median(results, "computing", 0, |sample| {
            sample.cpu_rounds_per_second
        }),
        percent_of_median(results, "round trips", 1, |sample| sample.echoes_per_second),
    ];
    let (min, max) = bounds(&series);
    Some(Figure {
        title: "Speed of the machine".to_owned(),
        legend: Vec::new(),
        note: "work without any code of ours, relative to its median",
        plot: Plot {
            label: "the machine's speed over the run".to_owned(),
            size: Size::FULL,
            x: Axis::seconds(last(&series)),
            y: Axis::around(min.min(100.0), max.max(100.0), |share| format!("{share} %")),
            thresholds: Vec::new(),
            series,
        },
    })
}

fn percent_of_median(
    results: &Results,
    name: &str,
    colour: usize,
    figure: fn(&ReferenceSample) -> f64,
) -> Series {
    let values: Vec<f64> = results.reference.iter().map(figure).collect();
    let median = median(&values);
    let first_ms = results.reference.iter().map(|sample| sample.at_ms).min();
    let first_ms = first_ms.unwrap_or(0);
    let points = results.reference.iter();
    let points = points.map(|sample| {
        let percent = 100.0 * figure(sample) / median;
        ((sample.at_ms - first_ms) as f64 / 1e3, percent)
    });
    Series {
        name: name.to_owned(),
        mark: Mark::Dots,
        colour,
        points: points.filter(|(_, percent)| percent.is_finite()).collect(),
    }
}
