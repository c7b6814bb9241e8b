//! Inputs that both sides of a pair failed on in the same way.

use std::collections::BTreeMap;

use crate::outcome::BothFailed;
use crate::run::input_text;

/// The inputs, by implementation and by how both sides failed.
#[derive(Debug, Default)]
pub(super) struct BothFailedInputs(BTreeMap<(String, &'static str), Inputs>);

#[derive(Debug)]
struct Inputs {
    count: u64,
    shortest: Vec<u8>,
}

impl BothFailedInputs {
    pub(super) fn add(&mut self, implementation: &str, how: &'static str, input: &[u8]) {
        let key = (implementation.to_owned(), how);
        let inputs = self.0.entry(key).or_insert_with(|| Inputs {
            count: 0,
            shortest: input.to_vec(),
        });
        inputs.count += 1;
        if input.len() < inputs.shortest.len() {
            inputs.shortest = input.to_vec();
        }
    }

    pub(super) fn into_outcomes(self, surface: &str) -> Vec<BothFailed> {
        let all = self.0.into_iter();
        all.map(|((implementation, how), inputs)| BothFailed {
            surface: surface.to_owned(),
            implementation,
            how: how.to_owned(),
            inputs: inputs.count,
            example: input_text(&inputs.shortest),
        })
        .collect()
    }
}
