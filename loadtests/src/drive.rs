//! The generator of load: a process of its own for every slice.
//!
//! It reads a [`Plan`] from standard input, puts the load to one server, and writes JSON lines to
//! standard output: a [`Message::Counting`] when warming up is over, about once a second a
//! [`Message::Progress`], at the end a [`Message::Outcome`]. On SIGINT or SIGTERM, or when nobody
//! reads any more, it ends early and tells what there is.

mod closed;
mod command;
mod goose;
mod open;
mod output;
mod plan;
mod recorder;
mod stop;

pub use closed::search_bodies;
pub use command::run;
pub use plan::{FlowOutcome, Load, Message, Outcome, Plan, Progress};
pub use recorder::Recorder;
