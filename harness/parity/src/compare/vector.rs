//! Vectors: dimension, norm and direction, each with its own kind of difference.

use super::shape;
use crate::config::probe::Compare;
use crate::difference::{Difference, DifferenceKind, Side};

/// Two vectors at one path.
pub(super) fn compare(
    out: &mut Vec<Difference>,
    path: &str,
    left: &[f64],
    right: &[f64],
    policy: &Compare,
) {
    let mut push = |kind, left_shape: String, right_shape: String| {
        out.push(Difference {
            path: path.to_owned(),
            kind,
            left: side(left_shape, left),
            right: side(right_shape, right),
        });
    };
    if left.len() != right.len() {
        let shape = |vector: &[f64]| format!("vector of {} dimensions", vector.len());
        push(DifferenceKind::Dimension, shape(left), shape(right));
        return;
    }
    let (left_norm, right_norm) = (norm(left), norm(right));
    let largest = left_norm.max(right_norm);
    // Written so that a NaN, which no comparison holds for, is a difference.
    let norms_agree = largest == 0.0 || (left_norm - right_norm).abs() / largest <= policy.norm;
    if !norms_agree {
        push(
            DifferenceKind::Norm,
            shape::norm(left_norm),
            shape::norm(right_norm),
        );
    }
    if left_norm == 0.0 && right_norm == 0.0 {
        return;
    }
    let distance = 1.0 - dot(left, right, left_norm, right_norm);
    let directions_agree = distance <= policy.cosine;
    if !directions_agree {
        let away = "vector that points elsewhere".to_owned();
        push(DifferenceKind::Direction, "vector".to_owned(), away);
    }
}

fn side(shape: String, vector: &[f64]) -> Side {
    let shown = &vector[..vector.len().min(16)];
    let more = if shown.len() < vector.len() {
        ", …"
    } else {
        ""
    };
    let numbers: Vec<String> = shown.iter().map(f64::to_string).collect();
    Side {
        shape,
        text: format!("[{}{more}] (norm {})", numbers.join(", "), norm(vector)),
    }
}

/// Scaled by the largest component, so that 1e300 does not overflow.
fn norm(vector: &[f64]) -> f64 {
    let largest = vector.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    let sum: f64 = vector.iter().map(|x| (x / largest).powi(2)).sum();
    largest * sum.sqrt()
}

fn dot(left: &[f64], right: &[f64], left_norm: f64, right_norm: f64) -> f64 {
    left.iter()
        .zip(right)
        .map(|(l, r)| (l / left_norm) * (r / right_norm))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::tests::policy;
    use super::compare;
    use crate::difference::DifferenceKind;

    fn kinds(left: &[f64], right: &[f64]) -> Vec<DifferenceKind> {
        let mut out = Vec::new();
        compare(&mut out, "body:$", left, right, &policy());
        out.into_iter().map(|difference| difference.kind).collect()
    }

    #[test]
    fn norm_direction_and_dimension_are_told_apart() {
        use DifferenceKind::{Dimension, Direction, Norm};
        assert_eq!(kinds(&[0.6, 0.8], &[0.6, 0.800_000_01]), []);
        assert_eq!(kinds(&[0.6, 0.8], &[12.0, 16.0]), [Norm]);
        assert_eq!(kinds(&[0.6, 0.8], &[0.8, 0.6]), [Direction]);
        assert_eq!(kinds(&[0.6, 0.8], &[-12.0, -16.0]), [Norm, Direction]);
        assert_eq!(kinds(&[1.0], &[1.0, 0.0]), [Dimension]);
        assert_eq!(kinds(&[0.0], &[0.0]), []);
        assert_eq!(kinds(&[0.0], &[1.0]), [Norm, Direction]);
        assert_eq!(kinds(&[1e300, 1e300], &[1e300, 1e300]), []);
        assert_eq!(kinds(&[1.0, 1.0], &[1.0, f64::INFINITY]), [Norm, Direction]);
    }
}
