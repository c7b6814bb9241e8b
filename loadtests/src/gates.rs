//! The conditions that a run must meet, and its verdict.
//!
//! Some gates apply to every run: no flow fails, every expected flow ran at least once, no
//! scheduled arrival is dropped. Others are [`Budgets`] of a tier. A gate that cannot be judged is
//! inconclusive and never passes: a budget without a matching measurement, times on a machine
//! whose speed drifted, a run without measurements or without gates.

mod absolute;
mod budgets;
mod everywhere;
mod limits;
mod ratio;

pub use budgets::{Bound, Budget, BudgetError, Budgets, FILE, GrowthFigure, Limit, schema};
pub use limits::limits;

use crate::compare::regression::regression;
use crate::reference::{DRIFT_LIMIT, Drift, drift};
use crate::results::{Gate, GateOutcome, Measurement, Results, Verdict};
use crate::tier::Tier;

/// What a run has to show besides its tier's budgets.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expectations<'a> {
    /// The flows, or routes, that every measurement must have.
    pub flows: &'a [&'a str],
    /// The build that the first implementation must not be slower than.
    pub regression_against: Option<&'a str>,
}

/// A gate, and the circumstances that excuse its failure.
struct Judgement {
    gate: Gate,
    sensitive_to: SensitiveTo,
}

/// The circumstances that may cause a failure other than the implementation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SensitiveTo {
    /// None: a wrong answer is wrong on any machine.
    Nothing,
    /// A run that ended early.
    EarlyEnd,
    /// A run that ended early, or a machine whose speed drifted.
    EarlyEndOrDrift,
}

/// Judges every gate that applies to a run with measurements, comparisons and reference samples.
pub fn judge(results: &Results, budgets: &Budgets, expected: &Expectations<'_>) -> Vec<Gate> {
    let mut judgements = everywhere::judge(results, expected);
    for budget in of_tier(results, budgets) {
        judgements.extend(judge_budget(results, budget));
    }
    if let Some(base) = expected.regression_against {
        judgements.extend(judge_regression(results, base));
    }
    let settle = |judgement: Judgement| settle(results, judgement);
    judgements.into_iter().map(settle).collect()
}

/// Judges the budgets that apply to the merged results of several machines.
pub fn judge_merged(merged: &Results, budgets: &Budgets) -> Vec<Gate> {
    let absolute = of_tier(merged, budgets).filter(|budget| match budget.limit {
        Limit::TailAtMost(_) | Limit::P99AtMost(_) | Limit::MemoryAtMost(_) => true,
        // Each shard has sample times of its own, and comparisons are not kept.
        Limit::GrowthAtMost(..) | Limit::Ratio { .. } => false,
    });
    let judgements = absolute.flat_map(|budget| judge_budget(merged, budget));
    judgements.map(|one| settle(merged, one)).collect()
}

/// The verdict of a run whose gates have been judged.
pub fn verdict(results: &Results) -> Verdict {
    let failed = |gate: &Gate| gate.outcome == GateOutcome::Failed;
    if results.gates.iter().any(failed) {
        Verdict::Fail
    } else if results.inconclusive.is_empty() && reasons(results).is_empty() {
        Verdict::Pass
    } else {
        Verdict::Inconclusive
    }
}

/// The reasons in a run's results that make it inconclusive, a sentence each.
pub fn reasons(results: &Results) -> Vec<String> {
    let mut reasons = Vec::new();
    if results.interrupted {
        reasons.push("a signal ended the run early".to_owned());
    }
    if results.measurements.is_empty() {
        reasons.push("nothing was measured".to_owned());
    }
    if results.gates.is_empty() {
        reasons.push("no gate was applied".to_owned());
    }
    match drift(&results.reference) {
        Some(drift) if drift.is_too_large() => reasons.push(format!(
            "the machine's speed drifted by {drift}; the limit is {:.0} %",
            DRIFT_LIMIT * 100.0
        )),
        Some(_) => {}
        None => reasons.push(
            "fewer than two reference samples: drift of the machine's speed is unknown".to_owned(),
        ),
    }
    let inconclusive = |gate: &&Gate| gate.outcome == GateOutcome::Inconclusive;
    for gate in results.gates.iter().filter(inconclusive) {
        let Gate {
            name,
            subject,
            found,
            ..
        } = gate;
        reasons.push(format!("gate `{name}` of {subject}: {found}"));
    }
    reasons
}

fn of_tier<'a>(results: &Results, budgets: &'a Budgets) -> impl Iterator<Item = &'a Budget> {
    let tier = Tier::from_name(&results.tier);
    let budgets = budgets.0.iter();
    budgets.filter(move |budget| tier.is_some_and(|tier| budget.tiers.contains(&tier)))
}

fn judge_budget(results: &Results, budget: &Budget) -> Vec<Judgement> {
    if let Limit::Ratio {
        figure,
        against,
        bound,
    } = &budget.limit
    {
        return ratio::judge(results, budget, *figure, against, *bound);
    }
    let mut judgements = Vec::new();
    for measurement in matching(results, budget) {
        judgements.extend(absolute::judge(measurement, budget));
    }
    if judgements.is_empty() {
        judgements.push(unmatched(results, budget));
    }
    judgements
}

fn matching<'a>(results: &'a Results, budget: &'a Budget) -> impl Iterator<Item = &'a Measurement> {
    results.measurements.iter().filter(|measurement| {
        measurement.implementation == budget.implementation
            && budget
                .users
                .is_none_or(|users| users == measurement.load.users)
            && (!budget.scheduled || measurement.load.arrivals_per_second.is_some())
    })
}

fn unmatched(results: &Results, budget: &Budget) -> Judgement {
    let users = budget
        .users
        .map_or(String::new(), |users| format!(" with {users} users"));
    Judgement {
        gate: Gate {
            name: budget.name.clone(),
            subject: budget.implementation.clone(),
            limit: format!("a budget of tier `{}`", results.tier),
            found: format!(
                "no measurement of `{}`{users} has this figure",
                budget.implementation
            ),
            outcome: GateOutcome::Inconclusive,
        },
        sensitive_to: SensitiveTo::Nothing,
    }
}

fn judge_regression(results: &Results, base: &str) -> Vec<Judgement> {
    let of = |name: &str| {
        let measurements = results.measurements.iter();
        let named = measurements.filter(|measurement| measurement.implementation == name);
        named.collect::<Vec<_>>()
    };
    let ours = results.implementations.first();
    let bases = of(base);
    let mut judgements = Vec::new();
    for ours in ours.map_or(Vec::new(), |ours| of(&ours.name)) {
        let same_load = |other: &&&Measurement| other.load == ours.load;
        if let Some(base) = bases.iter().find(same_load) {
            judgements.push(Judgement {
                gate: regression(ours, base).gate(),
                sensitive_to: SensitiveTo::EarlyEndOrDrift,
            });
        }
    }
    if judgements.is_empty() {
        judgements.push(Judgement {
            gate: Gate {
                name: "regression".to_owned(),
                subject: format!("against {base}"),
                limit: "a comparison with that build".to_owned(),
                found: format!("no load was measured on both builds, `{base}` included"),
                outcome: GateOutcome::Inconclusive,
            },
            sensitive_to: SensitiveTo::Nothing,
        });
    }
    judgements
}

/// Turns a failure into an inconclusive gate if the circumstances of the run excuse it.
fn settle(results: &Results, judgement: Judgement) -> Gate {
    let Judgement {
        mut gate,
        sensitive_to,
    } = judgement;
    if gate.outcome != GateOutcome::Failed || sensitive_to == SensitiveTo::Nothing {
        return gate;
    }
    let drift = drift(&results.reference).filter(Drift::is_too_large);
    let excuse = match drift {
        _ if results.interrupted => "the run ended early".to_owned(),
        Some(drift) if sensitive_to == SensitiveTo::EarlyEndOrDrift => {
            let percent = drift.largest() * 100.0;
            format!("the machine's speed drifted by {percent:.0} %")
        }
        _ => return gate,
    };
    gate.outcome = GateOutcome::Inconclusive;
    gate.found = format!("{}, but {excuse}", gate.found);
    gate
}

fn outcome(held: bool) -> GateOutcome {
    if held {
        GateOutcome::Held
    } else {
        GateOutcome::Failed
    }
}

/// Such as `rust, 50 users` or `rust, 50 users, repeat_cache`.
fn subject(measurement: &Measurement, flow: Option<&str>) -> String {
    let flow = flow.map_or(String::new(), |flow| format!(", {flow}"));
    let Measurement {
        implementation,
        load,
        ..
    } = measurement;
    format!("{implementation}, {}{flow}", load.label)
}
