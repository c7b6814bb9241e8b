//! What changes between an implementation's answers to one case.

use std::collections::BTreeMap;

use crate::compare::Prepared;
use crate::difference::Difference;
use crate::outcome::Noise;

/// The differences between an implementation's answers to one case.
#[derive(Debug, Default)]
pub(super) struct Instability {
    /// Between the first answer and each later one.
    pub(super) found: Vec<Difference>,
    /// The later answers that differ from the first.
    pub(super) others: Vec<Prepared>,
    /// Whether the order of the cases explains them.
    pub(super) by_order: bool,
}

impl Instability {
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Adds a later answer that differs from the first.
    pub(super) fn add(&mut self, differences: Vec<Difference>, answer: Prepared) {
        self.found.extend(differences);
        self.others.push(answer);
    }

    /// Every place that changes, with all its values.
    pub(super) fn places(&self, implementation: &str) -> Vec<Noise> {
        let mut places: Vec<Noise> = Vec::new();
        let mut indices: BTreeMap<&str, usize> = BTreeMap::new();
        for difference in &self.found {
            let index = *indices.entry(&difference.path).or_insert(places.len());
            if index == places.len() {
                places.push(Noise {
                    implementation: implementation.to_owned(),
                    path: difference.path.clone(),
                    values: Vec::new(),
                });
            }
            let values = &mut places[index].values;
            for side in [&difference.left, &difference.right] {
                if !values.contains(&side.shape) {
                    values.push(side.shape.clone());
                }
            }
        }
        places
    }
}
