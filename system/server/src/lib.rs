//! The server: configuration, routes and the binary `lakehouse`.
//!
//! [`commands`] is what the binary does. [`compose`] opens the [`services`] of a configuration and
//! joins their routes to one router; [`http`] has what every request goes through. Handlers read
//! requests and write answers; what happens in between is in the crates below this one. Errors
//! become responses in [`http::problem`] alone.

pub mod allocator;
pub mod cli;
pub mod commands;
pub mod compose;
pub mod services;

pub mod config;
pub mod exit;
pub mod http;
pub mod lines;
pub mod log;
