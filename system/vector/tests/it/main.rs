//! The vector engine's integration tests.

mod concurrency;
mod crash;
mod damage;
mod engine;
mod filter;
mod graphs;
mod model;
mod notices;
mod support;
mod tiers;
