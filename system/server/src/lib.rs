//! The server: configuration, routes and the binary `lakehouse`.
//!
//! [`config::load`] reads the [`Config`](config::Config), [`App::new`] builds what the routes
//! share, [`build_router`] makes the routes of it, and [`serve::serve`] listens. Handlers read
//! requests and write answers; what happens in between is in the crates below this one. Errors
//! become responses in [`problem`] alone.

pub mod cli;
pub mod config;
pub mod exit;
pub mod helper;
pub mod ingest;
pub mod serve;

pub mod middleware;
pub mod routes;
pub mod schema;

mod answer;
mod app;
mod body;
mod metrics;
mod ndjson;
mod openapi;
mod path;
mod problem;
mod refusals;
mod roster;
mod router;
mod sessions;

pub use app::{App, StartError};
pub use body::WholeBody;
pub use problem::Problem;
pub use router::build_router;
