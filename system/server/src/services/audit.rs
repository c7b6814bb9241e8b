//! Audit baselines, over lines only.

mod lines;

pub use lines::HELPERS;
