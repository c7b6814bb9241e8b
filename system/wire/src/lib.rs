//! The wire contract (`docs/contract/`) as types.
//!
//! Each wire shape is one type, and everything about the shape stands in that type once:
//!
//! - [`Read`] reads it from JSON, with the contract's error texts in the contract's order;
//! - [`Write`] writes it, members in the contract's order;
//! - [`Describe`] is its schema in the OpenAPI document.
//!
//! A limit belongs to the type of a member: `Count<1, 1000>` rejects other values with "must be
//! an integer from 1 to 1000", and its schema has `minimum` and `maximum`. So a document that
//! disagrees with what the server does is not a mistake that can be made.
//!
//! Objects are declared with two macros, [`request!`] and [`response!`], as plain structs with doc
//! comments. The macros list members and do nothing else; the work is done by ordinary functions
//! in [`object`]. Enumerations are declared with [`words!`]. The few shapes that are neither,
//! such as [`Filter`](vectors::Filter), implement the three traits by hand.
//!
//! Requests borrow from the tree that [`lakehouse_json::parse`] gives, and responses from the
//! values of the domain crates. Those crates have types of their own and do not use this one; the
//! services of the server convert.
//!
//! # Decisions
//!
//! - **Macros by example, not a derive.** A derive macro needs a crate of its own, `syn`, and
//!   attributes that have to be learned; these macros are shorter than the attributes would be.
//! - **Presence is a type.** `T` is always there, `Option<T>` may be absent, [`Nullable<T>`] is
//!   always there and may be `null`. In a request, an optional member may also be `null`, as the
//!   contract says of all requests.
//! - **Nested objects are read last.** The contract checks all members of a request before it
//!   looks into an object among them. [`Deferred`] is such an object: its own members are read
//!   when the service asks for them.
//! - **Component names are the types' names**, so that a name in the document can be found in the
//!   code. [`Components`] reports two types of one name.
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
