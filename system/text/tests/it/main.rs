//! Tests of the folding through its public interface.

mod folding;
mod origins;
