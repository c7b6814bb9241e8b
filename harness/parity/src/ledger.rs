//! The two ledgers: what differs on purpose, and what is hidden on purpose.
//!
//! Both are held to the run: an entry that is not true any more fails it, and the failure says
//! which edit would mend it.

pub mod divergence;
pub mod normaliser;
