//! Turning what happened into knowledge that can be relied on.
//!
//! - [`audit_baselines`]: the shared log of audit metrics, and the drift between two entries.

pub mod audit_baselines;
