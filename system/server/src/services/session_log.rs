//! The session log below the data root.

mod lines;
mod service;

pub use lines::HELPERS;
pub use service::SessionLog;
