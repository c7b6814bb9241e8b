//! The server: configuration, routes and the binary `lakehouse`.
//!
//! [`commands`] has the commands of the binary. [`compose`] opens the [`services`] of a
//! configuration and joins their routes into one router; [`http`] has what every request passes
//! through. Handlers read requests and write answers; the work between is in the crates below this
//! one. Only [`http::problem`] turns errors into responses.

// `println!` panics when its reader is gone; that of `anstream` does not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod cli;
pub mod commands;
pub mod compose;
pub mod services;

pub mod config;
pub mod exit;
pub mod http;
pub mod lines;
pub mod log;
