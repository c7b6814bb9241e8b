//! The two ledgers: accepted differences and normalisers.
//!
//! An entry that no longer holds fails the run, and the failure has the edit that would fix it.

pub mod divergence;
pub mod entry;
pub mod normaliser;

#[cfg(test)]
mod tests;
