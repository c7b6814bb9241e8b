//! Checks on drafts, and drafts from models until one passes: `/v1/validate` and `/v1/iterate`.

pub mod config;
mod convert;
mod lines;
mod metrics;
mod roster;
mod routes;
mod service;

pub use lines::HELPERS;
pub use roster::RosterRefused;
pub use service::Validate;
