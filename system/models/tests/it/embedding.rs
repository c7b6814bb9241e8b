//! Unit vectors and their JSON texts.

use lakehouse_models::embed::Embedding;
use proptest::prelude::*;

#[test]
fn vectors_without_a_direction_are_rejected() {
    let cases: [&[f64]; 6] = [
        &[],
        &[0.0],
        &[0.0, -0.0],
        &[1.0, f64::NAN],
        &[f64::INFINITY],
        &[1.0, f64::NEG_INFINITY],
    ];
    for raw in cases {
        assert_eq!(Embedding::normalised(raw), None, "{raw:?}");
    }
}

#[test]
fn numbers_are_in_the_shortest_form_that_reads_back() {
    let cases: [(&[f64], &str); 6] = [
        (&[3.0, 4.0], "[0.6,0.8]"),
        (&[-5.0], "[-1.0]"),
        (&[1.0, 1.0], "[0.70710677,0.70710677]"),
        (&[0.0, 2.0, -0.0], "[0.0,1.0,-0.0]"),
        (&[1e300, 1e300], "[0.70710677,0.70710677]"),
        (&[3e-320, 4e-320], "[0.6,0.8]"),
    ];
    for (raw, want) in cases {
        let embedding = Embedding::normalised(raw).unwrap();
        assert_eq!(embedding.json(), want, "{raw:?}");
        assert_eq!(embedding.dimension(), raw.len());
    }
}

proptest! {
    #[test]
    fn any_finite_vector_becomes_a_unit_vector(raw in prop::collection::vec(prop::num::f64::NORMAL, 1..50)) {
        let embedding = Embedding::normalised(&raw).unwrap();
        let norm = embedding.values().iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        prop_assert!((norm - 1.0).abs() < 1e-5, "{norm}");
        let read: Vec<f32> = serde_json::from_str(embedding.json()).unwrap();
        prop_assert_eq!(read, embedding.values());
    }
}
