//! The vector engine.
