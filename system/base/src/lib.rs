//! The vocabulary of all other crates: error codes, ids, time and limits.
//!
//! - [`ErrorCode`]: the kind of a failure, which the server maps to a status.
//! - [`TraceId`]: the id that follows a request through headers, bodies, logs and records.
//! - [`Clock`]: the source of the current time, which tests can fix.
//! - [`calendar`]: dates and times of day in the contract's spelling.
//! - [`Limits`]: limits on the size and depth of a request body.
//! - [`UpstreamError`]: the failure of a call to another program, with the contract's message.
//! - [`chat`]: the interface of chat models.
//!
//! Nothing here knows HTTP, an async runtime or a surface.

pub mod calendar;
pub mod chat;

mod clock;
mod error_code;
mod limits;
mod text;
mod trace_id;
mod upstream;

pub use clock::{Clock, FixedClock, SystemClock, rfc3339_millis};
pub use error_code::ErrorCode;
pub use limits::Limits;
pub use text::{is_blank, is_white_space, same_text};
pub use trace_id::TraceId;
pub use upstream::{UpstreamError, UpstreamFault, after_colon};
