//! The crate's integration tests.

mod arenas;
mod consolidated;
mod data;
mod gates;
mod graphs;
mod kernels;
mod scans;
mod stored;
