//! What coordinators do all day, each answer checked.
//!
//! A flow is put to a server by a [`User`]: it draws from the [`House`] what a coordinator would
//! ask for, asks through the user's [`Session`], and ends with the first answer that is wrong, as
//! a [`Fault`]. What wrong is stands in [`check`], apart from any server, and follows
//! `docs/contract/`.

mod answer;
pub mod check;
mod cold_search_email;
mod connection;
mod draft;
mod fault;
mod house;
mod numbers;
mod playbook_record_replay;
mod profile_swap;
mod repeat_cache;
mod request;
mod session;
mod sms_validate;
mod surge_fill_validate;
mod user;

pub use answer::{
    CorpusStatus, Embeddings, Hit, PlaybookUse, Recorded, Rejection, SearchAnswer, Stage, Verdict,
    Why,
};
pub use connection::Connection;
pub use draft::{Draft, number_question, shift_offer};
pub use fault::{Fault, FaultKind};
pub use house::{Demand, House, Person, Shift};
pub use numbers::{phone_number, social_security_number};
pub use request::{Place, Recording, Search};
pub use session::Session;
pub use user::User;

use futures::future::BoxFuture;

/// One thing that coordinators do.
#[derive(Clone, Copy)]
pub struct Flow {
    /// Its name.
    pub name: &'static str,
    /// How often of a hundred it is done.
    pub weight: u32,
    /// Does it once.
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

/// All of them.
pub const FLOWS: [Flow; 6] = [
    flow!(cold_search_email, 35),
    flow!(surge_fill_validate, 15),
    flow!(profile_swap, 15),
    flow!(repeat_cache, 15),
    flow!(sms_validate, 10),
    flow!(playbook_record_replay, 10),
];
