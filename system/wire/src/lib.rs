//! The wire contract (`docs/contract/`) as types.
//!
//! Each wire shape is one type, which defines everything about the shape:
//!
//! - [`Read`] reads it from JSON, with the contract's error texts in the contract's order;
//! - [`Write`] writes it, members in the contract's order;
//! - [`Describe`] is its schema in the OpenAPI document.
//!
//! A limit belongs to the type of a member: `Count<1, 1000>` rejects other values with "must be
//! an integer from 1 to 1000", and its schema has `minimum` and `maximum`. The document can
//! therefore not disagree with the server.
//!
//! Objects are declared with two macros, [`request!`] and [`response!`], as plain structs with doc
//! comments. The macros only list members; ordinary functions in [`object`] do the work. Enumerations
//! are declared with [`words!`]. The few other shapes, such as [`Filter`](vectors::Filter), implement
//! the three traits by hand.
//!
//! Requests borrow from the tree that [`lakehouse_json::parse`] returns, and responses from values of
//! the domain crates. Those crates have their own types and do not depend on this one; the server
//! converts between them.
//!
//! # Decisions
//!
//! - **Declarative macros, not a derive macro.** A derive macro needs its own crate, `syn`, and
//!   attributes to learn; these macros are shorter than the attributes would be.
//! - **The type determines presence.** A member of type `T` is required, `Option<T>` is optional, and
//!   [`Nullable<T>`] is required but may be `null`. In requests, optional members may also be `null`,
//!   as the contract permits.
//! - **Nested objects are read last.** The contract checks all members of a request before those of an
//!   object among them. [`Deferred`] is such an object: the service reads its members later.
//! - **Component names are the types' names**, so that names in the document can be found in the code.
//!   [`Components`] reports two types with one name.
//! - **No `allOf`.** An object that extends another (`..base: Base`) has the members of both in
//!   one schema; with `additionalProperties: false`, an `allOf` of two would refuse everything.

pub mod embed;
pub mod iterate;
pub mod matrix;
pub mod operations;
pub mod playbook;
pub mod problem;
pub mod session_log;
pub mod validate;
pub mod vectors;

pub mod object;

mod describe;
mod error;
mod parameter;
mod read;
mod values;
mod words;
mod write;

pub use describe::{Components, Describe, NameCollision};
pub use error::ReadError;
pub use object::read_body;
pub use parameter::Parameter;
pub use read::{MemberName, Read};
pub use values::{
    AnyJson, Array, AtLeast, Carried, Count, Date, Decimal, Deferred, Id, JsonObject, Milliseconds,
    NotBlank, Nullable, Text, TimeOfDay, Vector,
};
pub use write::{Write, to_text};
