//! Measurements of a single surface or promise, each in a run of its own.

pub mod churn;
mod client;
pub mod crash;
pub mod embed;
pub mod reality;
pub mod recall;
pub(crate) mod server;
mod writer;
