//! Laws of the crate, put to arbitrary inputs and to threads.

mod append;
