//! The loop that asks a model for an artifact until one passes (`iterate.md`): it generates,
//! extracts and validates, and reports the failure to the model.
//!
//! [`run`] takes an [`IterateRequest`], asks a [`ChatModel`](lakehouse_base::chat::ChatModel),
//! appends the record to a [`SessionSink`] and returns a [`Run`].

mod prompt;
mod request;
mod run;
mod sink;

pub use request::IterateRequest;
pub use run::{Run, Services, run};
pub use sink::SessionSink;
