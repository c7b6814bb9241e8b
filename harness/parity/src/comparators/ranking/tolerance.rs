//! Numbers that are equal within a tolerance.

/// Whether two numbers are at most `tolerance · scale` apart.
///
/// A sum of floats is off by at most `(n − 1)ε · Σ|termᵢ|` (Higham, *Accuracy and Stability of
/// Numerical Algorithms*, section 4.2), which cancellation can make far greater than `ε · |sum|`. So
/// the scale of a sum is `Σ|termᵢ|`. Where the terms are not known, it is the greater number, and at
/// least 1.
pub(super) fn near(left: f64, right: f64, tolerance: f64, scale: Option<f64>) -> bool {
    let scale = scale.unwrap_or_else(|| left.abs().max(right.abs()).max(1.0));
    // The tolerance of an infinite scale would include every number.
    left == right || (scale.is_finite() && (left - right).abs() <= tolerance * scale)
}

/// The greater scale, of those that are known.
pub(super) fn greater(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::max)
}
