//! The vector engine, from outside.

mod concurrency;
mod crash;
mod damage;
mod engine;
mod filter;
mod graphs;
mod log;
mod model;
mod support;
