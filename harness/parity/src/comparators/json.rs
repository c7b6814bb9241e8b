//! `body = "json"`: JSON by value, with a policy on key order, numbers and escapes.
//!
//! Other comparators of JSON are this one with [`Rule`](super::Rule)s for some values.

mod damage;
mod kinds;
mod same;
mod spelling;
mod walk;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use lakehouse_rig::error::Error;

use super::canonical::canonical;
use super::policy::JsonPolicy;
use super::{Body, Comparator, Form, Place, Rule, Settings, shape};
use crate::difference::Side;
use crate::json::{Document, Marked, NodeId, Tree as _, parse};
pub(crate) use damage::{JsonSite, JsonText};
pub(super) use kinds::{EMPTIED, NUMBER_AS_TEXT, NUMBER_DOWN, NUMBER_UP, SIGN, SWAPPED};
pub(crate) use same::same;
pub(super) use spelling::number;
pub(crate) use walk::compare;

/// A JSON document ready to be compared: marked by normalisers, with values claimed by rules.
#[derive(Debug)]
pub struct JsonBody {
    /// The document.
    pub tree: Marked,
    /// Index of the rule that claims a value.
    claims: BTreeMap<NodeId, usize>,
}

impl JsonBody {
    /// A document without marks and claims.
    #[must_use]
    pub fn new(document: Document) -> JsonBody {
        JsonBody {
            tree: Marked::new(document),
            claims: BTreeMap::new(),
        }
    }

    /// Lets the rules claim their values.
    pub fn claim(&mut self, rules: &[Box<dyn Rule>]) {
        for (index, rule) in rules.iter().enumerate() {
            for id in rule.claims(&self.tree) {
                self.claims.entry(id).or_insert(index);
            }
        }
    }

    /// A value and its tree.
    pub(super) fn place(&self, id: NodeId) -> Place<'_> {
        Place {
            tree: &self.tree,
            id,
        }
    }

    /// Index of the rule that claims a value.
    #[must_use]
    pub fn claim_of(&self, id: NodeId) -> Option<usize> {
        self.claims.get(&id).copied()
    }

    /// Whether any value is claimed.
    #[must_use]
    pub fn has_claims(&self) -> bool {
        !self.claims.is_empty()
    }

    /// The claimed values.
    pub fn claims(&self) -> impl Iterator<Item = (NodeId, usize)> {
        self.claims.iter().map(|(id, rule)| (*id, *rule))
    }

    /// The depth of the document, if it is beyond the policy's limit.
    pub(crate) fn excess_depth(&self, policy: JsonPolicy) -> Option<usize> {
        let depth = self.tree.document().depth();
        (depth > policy.max_depth).then_some(depth)
    }

    /// The whole document as a side of a difference.
    #[must_use]
    pub fn side(&self, policy: JsonPolicy) -> Side {
        shape::value(&self.tree, Document::ROOT, policy)
    }

    /// The whole document as bytes that are equal if the policy finds the documents equal.
    pub(super) fn canonical(&self, policy: JsonPolicy) -> Vec<u8> {
        canonical(&self.tree, Document::ROOT, policy)
    }
}

/// Reads a body as JSON.
#[must_use]
pub fn read_body(body: &[u8]) -> Body {
    match parse(body) {
        Ok(document) => Body::Json(JsonBody::new(document)),
        Err(error) => Body::Malformed(body.to_vec(), format!("the body is not JSON: {error}")),
    }
}

#[derive(Debug)]
struct Json {
    policy: JsonPolicy,
}

/// Creates the comparator, which has no keys of its own.
pub(super) fn read(settings: &Settings<'_>) -> Result<Arc<dyn Comparator>, Error> {
    Ok(Arc::new(Json {
        policy: settings.json,
    }))
}

impl Comparator for Json {
    fn form(&self) -> Form {
        Form::Json
    }

    fn read(&self, body: &[u8]) -> Body {
        read_body(body)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "as JSON; {}", self.policy)
    }
}
