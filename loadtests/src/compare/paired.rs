//! The middle of paired differences, and how far it may be off.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::signed_rank::SignedRank;

/// What either end of an interval at 95 % leaves out.
pub(super) const TAIL: f64 = 0.025;

/// With fewer pairs no interval of signed ranks reaches 95 %.
const FEWEST_FOR_RANKS: usize = 6;

/// Differences of pairs, such as logarithms of ratios.
pub(super) struct Paired {
    differences: Vec<f64>,
    /// The mean of each two differences, each with itself too, in order.
    walsh_averages: Vec<f64>,
}

impl Paired {
    /// Of those that are finite; none when none is.
    pub(super) fn of(differences: impl IntoIterator<Item = f64>) -> Option<Self> {
        let differences: Vec<f64> = differences.into_iter().filter(|d| d.is_finite()).collect();
        if differences.is_empty() {
            return None;
        }
        let mut walsh_averages = Vec::with_capacity(differences.len() * differences.len());
        for (index, one) in differences.iter().enumerate() {
            for other in &differences[index..] {
                walsh_averages.push(f64::midpoint(*one, *other));
            }
        }
        walsh_averages.sort_by(f64::total_cmp);
        Some(Self {
            differences,
            walsh_averages,
        })
    }

    pub(super) fn pairs(&self) -> usize {
        self.differences.len()
    }

    /// Hodges and Lehmann's estimate: the median of the Walsh averages.
    pub(super) fn middle(&self) -> f64 {
        let last = self.walsh_averages.len() - 1;
        f64::midpoint(
            self.walsh_averages[last / 2],
            self.walsh_averages[last.div_ceil(2)],
        )
    }

    /// The interval at 95 %; infinite when there is but one pair.
    pub(super) fn interval(&self) -> (f64, f64) {
        if self.pairs() < FEWEST_FOR_RANKS {
            return self.student_interval();
        }
        let critical = SignedRank::of(self.pairs()).critical(TAIL);
        critical.map_or((f64::NEG_INFINITY, f64::INFINITY), |critical| {
            let last = self.walsh_averages.len() - 1;
            (
                self.walsh_averages[critical],
                self.walsh_averages[last - critical],
            )
        })
    }

    /// How likely such differences are when their middle is no more than `limit`.
    pub(super) fn chance_unless_above(&self, limit: f64) -> f64 {
        let above = self.walsh_averages.iter().filter(|mean| **mean > limit);
        self.chance_of(above.count())
    }

    /// How likely such differences are when their middle is no less than `limit`.
    pub(super) fn chance_unless_below(&self, limit: f64) -> f64 {
        let below = self.walsh_averages.iter().filter(|mean| **mean < limit);
        self.chance_of(below.count())
    }

    /// The chance of a statistic of at least this: as many Walsh averages lie beyond a value as
    /// the ranks of the differences beyond it sum up to.
    fn chance_of(&self, statistic: usize) -> f64 {
        let rest = self.walsh_averages.len() - statistic;
        SignedRank::of(self.pairs()).at_most(rest)
    }

    /// Student's t interval, about the mean.
    pub(super) fn student_interval(&self) -> (f64, f64) {
        let count = self.pairs() as f64;
        let mean = self.differences.iter().sum::<f64>() / count;
        let Ok(student) = StudentsT::new(0.0, 1.0, count - 1.0) else {
            return (f64::NEG_INFINITY, f64::INFINITY);
        };
        let squares = self.differences.iter().map(|d| (d - mean).powi(2));
        let deviation = (squares.sum::<f64>() / (count - 1.0)).sqrt();
        let reach = student.inverse_cdf(1.0 - TAIL) * deviation / count.sqrt();
        (mean - reach, mean + reach)
    }
}
