//! The shapes of a surface's inputs, as `generate.toml` describes them.

mod read;
mod routes;

use std::sync::Arc;
use std::time::Duration;

use lakehouse_rig::implementation::Transport;

use super::class::Classes;
use crate::config::CaseStep;
pub(super) use read::read;
pub(crate) use read::schema;
use routes::Routes;

/// How the inputs of one surface are generated and sent.
#[derive(Debug)]
pub(super) struct Generator {
    pub(super) transport: Transport,
    /// The maximum number of inputs, whatever the command line asks for.
    pub(super) at_most: Option<u64>,
    /// Whether an input is a sequence of requests ([`super::steps`]).
    pub(super) steps: bool,
    /// Requests that reset a server before each input. Their answers are not compared.
    pub(super) clean: Vec<CaseStep>,
    /// The time limit for one answer.
    pub(super) timeout: Duration,
    /// The share of inputs that are damaged.
    pub(super) damage: f64,
    /// Paths below which the input names the members. Differences below one of them are one
    /// finding.
    pub(super) carried: Vec<String>,
    /// The parts of an input that determine its class.
    pub(super) classes: Classes,
    /// The routes of its requests, when it is a sequence.
    pub(super) routes: Routes,
    /// The shape of an input.
    pub(super) root: Arc<Shape>,
}

/// The shape of a value.
#[derive(Debug)]
pub(super) enum Shape {
    /// This string.
    Text(String),
    /// This JSON.
    Json(String),
    /// A string that matches a regular expression, which is kept as it was written, too.
    Matching(Box<rand_regex::Regex>, String),
    /// This string, repeated.
    Repeat(String, [usize; 2]),
    /// An integer, from the first to the second inclusive.
    Integer([i64; 2]),
    /// One of these, by weight.
    One(Vec<(u32, Arc<Shape>)>),
    Object(Vec<Member>),
    /// An array of this shape, of a length in the range.
    Array(Arc<Shape>, [usize; 2]),
    /// One array of all: the elements of arrays, and other values themselves.
    Chain(Vec<Arc<Shape>>),
    /// The JSON that a string contains.
    Spelled(Arc<Shape>),
    /// One string of all.
    Join(Vec<Arc<Shape>>),
    /// One string of several of this shape, with a separator.
    Some(Arc<Shape>, [usize; 2], String),
    /// A value, damaged in this share of inputs.
    Damaged(Arc<Shape>, f64),
    Builtin(Builtin),
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) optional: bool,
    pub(super) shape: Arc<Shape>,
}

/// The shapes that every generator can name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Builtin {
    Hostile,
    Chaos,
    Number,
    Scalar,
    Any,
}

const BUILTINS: &[(&str, Builtin)] = &[
    ("hostile", Builtin::Hostile),
    ("chaos", Builtin::Chaos),
    ("number", Builtin::Number),
    ("scalar", Builtin::Scalar),
    ("any", Builtin::Any),
];
