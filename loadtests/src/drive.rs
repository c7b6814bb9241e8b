//! The generator of load: a process of its own for every slice.
//!
//! It reads a [`Plan`] from standard input, puts the load to one server, and writes JSON lines to
//! standard output: about once a second a [`Message::Progress`], at the end a
//! [`Message::Outcome`]. On SIGINT or SIGTERM it ends early and tells what there is.

mod plan;

pub use plan::{FlowOutcome, Load, Message, Outcome, Plan, Progress};
