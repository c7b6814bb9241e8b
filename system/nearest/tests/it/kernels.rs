//! All instruction sets give the same bits.

use half::f16;
use lakehouse_nearest::{Kernels, Summed};
use proptest::prelude::*;

fn pairs<T: std::fmt::Debug + Clone + 'static>(
    value: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = (Vec<T>, Vec<T>)> {
    (0..300usize).prop_flat_map(move |length| {
        (
            prop::collection::vec(value.clone(), length),
            prop::collection::vec(value.clone(), length),
        )
    })
}

fn all_equal<R: PartialEq + std::fmt::Debug>(compute: impl Fn(&Kernels) -> R) {
    let sets = Kernels::available();
    let portable = sets.last().expect("the portable kernels");
    for set in &sets {
        assert_eq!(compute(set), compute(portable), "{}", set.name());
    }
}

proptest! {
    #[test]
    fn f32_kernels_agree((a, b) in pairs(-1e3f32..1e3)) {
        all_equal(|set| set.dot(&a, &b).to_bits());
        all_equal(|set| set.squared_euclidean(&a, &b).to_bits());
        let truth: f64 = a.iter().zip(&b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        let scale: f64 = a.iter().zip(&b).map(|(a, b)| f64::from(a * b).abs()).sum();
        let dot = f64::from(Kernels::detected().dot(&a, &b));
        prop_assert!((dot - truth).abs() <= 1e-6 * scale + 1e-30);
    }

    #[test]
    fn f32_kernels_agree_at_any_magnitude((a, b) in pairs((-1.0f32..1.0, -40..40i32).prop_map(|(m, e)| m * 2f32.powi(e)))) {
        all_equal(|set| set.dot(&a, &b).to_bits());
        all_equal(|set| set.squared_euclidean(&a, &b).to_bits());
    }

    #[test]
    fn f16_kernels_agree((a, b) in pairs(-1e3f32..1e3)) {
        let a: Vec<f16> = a.into_iter().map(f16::from_f32).collect();
        all_equal(|set| set.dot_f16(&a, &b).to_bits());
    }

    #[test]
    fn i8_kernels_agree((a, b) in pairs(-127..=127i8)) {
        let truth: i32 = a.iter().zip(&b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
        all_equal(|set| set.dot_i8(&a, Summed::from_codes(&b)));
        prop_assert_eq!(Kernels::detected().dot_i8(&a, Summed::from_codes(&b)), truth);
    }
}

#[test]
fn i8_kernels_do_not_overflow() {
    for (row, query) in [(127, 127), (-127, 127), (127, -127), (-127, -127)] {
        let (row, query) = (vec![row; 65_536], vec![query; 65_536]);
        all_equal(|set| set.dot_i8(&row, Summed::from_codes(&query)));
    }
}
