//! Load tests of a running system: the correctness of its answers, its speed and its costs.
//!
//! [`run`] starts implementations in separate processes, has generators ([`drive`]) run the [`flows`]
//! on them, samples every process, and judges the [`results`] by [`gates`]; [`report`] writes the
//! reports. The load tests use no crate of the system: they reach it over HTTP only.

// `println!` panics when its reader is gone; that of `anstream` does not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod api;
pub mod compare;
pub mod drive;
pub mod exit;
pub mod figures;
pub mod flows;
pub mod gates;
pub mod reference;
pub mod relevance;
pub mod report;
pub mod results;
pub mod run;
pub mod stand_in;
mod statistics;
pub mod tier;
