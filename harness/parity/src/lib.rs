//! A parity harness: feeds the same input to every implementation of a surface, compares what
//! comes back, and fails on any difference that nobody has declared.
//!
//! Surfaces, cases, normalisers and implementations are data below a root folder; nothing in here
//! knows what they are about. A run goes through these modules in order: [`cli`] and [`config`]
//! say what is wanted, [`run`] plans and drives it over [`transport`] with processes and a model
//! server from [`lakehouse_rig`], [`normalise`] and [`compare`] judge pairs of [`observation`]s,
//! [`ledger`] holds the result against what was declared, and [`report`] writes the [`outcome`].

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
pub mod ledger;
pub mod mutate;
pub mod normalise;
pub mod observation;
pub mod outcome;
pub mod recording;
pub mod report;
pub mod run;
pub mod transport;
pub mod trials;
