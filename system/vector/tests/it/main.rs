//! The vector engine, from outside.

mod log;
