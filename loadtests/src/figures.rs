//! Figures of one surface or one promise, each in a run of its own.

mod api;
pub mod churn;
mod client;
pub mod crash;
pub mod embed;
pub mod reality;
pub mod recall;
mod server;
mod writer;
