//! A vector made from a text: the same text gives the same vector on every machine.
//!
//! FNV-1a of the text seeds splitmix64, whose numbers are the direction. The magnitude is about
//! 20, like that of a real model before it is normalised, so that a service which forgets to
//! normalise is seen.

/// Components of a vector.
pub const DIMENSION: usize = 16;

/// The vector of a text: 16 components, magnitude between 19 and 21.
pub fn embed_text(text: &str) -> Vec<f32> {
    let mut state = fnv1a(text.as_bytes());
    let magnitude = 20.0 + unit(&mut state);
    let direction: Vec<f64> = (0..DIMENSION).map(|_| unit(&mut state)).collect();
    let norm = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
    direction
        .iter()
        .map(|x| round(x / norm * magnitude))
        .collect()
}

/// Five decimals keep the wire short and every reader's parse exact.
#[expect(
    clippy::cast_possible_truncation,
    reason = "f32 is what the wire format carries"
)]
fn round(x: f64) -> f32 {
    ((x * 1e5).round() / 1e5) as f32
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The next number of splitmix64, in [-1, 1).
#[expect(
    clippy::cast_precision_loss,
    reason = "53 bits are kept, which a double holds exactly"
)]
fn unit(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    (z >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magnitude_is_about_twenty_and_texts_differ() {
        let texts = [
            "",
            "a",
            "b",
            "forklift operator",
            "Führer eines Gabelstaplers",
        ];
        for text in texts {
            let vector = embed_text(text);
            let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
            assert_eq!(vector.len(), DIMENSION);
            assert!((18.9..21.1).contains(&norm), "`{text}` has norm {norm}");
        }
        let distinct: std::collections::BTreeSet<String> = texts
            .iter()
            .map(|text| format!("{:?}", embed_text(text)))
            .collect();
        assert_eq!(distinct.len(), texts.len());
    }

    #[test]
    fn a_known_text_keeps_its_vector() {
        let vector = embed_text("forklift");
        assert_eq!(format!("{:?}", &vector[..3]), "[4.2787, 6.55857, -6.44334]");
    }
}
