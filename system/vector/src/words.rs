//! The words by which files name what other crates define.

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

/// What has a word.
pub(crate) trait Word: Sized + Copy + PartialEq + 'static {
    /// Every value with its word.
    const WORDS: &'static [(&'static str, Self)];

    /// The word of this value.
    fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(_, value)| *value == self);
        found.map_or("unknown", |(word, _)| word)
    }

    /// The value of a word.
    fn of(word: &str) -> Option<Self> {
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
