//! Asking a model for an artifact until it passes: generate, extract, validate, say what failed,
//! again (`iterate.md`).
//!
//! [`IterateRequest`] is what is asked for, [`ChatModel`] who answers, [`SessionSink`] where the
//! run's record goes; [`run`] does it, and gives a [`Run`] that knows the answer's body.

mod chat;
mod prompt;
mod request;
mod run;

pub use chat::{ChatModel, ChatOptions, Message, Role, SessionSink};
pub use request::IterateRequest;
pub use run::{Run, Services, run};
