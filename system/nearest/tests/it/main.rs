//! The crate's tests, in one binary.

mod data;
mod graphs;
mod kernels;
mod scans;
