//! Load on a running system: what it answers, how fast, and what that costs.
//!
//! [`run`] starts implementations in processes of their own, has generators ([`drive`]) put the
//! [`flows`] to them, samples every process, and holds the [`results`] against [`gates`];
//! [`report`] tells them. Nothing here uses a crate of the system: it is seen as a stranger sees
//! it, over HTTP.

pub mod compare;
pub mod drive;
pub mod exit;
pub mod figures;
pub mod flows;
pub mod gates;
pub mod reference;
pub mod report;
pub mod results;
pub mod run;
pub mod stand_in;
mod statistics;
pub mod tier;
