//! The limits that charts show as lines.

use super::budgets::{Budgets, Limit};
use super::{matching, of_tier};
use crate::results::{LimitLine, LimitedFigure, Results};

/// The limits of single figures that a run's budgets set, a line for each load.
pub fn limits(results: &Results, budgets: &Budgets) -> Vec<LimitLine> {
    let mut lines: Vec<LimitLine> = Vec::new();
    for budget in of_tier(results, budgets) {
        let (figure, at_most) = match budget.limit {
            Limit::P99AtMost(milliseconds) => (LimitedFigure::P99Ms, milliseconds),
            Limit::MemoryAtMost(megabytes) => (LimitedFigure::ServerRssBytes, megabytes * 1e6),
            // A multiple of another figure is no line.
            Limit::TailAtMost(_) | Limit::GrowthAtMost(..) | Limit::Ratio { .. } => continue,
        };
        for measurement in matching(results, budget) {
            let line = LimitLine {
                gate: budget.name.clone(),
                load: measurement.load.label.clone(),
                figure,
                at_most,
            };
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines
}
