//! The six flows: what coordinators do, with every answer checked.
//!
//! A [`User`] runs a flow. It draws a request from the [`Dataset`], sends it through its
//! [`Session`], and stops at the first wrong answer, which it returns as a [`Fault`]. [`check`]
//! decides whether an answer is wrong, without a server, by the rules of `docs/contract/`.

mod user;

mod cold_search_email;
mod playbook_record_replay;
mod profile_swap;
mod repeat_cache;
mod sms_validate;
mod surge_fill_validate;

pub mod check;
mod fault;

mod connection;
mod session;

mod answer;
mod draft;
mod numbers;
mod request;

mod dataset;

pub use answer::{
    CorpusStatus, Embeddings, Hit, PlaybookUse, Recorded, Rejection, SearchAnswer, Stage, Verdict,
    Why,
};
pub use connection::Connection;
pub use dataset::{CORPORA, Dataset, Demand, Person, Shift};
pub use draft::{Draft, shift_offer};
pub use fault::{Fault, FaultKind};
pub use numbers::{phone_number, social_security_number};
pub use request::{Place, Recording, Search, detect_understanding};
pub use session::{RequestLog, Session};
pub use user::{User, Users};

use futures::future::BoxFuture;

/// A task that coordinators do repeatedly.
#[derive(Clone, Copy)]
pub struct Flow {
    /// Name in results.
    pub name: &'static str,
    /// Share of all flows, in percent.
    pub weight: u32,
    /// Runs the flow once.
    pub run: for<'u> fn(&'u mut User) -> BoxFuture<'u, Result<(), Fault>>,
}

macro_rules! flow {
    ($name:ident, $weight:literal) => {
        Flow {
            name: stringify!($name),
            weight: $weight,
            run: |user| Box::pin($name::run(user)),
        }
    };
}

/// All flows; their weights add up to 100.
pub const FLOWS: [Flow; 6] = [
    flow!(cold_search_email, 35),
    flow!(surge_fill_validate, 15),
    flow!(profile_swap, 15),
    flow!(repeat_cache, 15),
    flow!(sms_validate, 10),
    flow!(playbook_record_replay, 10),
];
