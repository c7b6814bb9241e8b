//! The routes for monitoring and the API page, which answer even when the limits of the others are
//! reached.

mod routes;
mod service;
mod viewer;

pub use routes::routes;
pub use service::Operations;
pub use viewer::pages;
