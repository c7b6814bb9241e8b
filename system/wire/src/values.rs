//! The types of members, with the contract's limits.

mod array;
mod carried;
mod deferred;
mod number;
mod text;
mod time;

pub use array::{Array, Vector};
pub use carried::{AnyJson, Carried, JsonObject, Nullable};
pub use deferred::Deferred;
pub use number::{AtLeast, Count, Decimal};
pub use text::{Id, NotBlank, Text};
pub use time::{Date, Milliseconds, TimeOfDay};
