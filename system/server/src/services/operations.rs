//! The routes for monitoring, which answer even when the limits of the others are reached.

mod routes;
mod service;

pub use routes::routes;
pub use service::Operations;
