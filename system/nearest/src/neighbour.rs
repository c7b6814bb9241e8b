//! Search results: their order, and a collector of the nearest.

/// A row and its exact distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// The row's slot.
    pub slot: u32,
    /// Its distance to the query; smaller is nearer.
    pub distance: f32,
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

/// Collects the `k` nearest, and all further ones at the distance of the `k`-th.
pub(crate) struct Nearest {
    k: usize,
    kept: Vec<Neighbour>,
    /// The distance of the `k`-th at the last [`prune`](Self::prune); anything farther is discarded.
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

    /// Whether a row at this distance would be kept.
    #[inline]
    pub(crate) fn admits(&self, distance: f32) -> bool {
        self.k > 0
            && self
                .limit
                .is_none_or(|limit| distance.total_cmp(&limit).is_le())
    }

    #[inline]
    pub(crate) fn push(&mut self, neighbour: Neighbour) {
        if self.admits(neighbour.distance) {
            self.kept.push(neighbour);
            if self.kept.len() >= self.prune_at {
                self.prune();
                self.prune_at = (self.kept.len() * 2).max(self.prune_at);
            }
        }
    }

    /// Discards everything farther than the `k`-th.
    pub(crate) fn prune(&mut self) {
        if self.k == 0 || self.kept.len() < self.k {
            return;
        }
        let (_, last, _) = self
            .kept
            .select_nth_unstable_by(self.k - 1, Neighbour::order);
        let limit = last.distance;
        self.limit = Some(limit);
        self.kept
            .retain(|neighbour| neighbour.distance.total_cmp(&limit).is_le());
    }

    /// The result by distance, then slot; more than `k` only if the last ones have the same distance.
    pub(crate) fn into_sorted(mut self) -> Vec<Neighbour> {
        self.prune();
        self.kept.sort_unstable_by(Neighbour::order);
        self.kept
    }
}
