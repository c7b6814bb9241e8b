//! Whether one build is slower than another.
//!
//! # What is judged
//!
//! Two leading figures over all flows: the rate, and the server's processor seconds for each flow.
//! The generator shares the processors with the server, so a server that takes a tenth longer
//! loses less than a tenth of its rate; its own seconds show the whole tenth, and hardly depend on
//! who else is running. The rate sees what costs no processor time: waits, locks, sleeps. The
//! median of each single flow is watched beside them, for a flow that is a small part of the load.
//!
//! # When
//!
//! A figure is a regression only where even the favourable bound of its interval is worse than
//! [`WORSE`]: one-sided signed-rank tests of "no worse than 5 %", corrected by Holm's method
//! (*A simple sequentially rejective multiple test procedure*, 1979) within the leading figures
//! and within the watched ones, each family at 2.5 %. Of the leading ones processor time has four
//! fifths of the level, in the weighted form of the method: it is where a slower build shows
//! first, while a rate is either far beyond the limit or in the noise. In 400 simulated runs of
//! ten pairs (3 % of noise in the rate, 1.5 % in processor time, heavy tails, one slice in twenty
//! disturbed) a build that is slower by a tenth is found in 93 %, with twelve in 97 %; the same
//! build is never accused (`tests/it/compare.rs`). There is no regression where the
//! unfavourable bound of both leading figures excludes it; that all must hold is a test at the
//! same level without correction (Berger, *Multiparameter hypothesis testing and acceptance
//! sampling*, 1982). Whatever is between is inconclusive, and so are fewer than
//! [`FEWEST_PAIRS`] pairs.

use super::paired::{Paired, TAIL};
use super::{Figure, Pairs, UNBOUNDED, told};
use crate::results::{Gate, GateOutcome, Measurement, Ratio};

/// How much worse is a regression. Less is not told apart from the luck of one process: where its
/// memory lies, how its tables are seeded.
pub const WORSE: f64 = 0.05;

/// With fewer pairs no test among six flows could come out: 1 in 2⁸ is the first below 2.5 % / 6.
pub const FEWEST_PAIRS: usize = 8;

/// What was found of one build against another, under one load.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// The build that is judged.
    pub implementation: String,
    /// The one it is held against.
    pub against: String,
    /// The load's label.
    pub load: String,
    /// How it ended.
    pub verdict: RegressionVerdict,
    /// The figures, the leading ones first.
    pub figures: Vec<Judged>,
}

/// How a regression ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegressionVerdict {
    /// A figure is worse than [`WORSE`] beyond doubt.
    Regression,
    /// The leading figures are not.
    NoRegression,
    /// It cannot be told.
    Inconclusive,
}

/// One figure that was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Its ratio, with the interval at 95 % before any correction.
    pub ratio: Ratio,
    /// Whether it is one of the two over all flows.
    pub leads: bool,
    /// Whether it is worse than [`WORSE`] beyond doubt, corrected for how many were judged.
    pub worse: bool,
    /// Whether its interval excludes that.
    pub excluded: bool,
    /// How likely such pairs are when it is no worse than [`WORSE`].
    chance: f64,
    /// Its share of the level of its family.
    weight: f64,
}

/// Holds `ours` against `base`.
pub fn regression(ours: &Measurement, base: &Measurement) -> Regression {
    let pairs = Pairs::of(ours, base);
    let leading = [(None, Figure::Rate), (None, Figure::ServerCpuPerFlow)];
    let mut leading: Vec<Judged> = leading
        .into_iter()
        .filter_map(|(flow, figure)| judge(&pairs, flow, figure))
        .collect();
    let mut watched: Vec<Judged> = pairs
        .flows()
        .into_iter()
        .filter_map(|flow| judge(&pairs, Some(flow), Figure::P50))
        .collect();
    correct(&mut leading);
    correct(&mut watched);

    let whole = leading.len() == 2;
    let excluded = whole && leading.iter().all(|judged| judged.excluded);
    leading.append(&mut watched);
    let verdict = if leading.iter().any(|judged| judged.worse) {
        RegressionVerdict::Regression
    } else if excluded {
        RegressionVerdict::NoRegression
    } else {
        RegressionVerdict::Inconclusive
    };
    Regression {
        implementation: ours.implementation.clone(),
        against: base.implementation.clone(),
        load: ours.load.label.clone(),
        verdict,
        figures: leading,
    }
}

impl Regression {
    /// As a gate.
    pub fn gate(&self) -> Gate {
        let (outcome, told): (_, Vec<&Judged>) = match self.verdict {
            RegressionVerdict::Regression => (
                GateOutcome::Failed,
                self.figures.iter().filter(|judged| judged.worse).collect(),
            ),
            RegressionVerdict::NoRegression => (
                GateOutcome::Held,
                self.figures.iter().filter(|judged| judged.leads).collect(),
            ),
            RegressionVerdict::Inconclusive => (
                GateOutcome::Inconclusive,
                self.figures.iter().filter(|judged| judged.leads).collect(),
            ),
        };
        let told: Vec<String> = told
            .into_iter()
            .map(|judged| words(&judged.ratio))
            .collect();
        let mut found = told.join("; ");
        if found.is_empty() {
            "no pair of slices has both builds".clone_into(&mut found);
        } else if self.verdict == RegressionVerdict::Inconclusive {
            found.push_str(": neither worse than 5 % nor not, beyond doubt; take more pairs");
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

fn judge(pairs: &Pairs<'_>, flow: Option<&str>, figure: Figure) -> Option<Judged> {
    let paired = Paired::of(pairs.logarithms(flow, figure))?;
    let (above, below) = match figure {
        Figure::Rate => {
            let limit = (1.0 - WORSE).ln();
            let worse = paired.chance_unless_below(limit);
            (worse, paired.chance_unless_above(limit))
        }
        Figure::P50 | Figure::P99 | Figure::ServerCpuPerFlow => {
            let limit = WORSE.ln_1p();
            let worse = paired.chance_unless_above(limit);
            (worse, paired.chance_unless_below(limit))
        }
    };
    let enough = paired.pairs() >= FEWEST_PAIRS;
    Some(Judged {
        ratio: told(&paired, flow, figure),
        leads: flow.is_none(),
        worse: false,
        excluded: enough && below <= TAIL,
        chance: if enough { above } else { 1.0 },
        weight: match (flow, figure) {
            (None, Figure::ServerCpuPerFlow) => 4.0,
            _ => 1.0,
        },
    })
}

/// Holm's method: the least likely by its weight first, each against its share of what is left.
fn correct(family: &mut [Judged]) {
    family.sort_by(|one, other| {
        let by_weight = |judged: &Judged| judged.chance / judged.weight;
        by_weight(one).total_cmp(&by_weight(other))
    });
    let mut left: f64 = family.iter().map(|judged| judged.weight).sum();
    for judged in family {
        if judged.chance > TAIL * judged.weight / left {
            return;
        }
        judged.worse = true;
        left -= judged.weight;
    }
}

/// Such as `rate 0.942 × (0.921 to 0.965, 12 pairs)`.
pub(crate) fn words(ratio: &Ratio) -> String {
    let flow = ratio
        .flow
        .as_ref()
        .map_or(String::new(), |flow| format!("{flow} "));
    let Ratio {
        figure,
        ratio: middle,
        low,
        high,
        pairs,
        ..
    } = ratio;
    if *high >= UNBOUNDED {
        return format!("{flow}{figure} {middle:.3} × (one pair: no interval)");
    }
    format!("{flow}{figure} {middle:.3} × ({low:.3} to {high:.3}, {pairs} pairs)")
}
