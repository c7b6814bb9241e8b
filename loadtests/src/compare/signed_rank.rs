//! The distribution of Wilcoxon's signed-rank statistic.

/// How the sum of the ranks of positive differences is distributed over `n` pairs whose
/// differences are symmetric about zero: each rank from 1 to `n` counts or not, at even odds.
///
/// Hollander, Wolfe and Chicken, *Nonparametric Statistical Methods*, 3rd edition, section 3.1.
pub(super) struct SignedRank {
    /// The chance that the statistic is no more than the index.
    cumulative: Vec<f64>,
}

impl SignedRank {
    pub(super) fn of(pairs: usize) -> Self {
        let mut chances = vec![0.0; pairs * (pairs + 1) / 2 + 1];
        chances[0] = 1.0;
        let mut top = 0;
        for rank in 1..=pairs {
            top += rank;
            // Downwards, so that what is read is still without this rank.
            for sum in (0..=top).rev() {
                let with = sum.checked_sub(rank).map_or(0.0, |rest| chances[rest]);
                chances[sum] = f64::midpoint(chances[sum], with);
            }
        }
        let mut total = 0.0;
        for chance in &mut chances {
            total += *chance;
            *chance = total;
        }
        Self {
            cumulative: chances,
        }
    }

    /// The chance that the statistic is no more than this.
    pub(super) fn at_most(&self, statistic: usize) -> f64 {
        let last = self.cumulative.len() - 1;
        self.cumulative[statistic.min(last)]
    }

    /// The largest value that is reached or stayed under with at most this chance; none when even
    /// zero is likelier.
    pub(super) fn critical(&self, chance: f64) -> Option<usize> {
        self.cumulative
            .partition_point(|below| *below <= chance)
            .checked_sub(1)
    }
}
