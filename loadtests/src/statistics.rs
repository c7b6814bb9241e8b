//! Robust statistics that several parts share.

/// The median; the mean of the middle two for an even number of values.
///
/// # Panics
/// `values` is empty.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    median_of_sorted(&sorted)
}

/// The median of values in ascending order.
///
/// # Panics
/// `sorted` is empty.
pub(crate) fn median_of_sorted(sorted: &[f64]) -> f64 {
    let last = sorted.len() - 1;
    f64::midpoint(sorted[last / 2], sorted[last.div_ceil(2)])
}
