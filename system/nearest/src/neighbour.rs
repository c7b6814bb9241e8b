//! Search results: their order, and a collector of the rows that may be among the nearest.

/// A row and its exact distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// The row's slot.
    pub slot: u32,
    /// Its distance to the query; smaller is nearer.
    pub distance: f64,
}

impl Neighbour {
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.distance
            .total_cmp(&other.distance)
            .then(self.slot.cmp(&other.slot))
    }
}

/// The bits of a number, ordered as unsigned integers like `f32::total_cmp`.
#[inline]
pub(crate) fn ordered(value: f32) -> u32 {
    let bits = value.to_bits();
    bits ^ (((bits as i32 >> 31) as u32) | 1 << 31)
}

/// The inverse of [`ordered`].
#[inline]
pub(crate) fn unordered(bits: u32) -> f32 {
    f32::from_bits(if bits >> 31 == 1 {
        bits ^ (1 << 31)
    } else {
        !bits
    })
}

/// A row and bounds on its exact distance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) slot: u32,
    pub(crate) lower: f32,
    pub(crate) upper: f32,
}

/// Collects the rows that may be among the `k` nearest or at the distance of the `k`-th.
pub(crate) struct Nearest {
    k: usize,
    kept: Vec<Candidate>,
    /// The `k`-th upper bound at the last [`prune`](Self::prune); rows whose lower bound is above it are
    /// discarded.
    limit: Option<f32>,
    prune_at: usize,
}

impl Nearest {
    pub(crate) fn new(k: usize) -> Self {
        let prune_at = k.saturating_mul(2).max(32);
        Self {
            k,
            kept: Vec::new(),
            limit: None,
            prune_at,
        }
    }

    /// Whether a row with this lower bound would be kept.
    #[inline]
    pub(crate) fn admits(&self, lower: f32) -> bool {
        self.k > 0
            && self
                .limit
                .is_none_or(|limit| lower.total_cmp(&limit).is_le())
    }

    #[inline]
    pub(crate) fn push(&mut self, candidate: Candidate) {
        if self.admits(candidate.lower) {
            self.kept.push(candidate);
            if self.kept.len() >= self.prune_at {
                self.prune();
                self.prune_at = (self.kept.len() * 2).max(self.prune_at);
            }
        }
    }

    /// Discards everything that is certainly farther than the `k`-th.
    pub(crate) fn prune(&mut self) {
        if self.k == 0 || self.kept.len() < self.k {
            return;
        }
        let by_upper = |a: &Candidate, b: &Candidate| a.upper.total_cmp(&b.upper);
        let (_, last, _) = self.kept.select_nth_unstable_by(self.k - 1, by_upper);
        let limit = last.upper;
        self.limit = Some(limit);
        self.kept
            .retain(|candidate| candidate.lower.total_cmp(&limit).is_le());
    }

    /// The `k` nearest by their exact distance, then slot; more than `k` only if the last ones have the
    /// same distance. `measure` computes the distances of the candidates.
    pub(crate) fn into_sorted(
        mut self,
        measure: impl FnOnce(&[Candidate]) -> Vec<Neighbour>,
    ) -> Vec<Neighbour> {
        self.prune();
        let mut found = measure(&self.kept);
        found.sort_unstable_by(Neighbour::order);
        if let Some(last) = found.get(self.k.wrapping_sub(1)).map(|last| last.distance) {
            let end = found.partition_point(|one| one.distance.total_cmp(&last).is_le());
            found.truncate(end);
        }
        found
    }
}
