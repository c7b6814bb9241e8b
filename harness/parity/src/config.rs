//! What a root says: its implementations, probes, cases and declared divergences.
//!
//! Everything is read and checked before anything is started, so that a mistake in a file is
//! shown with its place and costs no run.

pub mod case;
pub mod probe;
pub mod ranking;
pub mod root;
pub mod setup;

pub use case::{Case, CaseStep};
pub use probe::Probe;
pub use ranking::Ranking;
pub use root::Root;
