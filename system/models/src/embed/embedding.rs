//! One vector of length 1, and its JSON text.

use std::sync::Arc;

/// A unit vector. Cloning it copies no numbers.
///
/// The JSON text is written once, when the vector is made: a cached answer is then copied, not
/// printed. Numbers are in the shortest form that reads back as the same `f32`.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    values: Arc<[f32]>,
    json: Arc<str>,
}

impl Embedding {
    /// Divides `raw` by its L2 norm. `None` when that cannot be done: it is empty, an element is
    /// not finite, or the norm is 0.
    pub fn normalised(raw: &[f64]) -> Option<Self> {
        if !raw.iter().all(|value| value.is_finite()) {
            return None;
        }
        let largest = raw
            .iter()
            .fold(0.0_f64, |so_far, value| so_far.max(value.abs()));
        if largest == 0.0 {
            return None;
        }
        // Squares of very large or very small elements leave the range of a double; the largest
        // element is brought near 1 then. A power of two, so that no digit is lost.
        let scale = if (1e-100..=1e100).contains(&largest) {
            1.0
        } else {
            power_of_two_near(largest)
        };
        let norm = raw
            .iter()
            .map(|value| (value / scale).powi(2))
            .sum::<f64>()
            .sqrt();
        let values: Arc<[f32]> = raw
            .iter()
            .map(|value| (value / scale / norm) as f32)
            .collect();
        let json = serde_json::to_string(&*values).ok()?.into();
        Some(Self { values, json })
    }

    /// The elements.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// How many elements there are.
    pub fn dimension(&self) -> usize {
        self.values.len()
    }

    /// The vector as a JSON array, without white space.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The bytes that the vector and its text take.
    pub fn size_bytes(&self) -> usize {
        size_of_val(&*self.values) + self.json.len()
    }
}

/// 2 to the power of the exponent of `value`, kept inside the normal range.
fn power_of_two_near(value: f64) -> f64 {
    2.0_f64.powi(value.log2().floor().clamp(-1022.0, 1022.0) as i32)
}
