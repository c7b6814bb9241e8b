//! What every request goes through, from the outside in: its trace id, the counting, the guard
//! against panics, and the limits on time and number.

pub mod limits;
pub mod measure;
pub mod panic;
pub mod trace;
