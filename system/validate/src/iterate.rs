//! Asking a model for an artifact until it passes: generate, extract, validate, say what failed,
//! again (`iterate.md`).
//!
//! [`IterateRequest`] is what is asked for, a [`ChatModel`](lakehouse_base::chat::ChatModel) answers, [`SessionSink`] where the
//! run's record goes; [`run`] does it, and gives a [`Run`] that knows the answer's body.

mod prompt;
mod request;
mod run;
mod sink;

pub use request::IterateRequest;
pub use run::{Run, Services, run};
pub use sink::SessionSink;
