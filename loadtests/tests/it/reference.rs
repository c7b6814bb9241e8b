//! The reference of the machine's speed.

use std::time::{Duration, Instant};

use lakehouse_loadtests::reference::{Drift, drift, sample};

use crate::measured::reference;

#[test]
fn samples_take_a_short_time_and_have_both_figures() {
    let began = Instant::now();
    let sample = sample(17).unwrap();
    // Rounds have a fixed length; a busy machine only lengthens the waits between them.
    assert!(
        began.elapsed() < Duration::from_secs(120),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(sample.at_ms, 17);
    assert!(sample.cpu_rounds_per_second > 100.0, "{sample:?}");
    assert!(sample.echoes_per_second > 100.0, "{sample:?}");
}

#[test]
fn drift_is_the_largest_departure_from_the_median() {
    let mut samples = [1.0, 1.0, 1.0, 1.05, 1.0].map(reference);
    samples[1].echoes_per_second *= 0.8;
    let Drift { cpu, echo } = drift(&samples).unwrap();
    assert!((cpu - 0.05).abs() < 1e-9, "{cpu}");
    assert!((echo - 0.2).abs() < 1e-9, "{echo}");
}

#[test]
fn a_tenth_is_the_limit() {
    let drifted = |speed: f64| drift(&[1.0, 1.0, speed].map(reference)).unwrap();
    assert!(!drifted(1.0999).is_too_large());
    assert!(!drifted(0.9001).is_too_large());
    assert!(drifted(1.1001).is_too_large());
    assert!(drifted(0.8999).is_too_large());
}

#[test]
fn single_samples_have_no_drift_and_nan_drifts_too_far() {
    assert!(drift(&[]).is_none());
    assert!(drift(&[reference(1.0)]).is_none());
    assert!(
        drift(&[1.0, f64::NAN, 1.0].map(reference))
            .unwrap()
            .is_too_large()
    );
    assert!(
        drift(&[0.0, 0.0, 0.0].map(reference))
            .unwrap()
            .is_too_large()
    );
}
