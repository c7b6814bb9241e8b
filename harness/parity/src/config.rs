//! The content of a root: implementations, probes, cases, accepted differences, coverage.
//!
//! [`Root::read`] reads and checks all of it before anything is started, so that mistakes in files
//! are reported with their place before the run.

pub mod baseline;
pub mod case;
pub mod pin;
pub mod probe;
pub mod root;
pub(crate) mod target;

mod headers;
mod input;
mod setup;
mod step;

pub use baseline::Baseline;
pub use case::Case;
pub use pin::Pin;
pub use probe::Probe;
pub use root::Root;
pub(crate) use setup::schema as setup_schema;
pub use step::CaseStep;
