//! Comparators: how two bodies are compared.
//!
//! `body` in a probe's `[compare]` names one of [`registry::ALL`]. A comparator is one file with
//! all its parts:
//!
//! - its own keys of `[compare]`, read and checked by a `read` function from [`Settings`];
//! - how a body is read before it is compared ([`Comparator::read`]);
//! - how two bodies are compared: [`Comparator::compare`] for bytes. JSON is walked by [`json`],
//!   which leaves values to the comparator's [`Rule`]s where these claim them;
//! - the damage that `--mutate` does to a body to prove that the comparison notices it
//!   ([`Comparator::sites`], [`Rule::damages`]);
//! - how it describes itself, for `parity describe` and reports (`Display`).
//!
//! A new comparator is a new file and a line in [`registry::ALL`]; no other code has its name.
//! [`vectors`] is an example with a rule for some JSON values, [`metrics`] one that also has a text
//! format of its own.

pub mod bytes;
pub mod damage;
pub mod files;
pub mod json;
pub mod metrics;
pub mod policy;
pub mod ranking;
pub mod registry;
pub mod status;
pub mod vectors;

mod canonical;
mod settings;
mod shape;
mod table;

use std::borrow::Cow;
use std::fmt;

use rand_chacha::ChaCha8Rng;

use crate::difference::{Difference, DifferenceKind, Side};
use crate::json::{NodeId, Tree};
use damage::{Change, Damage, Site};
use json::JsonBody;
use policy::JsonPolicy;
pub use settings::Settings;
pub use shape::{nothing, one_sided, plain, text, without_digest};
pub use table::{Compare, schema};

/// How one kind of body is compared.
pub trait Comparator: fmt::Debug + fmt::Display + Send + Sync {
    /// The part of a body that it compares.
    fn form(&self) -> Form;

    /// Reads a body. JSON is returned without normalisers or claims.
    fn read(&self, body: &[u8]) -> Body;

    /// The rules for values of JSON bodies.
    fn rules(&self) -> &[Box<dyn Rule>] {
        &[]
    }

    /// A required part that the body of this successful answer lacks.
    fn missing(&self, _body: &JsonBody) -> Option<&'static str> {
        None
    }

    /// Compares two bodies that are not both JSON.
    fn compare(&self, out: &mut Vec<Difference>, left: &[u8], right: &[u8]) {
        bytes::compare(out, "body", left, right);
    }

    /// The damage that can be done to a body that is not JSON.
    fn sites(&self, body: &[u8]) -> Vec<Site> {
        bytes::sites(body)
    }

    /// Damages a body that is not JSON; none if that is impossible.
    fn damage(&self, site: &Site, body: &mut Vec<u8>, random: &mut ChaCha8Rng) -> Option<Change> {
        bytes::damage(site, body, "body", random)
    }
}

/// The part of a body that a comparator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Nothing.
    Ignored,
    /// Its bytes.
    Bytes,
    /// Its JSON.
    Json,
}

/// A body as its comparator reads it.
#[derive(Debug)]
pub enum Body {
    /// Not compared.
    Ignored,
    /// Compared as bytes, or in a text format that the comparator knows.
    Bytes(Vec<u8>),
    /// Compared as JSON.
    Json(JsonBody),
    /// Not in the comparator's format, and why.
    Malformed(Vec<u8>, String),
}

impl Body {
    /// Whether it is compared and has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Body::Bytes(bytes) | Body::Malformed(bytes, _) => bytes.is_empty(),
            Body::Ignored | Body::Json(_) => false,
        }
    }

    /// The body's bytes, for a comparison with a body of another form.
    pub(crate) fn bytes(&self, policy: JsonPolicy) -> Cow<'_, [u8]> {
        match self {
            Body::Bytes(bytes) | Body::Malformed(bytes, _) => Cow::Borrowed(bytes),
            Body::Json(json) => Cow::Owned(json.canonical(policy)),
            Body::Ignored => Cow::Borrowed(b""),
        }
    }
}

/// Compares some values of a JSON body in its own way: vectors, rankings, metrics.
pub trait Rule: fmt::Debug + fmt::Display + Send + Sync {
    /// The values that it compares.
    fn claims(&self, tree: &dyn Tree) -> Vec<NodeId>;

    /// The path of the claimed values, for reports.
    fn path(&self) -> &str;

    /// Compares two claimed values.
    fn compare(&self, left: Place<'_>, right: Place<'_>) -> Compared;

    /// The shape of a claimed value, if it is not that of plain JSON.
    fn shape(&self, _value: Place<'_>) -> Option<String> {
        None
    }

    /// Whether a claimed value and any other are of different types. Otherwise they are compared as
    /// plain JSON.
    fn is_own_type(&self) -> bool {
        false
    }

    /// The damage to a claimed value, in place of that to plain JSON and to the values in it.
    fn damages(&self, value: Place<'_>) -> Option<Vec<Damage>>;

    /// The name of a swap of two elements of a claimed array, if it is not that of plain JSON.
    fn swap(&self) -> Option<Damage> {
        None
    }

    /// A claimed value after the damage.
    fn damage(&self, damage: Damage, value: Place<'_>) -> Damaged;

    /// Whether two claimed values certainly differ; none when they are compared as plain JSON.
    fn certainly_differ(&self, left: Place<'_>, right: Place<'_>) -> Option<bool>;

    /// Where it reports damage in a claimed value.
    fn reports_at(&self, _value: Place<'_>) -> ReportsAt {
        ReportsAt::Inside
    }

    /// The kinds of difference that it reports for damage to plain values.
    fn reports_as(&self) -> &'static [DifferenceKind];

    /// Whether it accepts this damage to a value, or to its element at `index`, on purpose.
    fn accepts(&self, _damage: Damage, _value: Place<'_>, _index: usize) -> bool {
        false
    }
}

/// A value and the tree that has it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The tree.
    pub tree: &'a dyn Tree,
    /// The value.
    pub id: NodeId,
}

/// The result of a rule.
pub enum Compared {
    /// The two values are compared as plain JSON.
    AsJson,
    /// The differences that the rule found, and the values that are compared next.
    Own {
        /// The differences.
        differences: Vec<Found>,
        /// Values below the two, each with its index in the left one.
        pairs: Vec<(usize, NodeId, NodeId)>,
    },
}

/// A difference at a claimed value, or at one of its elements.
pub struct Found {
    /// Index of the element in the left value.
    pub element: Option<usize>,
    /// Kind of difference.
    pub kind: DifferenceKind,
    /// The reference's side.
    pub left: Side,
    /// The implementation's side.
    pub right: Side,
}

/// A claimed value after damage.
pub enum Damaged {
    /// Its new JSON.
    To(String),
    /// The damage is impossible for this value.
    Impossible,
    /// It is damaged as plain JSON.
    Plain,
}

/// Where a rule reports damage in a claimed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportsAt {
    /// At the value that is damaged.
    Inside,
    /// At the claimed value.
    Claimed,
    /// At the value that is damaged, at the element that has it, or at the claimed value.
    Anywhere,
}
