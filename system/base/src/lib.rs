//! What every other crate of the system stands on: error codes, ids, time and limits.
//!
//! - [`ErrorCode`]: what kind of failure an error is; the server maps it to a status.
//! - [`TraceId`]: the id that follows a request through headers, bodies, logs and records.
//! - [`Clock`]: where the time comes from, so that tests can say what time it is.
//! - [`Limits`]: how large and how deep a request body may be.
//! - [`UpstreamError`]: how a call to another program failed, in the contract's words.
//! - [`chat`]: what is asked of a chat model.
//!
//! Nothing here knows of HTTP, of an async runtime or of any surface.

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
pub use upstream::{UpstreamError, UpstreamFault};
