//! Budgets on the ratio of two implementations.

use super::budgets::{Bound, Budget};
use super::{Judgement, SensitiveTo, matching, outcome, unmatched};
use crate::compare::{Figure, describe};
use crate::results::{Comparison, Gate, GateOutcome, Ratio, Results};

/// Judges a budget, unless the run did not measure both implementations.
pub(super) fn judge(
    results: &Results,
    budget: &Budget,
    figure: Figure,
    against: &str,
    bound: Bound,
) -> Vec<Judgement> {
    let was_measured = |name: &str| results.implementations.iter().any(|one| one.name == name);
    if !was_measured(against) || !was_measured(&budget.implementation) {
        return Vec::new();
    }
    let mut judgements = Vec::new();
    for measurement in matching(results, budget) {
        let load = &measurement.load.label;
        let comparison = results.comparisons.iter().find(|comparison| {
            comparison.implementation == budget.implementation
                && comparison.against == against
                && comparison.load == *load
        });
        let ratio = comparison.and_then(|comparison| over_all_flows(comparison, figure));
        let (found, outcome) = ratio.map_or_else(
            || {
                let found = format!("no pair of slices has `{}` on both sides", figure.name());
                (found, GateOutcome::Inconclusive)
            },
            |ratio| (describe(ratio), within(ratio, bound)),
        );
        let limit = match bound {
            Bound::AtLeast(limit) => format!("{} at least {limit} ×", figure.name()),
            Bound::AtMost(limit) => format!("{} at most {limit} ×", figure.name()),
        };
        judgements.push(Judgement {
            gate: Gate {
                name: budget.name.clone(),
                subject: format!("{} against {against}, {load}", budget.implementation),
                limit,
                found,
                outcome,
            },
            sensitive_to: SensitiveTo::EarlyEndOrDrift,
        });
    }
    if judgements.is_empty() {
        judgements.push(unmatched(results, budget));
    }
    judgements
}

fn over_all_flows(comparison: &Comparison, figure: Figure) -> Option<&Ratio> {
    let mut ratios = comparison.ratios.iter();
    ratios.find(|ratio| ratio.flow.is_none() && ratio.figure == figure.name())
}

/// Judges the whole interval; inconclusive if the limit lies inside.
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
