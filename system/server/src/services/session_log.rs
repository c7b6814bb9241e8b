//! The session log below the data root.

pub(crate) mod convert;
mod lines;
mod service;

pub use lines::HELPERS;
pub use service::SessionLog;
