//! The vector engine, from outside.

mod engine;
mod filter;
mod log;
mod model;
mod support;
