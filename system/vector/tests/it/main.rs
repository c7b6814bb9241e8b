//! The vector engine, from outside.

mod concurrency;
mod crash;
mod damage;
mod engine;
mod filter;
mod graphs;
mod model;
mod support;
