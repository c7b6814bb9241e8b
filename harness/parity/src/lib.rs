//! A parity harness: sends the same input to every implementation of a surface, compares the
//! answers, and fails on any difference that was not accepted.
//!
//! Surfaces, cases, normalisers and implementations are data in a root folder; the crate knows
//! nothing of their subject. A run goes through these modules in order: [`cli`] and [`config`]
//! read the options and the root, [`run`] plans and drives it over [`transport`] with processes and a model
//! server from [`lakehouse_rig`], [`normalise`] and [`compare`] compare pairs of [`observation`]s,
//! [`ledger`] subtracts the accepted differences, and [`report`] writes the [`outcome`].

// `println!` panics when its reader is gone; that of `anstream` does not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod bless;
pub mod cli;
pub mod comparators;
pub mod compare;
pub mod config;
pub mod coverage;
pub mod difference;
pub mod evidence;
pub mod exit;
pub mod generate;
pub mod inspect;
pub mod json;
pub mod kept;
pub mod ledger;
pub mod mutate;
pub mod normalise;
pub mod observation;
pub mod outcome;
pub mod progress;
pub mod recording;
pub mod report;
pub mod run;
pub mod schemas;
pub mod transport;
pub mod trials;
