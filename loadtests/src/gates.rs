//! What has to hold, and the verdict over all.
//!
//! Some gates hold everywhere: no flow fails, each expected flow was done at least once, no
//! scheduled arrival is dropped. Others are [`Budgets`] of a tier. What cannot be told is
//! inconclusive and never a pass: a budget that no measurement matches, figures of time on a
//! machine that drifted, a run without measurements or gates.

mod absolute;
mod budgets;
mod everywhere;
mod ratio;

pub use budgets::{Bound, Budget, BudgetError, Budgets, FILE, Growing, Limit, TIERS};

use crate::compare::regression::regression;
use crate::reference::{DRIFT_LIMIT, Drift, drift};
use crate::results::{Gate, GateOutcome, Measurement, Results, Verdict};

/// What a run was asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The flows, or routes, that every measurement has to have.
    pub flows: &'a [&'a str],
    /// The build that the first implementation must not be slower than.
    pub regression_against: Option<&'a str>,
}

/// A gate and what its failure may be owed to.
struct Judged {
    gate: Gate,
    hinges_on: HingesOn,
}

/// What a failure may be owed to, other than who was measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HingesOn {
    /// To nothing else: a wrong answer is wrong on any machine.
    Nothing,
    /// To a run that ended early.
    Completeness,
    /// To a machine that became slower, or to a run that ended early.
    Speed,
}

/// Every gate that applies to a run; its measurements, comparisons and reference must be there.
pub fn judge(results: &Results, budgets: &Budgets, asked: &Asked<'_>) -> Vec<Gate> {
    let mut judged = everywhere::judge(results, asked);
    for budget in &budgets.0 {
        if budget.tiers.contains(&results.tier) {
            judged.extend(budgeted(results, budget));
        }
    }
    if let Some(base) = asked.regression_against {
        judged.extend(against(results, base));
    }
    let settle = |judged: Judged| settle(results, judged);
    judged.into_iter().map(settle).collect()
}

/// The budgets that can be judged on a whole that several machines have measured together.
pub fn judge_whole(whole: &Results, budgets: &Budgets) -> Vec<Gate> {
    let of_tier = budgets.0.iter();
    let of_tier = of_tier.filter(|budget| budget.tiers.contains(&whole.tier));
    let absolute = of_tier.filter(|budget| match budget.limit {
        Limit::TailAtMost(_) | Limit::P99AtMost(_) | Limit::MemoryAtMost(_) => true,
        // Parts see growth at moments of their own, and comparisons are not kept.
        Limit::GrowthAtMost(..) | Limit::Ratio { .. } => false,
    });
    let judged = absolute.flat_map(|budget| budgeted(whole, budget));
    judged.map(|judged| settle(whole, judged)).collect()
}

/// The verdict over a run whose gates are there.
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

/// Why a run is inconclusive as far as its results show it, a sentence each.
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
        Some(drift) if drift.is_too_much() => reasons.push(format!(
            "the machine itself drifted: {drift}, where {:.0} % are allowed",
            DRIFT_LIMIT * 100.0
        )),
        Some(_) => {}
        None => reasons.push(
            "the reference was taken less than twice, so nobody knows whether the machine drifted"
                .to_owned(),
        ),
    }
    let untold = |gate: &&Gate| gate.outcome == GateOutcome::Inconclusive;
    for gate in results.gates.iter().filter(untold) {
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

fn budgeted(results: &Results, budget: &Budget) -> Vec<Judged> {
    if let Limit::Ratio {
        figure,
        against,
        bound,
    } = &budget.limit
    {
        return ratio::judge(results, budget, *figure, against, *bound);
    }
    let mut judged = Vec::new();
    for measurement in matching(results, budget) {
        judged.extend(absolute::judge(measurement, budget));
    }
    if judged.is_empty() {
        judged.push(unmatched(results, budget));
    }
    judged
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

fn unmatched(results: &Results, budget: &Budget) -> Judged {
    let users = budget
        .users
        .map_or(String::new(), |users| format!(" with {users} users"));
    Judged {
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
        hinges_on: HingesOn::Nothing,
    }
}

fn against(results: &Results, base: &str) -> Vec<Judged> {
    let of = |name: &str| {
        let measurements = results.measurements.iter();
        let named = measurements.filter(|measurement| measurement.implementation == name);
        named.collect::<Vec<_>>()
    };
    let ours = results.implementations.first();
    let bases = of(base);
    let mut judged = Vec::new();
    for ours in ours.map_or(Vec::new(), |ours| of(&ours.name)) {
        let same = |other: &&&Measurement| other.load == ours.load;
        if let Some(base) = bases.iter().find(same) {
            judged.push(Judged {
                gate: regression(ours, base).gate(),
                hinges_on: HingesOn::Speed,
            });
        }
    }
    if judged.is_empty() {
        judged.push(Judged {
            gate: Gate {
                name: "regression".to_owned(),
                subject: format!("against {base}"),
                limit: "a comparison with that build".to_owned(),
                found: format!("no load was put to both builds, `{base}` being one"),
                outcome: GateOutcome::Inconclusive,
            },
            hinges_on: HingesOn::Nothing,
        });
    }
    judged
}

/// A failure that may be owed to something else cannot be told.
fn settle(results: &Results, judged: Judged) -> Gate {
    let Judged {
        mut gate,
        hinges_on,
    } = judged;
    if gate.outcome != GateOutcome::Failed || hinges_on == HingesOn::Nothing {
        return gate;
    }
    let drift = drift(&results.reference).filter(Drift::is_too_much);
    let why = match drift {
        _ if results.interrupted => "the run was cut short".to_owned(),
        Some(drift) if hinges_on == HingesOn::Speed => {
            format!("the machine drifted by {:.0} %", drift.largest() * 100.0)
        }
        _ => return gate,
    };
    gate.outcome = GateOutcome::Inconclusive;
    gate.found = format!("{}, but {why}", gate.found);
    gate
}

fn outcome(holds: bool) -> GateOutcome {
    if holds {
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
