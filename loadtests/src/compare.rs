//! The comparison of two implementations by slices that were taken in turn.
//!
//! # Method
//!
//! The slices of one round form a pair. The observation is the logarithm of the ratio of a figure
//! within a pair: whatever slows both slices (a neighbour, a warm processor) cancels out, and
//! doubling and halving are equally far from one. Single requests are never the sample: those of a
//! slice depend on each other, and would make an interval look a hundred times too narrow.
//!
//! The ratio is Hodges and Lehmann's estimate, the median of the means of every two pairs (each
//! paired with itself included). Its 95 % interval inverts Wilcoxon's signed-rank test (Hodges and
//! Lehmann, *Estimates of location based on rank tests*, 1963; Hollander, Wolfe and Chicken,
//! *Nonparametric Statistical Methods*, 3rd edition, sections 3.1 to 3.3). It holds for any noise
//! that is symmetric within a pair, which shuffling the order of a pair's slices brings about,
//! while Student's t interval assumes normal noise. When one simulated slice in twenty is
//! disturbed, the signed-rank interval covers the true ratio as often as it claims; Student's
//! covers it more often, but is a quarter wider at 14 pairs and two fifths wider at 20. With ten
//! pairs, and with normal noise, the widths agree within a tenth (see `tests.rs` beside this file).
//!
//! Signed ranks need at least six pairs for 95 %. Two to five pairs get Student's interval of the
//! logarithms instead, which is wide, but can still exclude ratios far from one. One pair gets an
//! interval that excludes nothing.

mod paired;
pub mod regression;
mod signed_rank;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::results::{Comparison, Measurement, Ratio, Slice, SliceFlow};
use paired::Paired;

/// The upper end of an interval that excludes nothing, whose lower end is 0; JSON has no infinity.
pub const UNBOUNDED: f64 = f64::MAX;

/// The figures that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Completed flows per second.
    Rate,
    /// Median time; over all flows, the mean of their ratios, weighted by their counts.
    P50,
    /// 99th percentile of times; over all flows likewise.
    P99,
    /// Processor seconds of the server per completed flow; over all flows only.
    ServerCpuPerFlow,
}

impl Figure {
    /// All figures.
    pub const ALL: [Self; 4] = [Self::Rate, Self::P50, Self::P99, Self::ServerCpuPerFlow];

    /// Name in `results.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::P50 => "p50",
            Self::P99 => "p99",
            Self::ServerCpuPerFlow => "server_cpu_per_flow",
        }
    }
}

/// The ratio of `ours` to `other` for every figure, over all flows and for each flow.
///
/// Figures without a pair are left out.
pub fn compare(ours: &Measurement, other: &Measurement) -> Comparison {
    let pairs = Pairs::new(ours, other);
    let mut ratios = Vec::new();
    for figure in Figure::ALL {
        ratios.extend(ratio(&pairs, None, figure));
    }
    for flow in pairs.flows() {
        for figure in [Figure::Rate, Figure::P50, Figure::P99] {
            ratios.extend(ratio(&pairs, Some(flow), figure));
        }
    }
    Comparison {
        implementation: ours.implementation.clone(),
        against: other.implementation.clone(),
        load: ours.load.label.clone(),
        ratios,
    }
}

/// Such as `rate 0.942 × (0.921 to 0.965, 12 pairs)`.
pub(crate) fn describe(ratio: &Ratio) -> String {
    let flow = ratio.flow.as_ref();
    let flow = flow.map_or(String::new(), |flow| format!("{flow} "));
    let Ratio {
        figure,
        ratio: estimate,
        low,
        high,
        pairs,
        ..
    } = ratio;
    if *high >= UNBOUNDED {
        return format!("{flow}{figure} {estimate:.3} × (one pair: no interval)");
    }
    format!("{flow}{figure} {estimate:.3} × ({low:.3} to {high:.3}, {pairs} pairs)")
}

fn ratio(pairs: &Pairs<'_>, flow: Option<&str>, figure: Figure) -> Option<Ratio> {
    let paired = Paired::new(pairs.log_ratios(flow, figure))?;
    Some(to_ratio(&paired, flow, figure))
}

fn to_ratio(paired: &Paired, flow: Option<&str>, figure: Figure) -> Ratio {
    let (low, high) = paired.interval();
    Ratio {
        flow: flow.map(str::to_owned),
        figure: figure.name().to_owned(),
        ratio: paired.estimate().exp(),
        low: low.exp(),
        high: high.exp().min(UNBOUNDED),
        pairs: paired.pairs(),
    }
}

/// The slices of two measurements, paired by round.
struct Pairs<'a>(Vec<(&'a Slice, &'a Slice)>);

impl<'a> Pairs<'a> {
    fn new(ours: &'a Measurement, other: &'a Measurement) -> Self {
        let others = by_round(other);
        let mut pairs = Vec::new();
        for (round, slices) in by_round(ours) {
            let Some(others) = others.get(&round) else {
                continue;
            };
            pairs.extend(slices.into_iter().zip(others.iter().copied()));
        }
        Self(pairs)
    }

    /// The flows that both measurements have, in the order of ours.
    fn flows(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for (ours, other) in &self.0 {
            for flow in &ours.flows {
                let in_both = other.flows.iter().any(|theirs| theirs.name == flow.name);
                if in_both && !names.contains(&flow.name.as_str()) {
                    names.push(&flow.name);
                }
            }
        }
        names
    }

    /// The logarithm of each pair's ratio; not finite for pairs without one.
    fn log_ratios(&self, flow: Option<&str>, figure: Figure) -> impl Iterator<Item = f64> {
        self.0.iter().map(move |(ours, other)| match figure {
            Figure::Rate => {
                let counts = (count(ours, flow), count(other, flow));
                if counts == (0, 0) {
                    return f64::NAN;
                }
                let (ours, other) = (
                    nonzero(counts.0) / ours.seconds,
                    nonzero(counts.1) / other.seconds,
                );
                ours.ln() - other.ln()
            }
            Figure::ServerCpuPerFlow => {
                let cost = |slice: &Slice| slice.server_cpu_seconds / nonzero(count(slice, flow));
                cost(ours).ln() - cost(other).ln()
            }
            Figure::P50 => log_time_ratio(ours, other, flow, |flow| flow.quantiles.p50_ms),
            Figure::P99 => log_time_ratio(ours, other, flow, |flow| flow.quantiles.p99_ms),
        })
    }
}

fn by_round(measurement: &Measurement) -> BTreeMap<u32, Vec<&Slice>> {
    let mut rounds: BTreeMap<u32, Vec<&Slice>> = BTreeMap::new();
    for slice in &measurement.slices {
        rounds.entry(slice.round).or_default().push(slice);
    }
    rounds
}

fn count(slice: &Slice, flow: Option<&str>) -> u64 {
    let flows = slice.flows.iter();
    let counted = flows.filter(|other| flow.is_none_or(|flow| flow == other.name));
    counted.map(|flow| flow.count).sum()
}

/// Counts zero as one half, so that a slice that stood still lowers the rate instead of dropping
/// out.
fn nonzero(count: u64) -> f64 {
    if count == 0 { 0.5 } else { count as f64 }
}

/// The mean of the flows' logarithms of ratios, weighted by their counts; percentiles of different
/// flows cannot be added.
fn log_time_ratio(
    ours: &Slice,
    other: &Slice,
    flow: Option<&str>,
    time: impl Fn(&SliceFlow) -> f64,
) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for mine in &ours.flows {
        if flow.is_some_and(|flow| flow != mine.name) {
            continue;
        }
        let Some(theirs) = other.flows.iter().find(|theirs| theirs.name == mine.name) else {
            continue;
        };
        let log_ratio = time(mine).ln() - time(theirs).ln();
        if log_ratio.is_finite() && mine.count > 0 && theirs.count > 0 {
            let weight = (mine.count + theirs.count) as f64;
            sum += weight * log_ratio;
            weights += weight;
        }
    }
    sum / weights
}
