//! Budgets on the ratio of two implementations.

use super::budgets::{Bound, Budget};
use super::{HingesOn, Judged, matching, outcome, unmatched};
use crate::compare::Figure;
use crate::compare::regression::words;
use crate::results::{Comparison, Gate, GateOutcome, Ratio, Results};

/// Not applied where either of the two was not asked for.
pub(super) fn judge(
    results: &Results,
    budget: &Budget,
    figure: Figure,
    against: &str,
    bound: Bound,
) -> Vec<Judged> {
    let asked = |name: &str| results.implementations.iter().any(|one| one.name == name);
    if !asked(against) || !asked(&budget.implementation) {
        return Vec::new();
    }
    let mut judged = Vec::new();
    for measurement in matching(results, budget) {
        let load = &measurement.load.label;
        let comparison = results.comparisons.iter().find(|comparison| {
            comparison.implementation == budget.implementation
                && comparison.against == against
                && comparison.load == *load
        });
        let ratio = comparison.and_then(|comparison| over_all(comparison, figure));
        let (found, outcome) = ratio.map_or_else(
            || {
                let found = format!("no pair of slices has `{}` of both", figure.name());
                (found, GateOutcome::Inconclusive)
            },
            |ratio| (words(ratio), within(ratio, bound)),
        );
        let limit = match bound {
            Bound::AtLeast(limit) => format!("{} at least {limit} ×", figure.name()),
            Bound::AtMost(limit) => format!("{} at most {limit} ×", figure.name()),
        };
        judged.push(Judged {
            gate: Gate {
                name: budget.name.clone(),
                subject: format!("{} against {against}, {load}", budget.implementation),
                limit,
                found,
                outcome,
            },
            hinges_on: HingesOn::Speed,
        });
    }
    if judged.is_empty() {
        judged.push(unmatched(results, budget));
    }
    judged
}

fn over_all(comparison: &Comparison, figure: Figure) -> Option<&Ratio> {
    let mut ratios = comparison.ratios.iter();
    ratios.find(|ratio| ratio.flow.is_none() && ratio.figure == figure.name())
}

/// By the whole interval; one with the limit inside cannot be told.
fn within(ratio: &Ratio, bound: Bound) -> GateOutcome {
    let (surely, surely_not) = match bound {
        Bound::AtLeast(limit) => (ratio.low >= limit, ratio.high < limit),
        Bound::AtMost(limit) => (ratio.high <= limit, ratio.low > limit),
    };
    if surely || surely_not {
        outcome(surely)
    } else {
        GateOutcome::Inconclusive
    }
}
