//! The built-in provider: feature hashing of words and character trigrams (Weinberger et al.,
//! "Feature Hashing for Large Scale Multitask Learning", 2009) into 768 dimensions.
//!
//! It is lexical: texts that share words or parts of words are near, whatever they mean. It needs no
//! other program and returns the same vectors on every machine.

use async_trait::async_trait;

use super::{EmbedError, EmbedRequest, Embedder, Embedding, words::words_of_lowered};

/// The provider's only model.
pub const MODEL: &str = "hash-768";

const DIMENSION: usize = 768;
const WORD_WEIGHT: i32 = 2;
const TRIGRAM_WEIGHT: i32 = 1;

/// The provider `hash`.
#[derive(Debug, Clone, Copy, Default)]
pub struct HashEmbedder;

#[async_trait]
impl Embedder for HashEmbedder {
    fn provider(&self) -> &'static str {
        "hash"
    }

    async fn embed(&self, request: EmbedRequest<'_>) -> Result<Vec<Embedding>, EmbedError> {
        if request.model != MODEL {
            return Err(EmbedError::UnknownModel {
                model: request.model.to_owned(),
            });
        }
        let mut embeddings = Vec::with_capacity(request.texts.len());
        for text in request.texts {
            embeddings.push(embed_text(&format!("{}{text}", request.prefix)));
        }
        Ok(embeddings)
    }
}

/// The vector of one text.
pub fn embed_text(text: &str) -> Embedding {
    let mut components = [0_i32; DIMENSION];
    let lowered = text.to_ascii_lowercase();
    for word in words_of_lowered(&lowered) {
        add(
            &mut components,
            Feature::new(b"w:").followed_by(word),
            WORD_WEIGHT,
        );
        let framed: Vec<char> = ['^'].into_iter().chain(word.chars()).chain(['$']).collect();
        for trigram in framed.windows(3) {
            let mut feature = Feature::new(b"g:");
            for c in trigram {
                feature = feature.followed_by(c.encode_utf8(&mut [0; 4]));
            }
            add(&mut components, feature, TRIGRAM_WEIGHT);
        }
    }
    // Without words, or if they cancelled out, all components are 0.
    let raw = components.map(f64::from);
    Embedding::normalised(&raw).unwrap_or_else(|| direction(text, DIMENSION))
}

/// The vector of a text in which a model finds nothing: one of its components, which depends on the
/// whole text, is 1.
pub(super) fn direction(text: &str, dimension: usize) -> Embedding {
    let mut raw = vec![0.0; dimension];
    raw[Feature::new(b"t:").followed_by(text).index(dimension)] = 1.0;
    Embedding::normalised(&raw).expect("one component is 1")
}

fn add(components: &mut [i32; DIMENSION], feature: Feature, weight: i32) {
    components[feature.index(DIMENSION)] += if feature.is_negative() {
        -weight
    } else {
        weight
    };
}

/// The 64-bit FNV-1a hash of a feature's name.
#[derive(Clone, Copy)]
struct Feature(u64);

impl Feature {
    fn new(kind: &[u8; 2]) -> Self {
        Self(14_695_981_039_346_656_037).bytes(kind)
    }

    fn followed_by(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    fn bytes(self, bytes: &[u8]) -> Self {
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(1_099_511_628_211);
        Self(bytes.iter().fold(self.0, step))
    }

    fn index(self, dimension: usize) -> usize {
        (self.0 % dimension as u64) as usize
    }

    fn is_negative(self) -> bool {
        self.0 >> 63 == 1
    }
}
