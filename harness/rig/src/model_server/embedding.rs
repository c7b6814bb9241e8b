//! Embeddings without a model: the same text has the same vector on every machine.

/// Components of a [`scattered`] vector.
pub const SCATTERED_DIMENSION: usize = 16;

/// Components of a [`by_words`] vector, as many as `nomic-embed-text` has.
pub const WORDS_DIMENSION: usize = 768;

/// Words that [`by_words`] ignores, since they do not distinguish texts.
const COMMON_WORDS: [&str; 16] = [
    "a",
    "and",
    "as",
    "at",
    "available",
    "based",
    "for",
    "in",
    "looking",
    "need",
    "of",
    "on",
    "the",
    "to",
    "with",
    "works",
];

/// A vector in a direction that has nothing to do with the meaning of the text.
///
/// FNV-1a of the text seeds splitmix64, whose numbers are the direction. The magnitude is between
/// 19 and 21, like that of a real model before it is normalised, so that a service that does not
/// normalise is detected.
#[must_use]
pub fn scattered(text: &str) -> Vec<f64> {
    let mut state = fnv_1a(text);
    let magnitude = 20.0 + unit(&mut state);
    let direction: Vec<f64> = (0..SCATTERED_DIMENSION).map(|_| unit(&mut state)).collect();
    let norm = norm(&direction);
    direction
        .iter()
        .map(|x| round(x / norm * magnitude))
        .collect()
}

/// A vector of length 1 that is near those of texts with the same words: hashed words (Weinberger
/// et al. 2009). Nearly all components are 0, which keeps answers short.
#[must_use]
pub fn by_words(text: &str) -> Vec<f64> {
    let mut sums = vec![0.0; WORDS_DIMENSION];
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    for word in words {
        add_word(&mut sums, &word.to_lowercase());
    }
    let norm = norm(&sums);
    if norm == 0.0 {
        // Without words, or when they cancel out: the zero vector has no direction.
        sums[(fnv_1a(text) % WORDS_DIMENSION as u64) as usize] = 1.0;
        return sums;
    }
    sums.iter().map(|sum| sum / norm).collect()
}

fn add_word(sums: &mut [f64], word: &str) {
    if COMMON_WORDS.contains(&word) {
        return;
    }
    let is_plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
    let stem = &word[..word.len() - usize::from(is_plural)];
    // Numbers and states distinguish less than roles and places.
    let weight = if stem.len() > 2 { 2.0 } else { 1.0 };
    let hash = fnv_1a(stem);
    let sign = if hash >> 63 == 1 { -weight } else { weight };
    sums[(hash % WORDS_DIMENSION as u64) as usize] += sign;
}

/// To five decimals in single precision, as a model's answer has it.
#[expect(
    clippy::cast_possible_truncation,
    reason = "single precision is the point"
)]
fn round(x: f64) -> f64 {
    f64::from(((x * 1e5).round() / 1e5) as f32)
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// FNV-1a, 64 bits.
fn fnv_1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
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

    const TEXTS: [&str; 6] = [
        "",
        "a",
        "·· 12 — ぱ",
        "forklift operator",
        "Führer eines Gabelstaplers",
        "CNC Operator in Akron, OH. Calipers, Fanuc controls. 9 years.",
    ];

    #[test]
    fn scattered_vectors_have_magnitude_twenty_and_differ() {
        for text in TEXTS {
            let vector = scattered(text);
            let norm = norm(&vector);
            assert_eq!(vector.len(), SCATTERED_DIMENSION);
            assert!((18.9..21.1).contains(&norm), "`{text}` has norm {norm}");
        }
        let distinct: std::collections::BTreeSet<String> = TEXTS
            .iter()
            .map(|text| format!("{:?}", scattered(text)))
            .collect();
        assert_eq!(distinct.len(), TEXTS.len());
    }

    #[test]
    fn a_scattered_vector_never_changes() {
        let vector: Vec<f32> = scattered("forklift").iter().map(|x| *x as f32).collect();
        assert_eq!(format!("{:?}", &vector[..3]), "[4.2787, 6.55857, -6.44334]");
    }

    #[test]
    fn word_vectors_have_length_one() {
        for text in TEXTS {
            let vector = by_words(text);
            let norm = norm(&vector);
            assert_eq!(vector.len(), WORDS_DIMENSION, "{text}");
            assert!((norm - 1.0).abs() < 1e-9, "`{text}` has norm {norm}");
        }
    }

    #[test]
    fn texts_with_common_words_are_near() {
        let query = by_words("Need 4x CNC Operators in Akron OH at 06:00 for Johns Fabrication");
        let similarity = |text| -> f64 {
            let other = by_words(text);
            query.iter().zip(other).map(|(a, b)| a * b).sum()
        };
        let both = similarity("CNC Operator with 9 years of experience, based in Akron, OH.");
        let role = similarity("CNC Operator with 9 years of experience, based in Tacoma, WA.");
        let place = similarity("Packer with 9 years of experience, based in Akron, OH.");
        let neither = similarity("Packer with 9 years of experience, based in Tacoma, WA.");
        assert!(
            both > role + 0.1 && both > place + 0.1,
            "{both} {role} {place}"
        );
        assert!(
            role > neither + 0.1 && place > neither + 0.1,
            "{role} {place} {neither}"
        );
    }
}
