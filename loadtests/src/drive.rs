//! The load generator, which runs as a process of its own for every slice.
//!
//! It reads a [`Plan`] from standard input, loads one server, and writes JSON lines to standard
//! output: one [`Message::Counting`] at the end of the warm-up, a [`Message::Progress`] about once
//! per second, and finally a [`Message::Outcome`]. On SIGINT or SIGTERM, or when its output is
//! closed, it stops early and reports what it has.

mod command;

mod closed;
mod goose;
mod open;

mod job;
mod output;
mod plan;
mod recorder;
mod stop;
mod timeline;

pub use closed::search_bodies;
pub use command::run;
pub use plan::{FlowOutcome, Load, Message, Outcome, Plan, Progress};
pub use recorder::Recorder;
