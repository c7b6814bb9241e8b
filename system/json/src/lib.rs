//! Lossless JSON: a tree that borrows from the source text and keeps all of it, and one way of
//! writing.
//!
//! Ordinary JSON libraries drop what the contract needs: the order and repetition of members, the
//! spelling of numbers and escapes, lone surrogates. Here [`parse`] checks the grammar of
//! RFC 8259 and returns a [`Json`] tree in which every node has its source text; [`Fields`] reads
//! an object's fields with the contract's errors; [`read_body`] does so for a request body; and
//! [`ObjectWriter`] and [`ArrayWriter`] write compactly, members in the given order.
//!
//! The contract's "Carried over" is [`Json::carried_over`]: a value's own text without the white
//! space outside its strings.
//!
//! Language models write JSON, too: [`scan_drafted_value`] reads what they meant, and [`Visible`]
//! leaves out what they thought before they answered.

mod body;
mod fields;
mod number;
mod reasoning;
mod scan;
mod tree;
mod write;

pub use body::{BodyError, read_body};
pub use fields::{FieldError, Fields};
pub use number::Number;
pub use reasoning::Visible;
pub use scan::{Broken, Expected, Scanned, scan_drafted_value, scan_value};
pub use tree::{Json, Object, ParseError, Value, carried_over, parse};
pub use write::{ArrayWriter, ObjectWriter, push_f32, push_f64, push_string, string};

/// The contract's maximum number of levels of arrays and objects; the outermost is level 1.
pub const MAX_DEPTH: usize = 128;

/// The contract's largest integer, 2⁵³ − 1; the smallest is its negative.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;
