//! Properties of the crate for arbitrary inputs and on files.

mod audit_baselines;
