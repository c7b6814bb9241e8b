//! Unit vectors.

use std::sync::Arc;

/// A unit vector. Cloning it copies no numbers.
///
/// Its JSON text is written once, so that answers from the cache only copy it. Numbers are in the
/// shortest form that reads back as the same `f32`.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    values: Arc<[f32]>,
    json: Arc<str>,
}

impl Embedding {
    /// Divides `raw` by its L2 norm. Returns `None` if it is empty, an element is not finite, or the
    /// norm is 0.
    pub fn normalised(raw: &[f64]) -> Option<Self> {
        if !raw.iter().all(|value| value.is_finite()) {
            return None;
        }
        let largest = raw
            .iter()
            .fold(0.0_f64, |largest, value| largest.max(value.abs()));
        if largest == 0.0 {
            return None;
        }
        // Squares of very large or very small elements leave the range of a double, so scale the
        // largest element to near 1: by a power of two, which is exact.
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

    /// The number of elements.
    pub fn dimension(&self) -> usize {
        self.values.len()
    }

    /// The vector as a JSON array, without white space.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The size of the vector and its text.
    pub fn size_bytes(&self) -> usize {
        size_of_val(&*self.values) + self.json.len()
    }
}

/// The power of two with the exponent of `value`, clamped to the normal range.
fn power_of_two_near(value: f64) -> f64 {
    2.0_f64.powi(value.log2().floor().clamp(-1022.0, 1022.0) as i32)
}
