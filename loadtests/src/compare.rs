//! Two implementations held against each other, in slices that were taken in turn.
//!
//! # Method
//!
//! Slices of one round are a pair. What is judged is the logarithm of the ratio of a figure within
//! a pair: whatever slows both (a neighbour, a warm processor) cancels out, and twice and half are
//! equally far from one. Requests are never the sample: those of one slice share its fate, and
//! would make an interval look a hundred times narrower than it is.
//!
//! The ratio told is Hodges and Lehmann's estimate, the median of the means of each two pairs
//! (each with itself too); its interval at 95 % is that of Wilcoxon's signed-rank test
//! (Hodges and Lehmann, *Estimates of location based on rank tests*, 1963; Hollander, Wolfe and
//! Chicken, *Nonparametric Statistical Methods*, 3rd edition, sections 3.1 to 3.3). It holds for
//! any noise that is symmetric within a pair, which shuffling the order of a pair's slices
//! brings about, while Student's t interval asks for normal noise. Where one simulated slice in
//! twenty is disturbed, it covers the true ratio as often as it says; Student's covers it more
//! often than that, being a quarter wider at 14 pairs and two fifths at 20. At ten pairs, and in
//! normal noise, both are equally wide within a tenth (`tests.rs` beside this file holds this).
//!
//! Signed ranks of fewer than six pairs cannot tell anything at 95 %. Two to five pairs have
//! Student's interval on the logarithms instead, which is wide enough there to be used with
//! ratios far from one; one pair has an interval that excludes nothing.

mod paired;
pub mod regression;
mod signed_rank;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::results::{Comparison, Measurement, Ratio, Slice, SliceFlow};
use paired::Paired;

/// The upper end of an interval that excludes nothing; its lower end is 0. JSON has no infinity.
pub const UNBOUNDED: f64 = f64::MAX;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Done right a second.
    Rate,
    /// The median time; over all flows, the mean of their ratios by weight of their counts.
    P50,
    /// The time that one in a hundred exceeds; over all flows likewise.
    P99,
    /// Processor seconds of the server for each that was done right; over all flows only.
    ServerCpuPerFlow,
}

impl Figure {
    /// All.
    pub const ALL: [Self; 4] = [Self::Rate, Self::P50, Self::P99, Self::ServerCpuPerFlow];

    /// Its name in `results.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::P50 => "p50",
            Self::P99 => "p99",
            Self::ServerCpuPerFlow => "server_cpu_per_flow",
        }
    }
}

/// Every figure of `ours` by that of `other`, over all flows and flow by flow.
///
/// A figure that no pair has is left out.
pub fn compare(ours: &Measurement, other: &Measurement) -> Comparison {
    let pairs = Pairs::of(ours, other);
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

fn ratio(pairs: &Pairs<'_>, flow: Option<&str>, figure: Figure) -> Option<Ratio> {
    let paired = Paired::of(pairs.logarithms(flow, figure))?;
    Some(told(&paired, flow, figure))
}

fn told(paired: &Paired, flow: Option<&str>, figure: Figure) -> Ratio {
    let (low, high) = paired.interval();
    Ratio {
        flow: flow.map(str::to_owned),
        figure: figure.name().to_owned(),
        ratio: paired.middle().exp(),
        low: low.exp(),
        high: high.exp().min(UNBOUNDED),
        pairs: paired.pairs(),
    }
}

/// Slices of the same rounds.
struct Pairs<'a>(Vec<(&'a Slice, &'a Slice)>);

impl<'a> Pairs<'a> {
    fn of(ours: &'a Measurement, other: &'a Measurement) -> Self {
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

    /// The flows that both have, in the order of ours.
    fn flows(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for (ours, other) in &self.0 {
            for flow in &ours.flows {
                let both = other.flows.iter().any(|theirs| theirs.name == flow.name);
                if both && !names.contains(&flow.name.as_str()) {
                    names.push(&flow.name);
                }
            }
        }
        names
    }

    /// The logarithm of each pair's ratio; not finite where a pair has none.
    fn logarithms(&self, flow: Option<&str>, figure: Figure) -> impl Iterator<Item = f64> {
        self.0.iter().map(move |(ours, other)| match figure {
            Figure::Rate => {
                let counts = (count(ours, flow), count(other, flow));
                if counts == (0, 0) {
                    return f64::NAN;
                }
                (whole(counts.0) / ours.seconds).ln() - (whole(counts.1) / other.seconds).ln()
            }
            Figure::ServerCpuPerFlow => {
                let each = |slice: &Slice| slice.server_cpu_seconds / whole(count(slice, flow));
                each(ours).ln() - each(other).ln()
            }
            Figure::P50 => times(ours, other, flow, |flow| flow.quantiles.p50_ms),
            Figure::P99 => times(ours, other, flow, |flow| flow.quantiles.p99_ms),
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
    let counted = slice
        .flows
        .iter()
        .filter(|other| flow.is_none_or(|flow| flow == other.name));
    counted.map(|flow| flow.count).sum()
}

/// None at all counts as half a one, so that a slice that stood still is a bad one and not one
/// less.
fn whole(count: u64) -> f64 {
    if count == 0 { 0.5 } else { count as f64 }
}

/// The mean of the flows' logarithms of ratios, by weight of their counts: percentiles of several
/// flows cannot be added up.
fn times(ours: &Slice, other: &Slice, flow: Option<&str>, time: impl Fn(&SliceFlow) -> f64) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for mine in &ours.flows {
        if flow.is_some_and(|flow| flow != mine.name) {
            continue;
        }
        let Some(theirs) = other.flows.iter().find(|theirs| theirs.name == mine.name) else {
            continue;
        };
        let logarithm = time(mine).ln() - time(theirs).ln();
        if logarithm.is_finite() && mine.count > 0 && theirs.count > 0 {
            let weight = (mine.count + theirs.count) as f64;
            sum += weight * logarithm;
            weights += weight;
        }
    }
    sum / weights
}
