//! Laws of the crate, put to arbitrary inputs and to files.

mod audit_baselines;
