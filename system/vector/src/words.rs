//! The names that files use for values that other crates define.

use lakehouse_nearest::{GraphKind, Metric, Precision};

const METRICS: [(&str, Metric); 3] = [
    ("cosine", Metric::Cosine),
    ("euclidean", Metric::Euclidean),
    ("dot", Metric::Dot),
];

const PRECISIONS: [(&str, Precision); 3] = [
    ("i8", Precision::I8),
    ("f16", Precision::F16),
    ("f32", Precision::F32),
];

const GRAPHS: [(&str, GraphKind); 2] = [("flat", GraphKind::Flat), ("hnsw_rs", GraphKind::HnswRs)];

/// A type whose values have names in files.
pub(crate) trait Word: Sized + Copy + PartialEq + 'static {
    /// All values with their names.
    const WORDS: &'static [(&'static str, Self)];

    /// The name of this value.
    fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(_, value)| *value == self);
        found.map_or("unknown", |(word, _)| word)
    }

    /// The value with that name.
    fn from_word(word: &str) -> Option<Self> {
        let found = Self::WORDS.iter().find(|(known, _)| *known == word);
        found.map(|(_, value)| *value)
    }
}

impl Word for Metric {
    const WORDS: &'static [(&'static str, Self)] = &METRICS;
}

impl Word for Precision {
    const WORDS: &'static [(&'static str, Self)] = &PRECISIONS;
}

impl Word for GraphKind {
    const WORDS: &'static [(&'static str, Self)] = &GRAPHS;
}
