//! The vector engine, from outside.

mod filter;
mod log;
