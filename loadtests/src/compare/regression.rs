//! The decision whether one build is slower than another.
//!
//! # Figures
//!
//! The decision rests on two primary figures over all flows: the rate, and the server's processor
//! seconds per flow. The generator shares the processors with the server, so a server that takes a
//! tenth longer loses less than a tenth of its rate; its processor seconds show the whole tenth and
//! hardly depend on other processes. The rate detects what takes no processor time: waits, locks,
//! sleeps. The median of each flow is a secondary figure, for flows that are a small part of the
//! load.
//!
//! # Tests
//!
//! A figure is a regression only if even the favourable bound of its interval is worse than
//! [`TOLERATED_SLOWDOWN`]: one-sided signed-rank tests of "no worse than 5 %", corrected by Holm's
//! method (*A simple sequentially rejective multiple test procedure*, 1979) within the primary and
//! within the secondary figures, each family at 2.5 %. Among the primary figures, processor time
//! has four fifths of the level, by the weighted form of the method: a slower build shows there
//! first, while a rate is either far beyond the limit or within the noise. In 400 simulated runs of
//! ten pairs (3 % noise of the rate, 1.5 % of processor time, heavy tails, one slice in twenty
//! disturbed) a build that is slower by a tenth is detected in 93 %, with twelve pairs in 97 %; an
//! identical build is never reported (`tests/it/compare.rs`).
//!
//! There is no regression if the unfavourable bounds of both primary figures exclude one; requiring
//! both is a test at the same level without correction (Berger, *Multiparameter hypothesis testing
//! and acceptance sampling*, 1982). Everything else is inconclusive, and so are fewer than
//! [`MIN_PAIRS`] pairs.

use super::paired::{Paired, TAIL};
use super::{Figure, Pairs, describe, to_ratio};
use crate::results::{Gate, GateOutcome, Measurement, Ratio};

/// The slowdown that is not reported. Smaller ones cannot be distinguished from the accidents of a
/// process, such as its memory layout and hash seeds.
pub const TOLERATED_SLOWDOWN: f64 = 0.05;

/// Minimum number of pairs: 1 in 2⁸ is the first p-value below 2.5 % / 6, the level for six flows.
pub const MIN_PAIRS: usize = 8;

/// The comparison of a build with another under one load.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// The build that is judged.
    pub implementation: String,
    /// The build that it is compared with.
    pub against: String,
    /// The load's label.
    pub load: String,
    /// The decision.
    pub verdict: RegressionVerdict,
    /// The figures, the primary ones first.
    pub figures: Vec<FigureTest>,
}

/// The decision about a regression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegressionVerdict {
    /// A figure is certainly worse than [`TOLERATED_SLOWDOWN`].
    Regression,
    /// The primary figures are certainly not.
    NoRegression,
    /// Neither is certain.
    Inconclusive,
}

/// The tests of one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureTest {
    /// The ratio, with its uncorrected 95 % interval.
    pub ratio: Ratio,
    /// Whether it is one of the two figures over all flows.
    pub is_primary: bool,
    /// Whether it is certainly worse than [`TOLERATED_SLOWDOWN`], after correction.
    pub is_worse: bool,
    /// Whether it is certainly no worse than [`TOLERATED_SLOWDOWN`].
    pub is_not_worse: bool,
    /// The p-value of such pairs if the figure is no worse than [`TOLERATED_SLOWDOWN`].
    p_value: f64,
    /// Share of its family's level.
    weight: f64,
}

/// Compares `ours` with `base`.
pub fn regression(ours: &Measurement, base: &Measurement) -> Regression {
    let pairs = Pairs::new(ours, base);
    let mut primary: Vec<FigureTest> = [Figure::Rate, Figure::ServerCpuPerFlow]
        .into_iter()
        .filter_map(|figure| test(&pairs, None, figure))
        .collect();
    let mut secondary: Vec<FigureTest> = pairs
        .flows()
        .into_iter()
        .filter_map(|flow| test(&pairs, Some(flow), Figure::P50))
        .collect();
    correct(&mut primary);
    correct(&mut secondary);

    let is_not_worse = primary.len() == 2 && primary.iter().all(|test| test.is_not_worse);
    let mut figures = primary;
    figures.append(&mut secondary);
    let verdict = if figures.iter().any(|test| test.is_worse) {
        RegressionVerdict::Regression
    } else if is_not_worse {
        RegressionVerdict::NoRegression
    } else {
        RegressionVerdict::Inconclusive
    };
    Regression {
        implementation: ours.implementation.clone(),
        against: base.implementation.clone(),
        load: ours.load.label.clone(),
        verdict,
        figures,
    }
}

impl Regression {
    /// The gate for the decision.
    pub fn gate(&self) -> Gate {
        let outcome = match self.verdict {
            RegressionVerdict::Regression => GateOutcome::Failed,
            RegressionVerdict::NoRegression => GateOutcome::Held,
            RegressionVerdict::Inconclusive => GateOutcome::Inconclusive,
        };
        let decisive = self.figures.iter().filter(|test| match self.verdict {
            RegressionVerdict::Regression => test.is_worse,
            RegressionVerdict::NoRegression | RegressionVerdict::Inconclusive => test.is_primary,
        });
        let ratios: Vec<String> = decisive.map(|test| describe(&test.ratio)).collect();
        let mut found = ratios.join("; ");
        if found.is_empty() {
            "no pair of slices has both builds".clone_into(&mut found);
        } else if self.verdict == RegressionVerdict::Inconclusive {
            found.push_str(": a slowdown of 5 % is neither certain nor excluded; take more pairs");
        }
        Gate {
            name: "regression".to_owned(),
            subject: format!(
                "{} against {}, {}",
                self.implementation, self.against, self.load
            ),
            limit: "no figure worse than 5 %, even by the favourable bound of its interval"
                .to_owned(),
            found,
            outcome,
        }
    }
}

fn test(pairs: &Pairs<'_>, flow: Option<&str>, figure: Figure) -> Option<FigureTest> {
    let paired = Paired::new(pairs.log_ratios(flow, figure))?;
    let (p_worse, p_not_worse) = match figure {
        Figure::Rate => {
            let limit = (1.0 - TOLERATED_SLOWDOWN).ln();
            (paired.p_value_below(limit), paired.p_value_above(limit))
        }
        Figure::P50 | Figure::P99 | Figure::ServerCpuPerFlow => {
            let limit = TOLERATED_SLOWDOWN.ln_1p();
            (paired.p_value_above(limit), paired.p_value_below(limit))
        }
    };
    let has_enough_pairs = paired.pairs() >= MIN_PAIRS;
    Some(FigureTest {
        ratio: to_ratio(&paired, flow, figure),
        is_primary: flow.is_none(),
        is_worse: false,
        is_not_worse: has_enough_pairs && p_not_worse <= TAIL,
        p_value: if has_enough_pairs { p_worse } else { 1.0 },
        weight: match (flow, figure) {
            (None, Figure::ServerCpuPerFlow) => 4.0,
            _ => 1.0,
        },
    })
}

/// Holm's method: tests by ascending weighted p-value, each at its share of the level that is left.
fn correct(family: &mut [FigureTest]) {
    family.sort_by(|one, other| {
        let weighted = |test: &FigureTest| test.p_value / test.weight;
        weighted(one).total_cmp(&weighted(other))
    });
    let mut left: f64 = family.iter().map(|test| test.weight).sum();
    for test in family {
        if test.p_value > TAIL * test.weight / left {
            return;
        }
        test.is_worse = true;
        left -= test.weight;
    }
}
