//! Estimate, interval and tests for the location of paired differences.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::signed_rank::SignedRank;
use crate::statistics::median_of_sorted;

/// The probability beyond either end of a 95 % interval.
pub(super) const TAIL: f64 = 0.025;

/// Minimum number of pairs for a signed-rank interval at 95 %.
const MIN_PAIRS_FOR_RANKS: usize = 6;

/// Differences of pairs, such as logarithms of ratios.
pub(super) struct Paired {
    differences: Vec<f64>,
    /// The means of every two differences, each paired with itself included, in ascending order.
    walsh_averages: Vec<f64>,
}

impl Paired {
    /// Keeps the finite differences; none if there are none.
    pub(super) fn new(differences: impl IntoIterator<Item = f64>) -> Option<Self> {
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
    pub(super) fn estimate(&self) -> f64 {
        median_of_sorted(&self.walsh_averages)
    }

    /// The 95 % interval; infinite for a single pair.
    pub(super) fn interval(&self) -> (f64, f64) {
        if self.pairs() < MIN_PAIRS_FOR_RANKS {
            return self.student_interval();
        }
        let critical = SignedRank::new(self.pairs()).critical(TAIL);
        critical.map_or((f64::NEG_INFINITY, f64::INFINITY), |critical| {
            let last = self.walsh_averages.len() - 1;
            (
                self.walsh_averages[critical],
                self.walsh_averages[last - critical],
            )
        })
    }

    /// The p-value of such differences if their location is at most `limit`.
    pub(super) fn p_value_above(&self, limit: f64) -> f64 {
        let above = self.walsh_averages.iter().filter(|mean| **mean > limit);
        self.p_value(above.count())
    }

    /// The p-value of such differences if their location is at least `limit`.
    pub(super) fn p_value_below(&self, limit: f64) -> f64 {
        let below = self.walsh_averages.iter().filter(|mean| **mean < limit);
        self.p_value(below.count())
    }

    /// The probability of a statistic of at least this value. The statistic, the sum of the ranks
    /// of differences beyond a limit, equals the number of Walsh averages beyond it.
    fn p_value(&self, statistic: usize) -> f64 {
        let rest = self.walsh_averages.len() - statistic;
        SignedRank::new(self.pairs()).cdf(rest)
    }

    /// Student's t interval around the mean.
    pub(super) fn student_interval(&self) -> (f64, f64) {
        let count = self.pairs() as f64;
        let mean = self.differences.iter().sum::<f64>() / count;
        let Ok(student) = StudentsT::new(0.0, 1.0, count - 1.0) else {
            return (f64::NEG_INFINITY, f64::INFINITY);
        };
        let squares = self.differences.iter().map(|d| (d - mean).powi(2));
        let deviation = (squares.sum::<f64>() / (count - 1.0)).sqrt();
        let half_width = student.inverse_cdf(1.0 - TAIL) * deviation / count.sqrt();
        (mean - half_width, mean + half_width)
    }
}
