//! Completed flows in each second of a load, with the seconds that had failures.

use super::{Figure, bounds, colour};
use crate::report::html::axis::Axis;
use crate::report::html::plot::{Mark, Plot, Series, Size};
use crate::report::summary::of_load;
use crate::report::text::number;
use crate::results::{Results, Second};

/// The chart, unless less than two seconds were measured.
pub(in crate::report::html) fn rate(results: &Results, load: &str) -> Option<Figure> {
    let measurements = of_load(results, load);
    let seconds = measurements.iter().map(|one| one.timeline.len()).max();
    let seconds = seconds.filter(|seconds| *seconds >= 2)?;
    let mut series = Vec::new();
    let mut crosses = Vec::new();
    for measurement in &measurements {
        let colour = colour(results, measurement);
        let points = |wanted: fn(&Second) -> bool| {
            let seconds = measurement.timeline.iter().enumerate();
            let wanted = seconds.filter(|(_, second)| wanted(second));
            let points = wanted.map(|(at, second)| (at as f64 + 0.5, second.count as f64));
            points.collect::<Vec<_>>()
        };
        series.push(Series {
            mark: Mark::Line,
            colour,
            points: points(|_| true),
        });
        crosses.push(Series {
            mark: Mark::Crosses,
            colour,
            points: points(|second| second.failures > 0),
        });
    }
    let has_failures = crosses.iter().any(|one| !one.points.is_empty());
    let (_, max) = bounds(&series);
    series.append(&mut crosses);
    Some(Figure {
        title: "Rate over time".to_owned(),
        note: if has_failures {
            "completed flows in each second; a cross marks failures"
        } else {
            "completed flows in each second"
        },
        plot: Plot {
            label: format!("rate over time, {load}"),
            size: Size::FULL,
            x: Axis::seconds(seconds as f64),
            y: Axis::from_zero(max, number),
            series,
        },
    })
}
