//! The distribution of Wilcoxon's signed-rank statistic.

/// The distribution of the sum of the ranks of positive differences over `n` pairs whose
/// differences are symmetric about zero: each rank from 1 to `n` counts with probability one half.
///
/// Hollander, Wolfe and Chicken, *Nonparametric Statistical Methods*, 3rd edition, section 3.1.
pub(super) struct SignedRank {
    /// Cumulative probability of each value.
    cumulative: Vec<f64>,
}

impl SignedRank {
    pub(super) fn new(pairs: usize) -> Self {
        let mut probabilities = vec![0.0; pairs * (pairs + 1) / 2 + 1];
        probabilities[0] = 1.0;
        let mut max = 0;
        for rank in 1..=pairs {
            max += rank;
            // Descending, so that the probabilities read do not include this rank yet.
            for sum in (0..=max).rev() {
                let with_rank = sum
                    .checked_sub(rank)
                    .map_or(0.0, |rest| probabilities[rest]);
                probabilities[sum] = f64::midpoint(probabilities[sum], with_rank);
            }
        }
        let mut total = 0.0;
        for probability in &mut probabilities {
            total += *probability;
            *probability = total;
        }
        Self {
            cumulative: probabilities,
        }
    }

    /// The probability that the statistic is at most this value.
    pub(super) fn cdf(&self, statistic: usize) -> f64 {
        let last = self.cumulative.len() - 1;
        self.cumulative[statistic.min(last)]
    }

    /// The largest value whose cumulative probability is at most `level`; none if even zero is
    /// more likely.
    pub(super) fn critical(&self, level: f64) -> Option<usize> {
        self.cumulative
            .partition_point(|probability| *probability <= level)
            .checked_sub(1)
    }
}
