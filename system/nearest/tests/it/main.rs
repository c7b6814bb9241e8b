//! The crate's tests, in one binary.

mod arenas;
mod consolidated;
mod data;
mod gates;
mod graphs;
mod kernels;
mod scans;
mod stored;
