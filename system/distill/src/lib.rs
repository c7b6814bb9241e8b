//! Metrics of past runs, kept and compared.
//!
//! - [`audit_baselines`]: the shared log of audit metrics, and the drift between two entries.

pub mod audit_baselines;
