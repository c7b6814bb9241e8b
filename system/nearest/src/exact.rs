//! Exact sums, as the contract defines them: in `f64`, one operation after the other, in the order of the
//! components. Every implementation gets the same bits.
//!
//! A sum waits for each of its additions, so those of several rows are computed at a time.

/// `a·b` for each row `b`.
pub(crate) fn products<const N: usize>(a: &[f32], rows: [&[f32]; N]) -> [f64; N] {
    sums(a, rows, |a, b| a * b)
}

/// `Σ (a - b)²` for each row `b`.
pub(crate) fn squared_distances<const N: usize>(a: &[f32], rows: [&[f32]; N]) -> [f64; N] {
    sums(a, rows, |a, b| (a - b) * (a - b))
}

/// `‖a‖`.
pub(crate) fn norm(a: &[f32]) -> f64 {
    let [product] = products(a, [a]);
    product.sqrt()
}

fn sums<const N: usize>(a: &[f32], rows: [&[f32]; N], term: impl Fn(f64, f64) -> f64) -> [f64; N] {
    let rows = rows.map(|row| &row[..a.len()]);
    let mut sums = [0.0; N];
    for (index, a) in a.iter().enumerate() {
        for (sum, row) in sums.iter_mut().zip(&rows) {
            *sum += term(f64::from(*a), f64::from(row[index]));
        }
    }
    sums
}
