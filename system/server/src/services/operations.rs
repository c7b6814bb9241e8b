//! The routes by which a process is watched: they answer when everything is busy, too.

mod routes;
mod service;

pub use routes::routes;
pub use service::Operations;
