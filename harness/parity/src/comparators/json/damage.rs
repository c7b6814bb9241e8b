//! Damage to a JSON text.

mod edit;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;

use super::kinds::{
    BOOL_FLIPPED, CHARACTER, ELEMENT_DOUBLED, ELEMENT_DROPPED, ELEMENTS_SWAPPED, EMPTIED,
    KEY_ADDED, KEY_DROPPED, KEY_RENAMED, KEY_RESPELLED, KEYS_SWAPPED, LAST_DIGIT, NULL_FILLED,
    NULLED, NUMBER_AS_TEXT, NUMBER_DOWN, NUMBER_RESPELLED, NUMBER_ULP, NUMBER_UP, SIGN,
    TEXT_RESPELLED,
};
use super::{JsonBody, same};
use crate::comparators::damage::Damage;
use crate::comparators::policy::JsonPolicy;
use crate::comparators::{ReportsAt, Rule};
use crate::json::{Document, NodeId, Path, Tree as _, Value, changed_paths, cut, parse};
use edit::Edit;

/// The longest text of a change in a report, in bytes.
const MAX_SHOWN: usize = 40;

/// A parsed JSON text.
pub(crate) struct JsonText<'a> {
    text: String,
    body: JsonBody,
    policy: JsonPolicy,
    rules: &'a [Box<dyn Rule>],
    /// The claimed values whose rules do not report damage inside them, by path.
    reports_at: BTreeMap<String, ReportsAt>,
}

/// Damage to one value, or to one of its members or elements.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JsonSite {
    pub(crate) damage: Damage,
    id: NodeId,
    index: usize,
}

/// A text after damage.
pub(crate) struct DamagedText {
    pub(crate) text: String,
    /// Paths of the values that changed, as the comparison may report them.
    pub(crate) expected: Vec<String>,
    /// `12 -> 13`, cut.
    pub(crate) summary: String,
    /// Why the damage did not have its effect, if so.
    pub(crate) flaw: Option<String>,
    /// Index of the rule that accepts it on purpose.
    pub(crate) accepted_by: Option<usize>,
}

impl<'a> JsonText<'a> {
    /// Reads a text; none if it is not compared as JSON.
    pub(crate) fn read(
        bytes: &[u8],
        policy: JsonPolicy,
        rules: &'a [Box<dyn Rule>],
    ) -> Option<JsonText<'a>> {
        let text = std::str::from_utf8(bytes).ok()?.to_owned();
        let mut body = JsonBody::new(parse(bytes).ok()?);
        if body.excess_depth(policy).is_some() {
            return None;
        }
        body.claim(rules);
        let reports_at = body
            .claims()
            .map(|(id, rule)| (id, rules[rule].reports_at(body.place(id))))
            .filter(|(_, reports_at)| *reports_at != ReportsAt::Inside)
            .map(|(id, reports_at)| (body.tree.document().path(id).to_string(), reports_at))
            .collect();
        Some(JsonText {
            text,
            body,
            policy,
            rules,
            reports_at,
        })
    }

    fn document(&self) -> &Document {
        self.body.tree.document()
    }

    fn rule_of(&self, id: NodeId) -> Option<&dyn Rule> {
        let rule = self.body.claim_of(id)?;
        Some(self.rules[rule].as_ref())
    }

    /// The paths at which this text and another one may be reported to differ; none if they are equal
    /// under the policy.
    pub(crate) fn differences(&self, other: &JsonText<'_>) -> Option<Vec<Path>> {
        let root = Document::ROOT;
        let is_same = same(
            (&self.body, root),
            (&other.body, root),
            self.policy,
            self.rules,
        );
        (!is_same).then(|| changed_paths(self.document(), other.document()))
    }

    /// All damage that the policy does not accept on purpose.
    pub(crate) fn sites(&self) -> Vec<JsonSite> {
        let mut sites = Vec::new();
        let mut todo = vec![Document::ROOT];
        while let Some(id) = todo.pop() {
            let mut add = |damage: Damage, index: usize| {
                sites.push(JsonSite { damage, id, index });
            };
            if !matches!(self.document().value(id), Value::Null) {
                add(NULLED, 0);
            }
            let own = self
                .rule_of(id)
                .and_then(|rule| rule.damages(self.body.place(id)));
            if let Some(own) = own {
                own.into_iter().for_each(|damage| add(damage, 0));
                continue;
            }
            todo.extend(self.document().children(id));
            self.plain_sites(id, &mut add);
        }
        sites
    }

    fn plain_sites(&self, id: NodeId, add: &mut impl FnMut(Damage, usize)) {
        match self.document().value(id) {
            Value::Null => add(NULL_FILLED, 0),
            Value::Bool(_) => add(BOOL_FLIPPED, 0),
            Value::Number(_) => {
                for damage in [
                    NUMBER_AS_TEXT,
                    NUMBER_UP,
                    NUMBER_DOWN,
                    NUMBER_ULP,
                    LAST_DIGIT,
                    SIGN,
                ] {
                    add(damage, 0);
                }
                if !self.policy.numbers_by_value {
                    add(NUMBER_RESPELLED, 0);
                }
            }
            Value::String(text) => {
                add(CHARACTER, 0);
                if !text.raw.is_empty() {
                    add(EMPTIED, 0);
                    if self.policy.escapes {
                        add(TEXT_RESPELLED, 0);
                    }
                }
            }
            Value::Array(elements) => {
                if !elements.is_empty() {
                    add(EMPTIED, 0);
                }
                let swap = self.rule_of(id).and_then(Rule::swap);
                for index in 0..elements.len() {
                    add(ELEMENT_DROPPED, index);
                    add(ELEMENT_DOUBLED, index);
                    if index + 1 < elements.len() {
                        add(swap.unwrap_or(ELEMENTS_SWAPPED), index);
                    }
                }
            }
            Value::Object(members) => {
                add(KEY_ADDED, 0);
                if !members.is_empty() {
                    add(EMPTIED, 0);
                }
                for index in 0..members.len() {
                    add(KEY_DROPPED, index);
                    add(KEY_RENAMED, index);
                    if self.policy.escapes {
                        add(KEY_RESPELLED, index);
                    }
                    if self.policy.key_order && index + 1 < members.len() {
                        add(KEYS_SWAPPED, index);
                    }
                }
            }
        }
    }

    /// The path of the value at a site.
    pub(crate) fn path(&self, site: &JsonSite) -> Path {
        self.document().path(site.id)
    }

    /// The text after damage; none if the damage is impossible.
    pub(crate) fn damaged(&self, site: &JsonSite, random: &mut ChaCha8Rng) -> Option<DamagedText> {
        let Edit { range, new, within } = self.edit(site, random)?;
        let before = &self.text[..range.start];
        let text = format!("{before}{new}{}", &self.text[range.end..]);
        let summary = shown(&self.text[range], &new);
        // Damage must keep the text JSON. If it does not, no path changes, which is a flaw.
        let changed = match parse(text.as_bytes()) {
            Ok(document) => changed_paths(self.document(), &document),
            Err(_) => Vec::new(),
        };
        let place = self.body.place(site.id);
        let mut rules = self.rules.iter();
        Some(DamagedText {
            text,
            expected: changed
                .iter()
                .flat_map(|path| self.reported(path))
                .collect(),
            summary,
            flaw: flaw(&changed, &within),
            accepted_by: rules.position(|rule| rule.accepts(site.damage, place, site.index)),
        })
    }

    /// The paths at which the comparison may report a change.
    fn reported(&self, path: &Path) -> Vec<String> {
        let mut paths = vec![path.to_string()];
        if self.reports_at.is_empty() {
            return paths;
        }
        let first = |count: usize| Path(path.0[..count].to_vec()).to_string();
        for length in 0..path.0.len() {
            let above = first(length);
            match self.reports_at.get(&above) {
                Some(ReportsAt::Claimed) => return vec![above],
                Some(ReportsAt::Anywhere) => paths.extend([first(length + 1), above]),
                Some(ReportsAt::Inside) | None => {}
            }
        }
        paths
    }
}

/// Why damage that changed the values at `found`, and may change those below `within`, is flawed.
fn flaw(found: &[Path], within: &[Path]) -> Option<String> {
    let is_within = |path: &Path| within.iter().any(|above| path.0.starts_with(&above.0));
    if found.is_empty() {
        return Some("it changed nothing".to_owned());
    }
    found
        .iter()
        .find(|path| !is_within(path))
        .map(|path| format!("it also changed `{path}`"))
}

/// `12 -> 13`; long texts are cut around the first difference.
fn shown(before: &str, after: &str) -> String {
    let pairs = before.char_indices().zip(after.chars());
    let common = pairs.take_while(|((_, l), r)| l == r);
    let marks: Vec<usize> = common.map(|((at, _), _)| at).collect();
    let from = match marks.len().checked_sub(MAX_SHOWN / 4) {
        Some(skipped) if before.len().max(after.len()) > MAX_SHOWN => marks[skipped],
        _ => 0,
    };
    let side = |text: &str| match text.get(from..) {
        _ if text.is_empty() => "nothing".to_owned(),
        Some(rest) if from > 0 => format!("…{}", cut(rest, MAX_SHOWN)),
        _ => cut(text, MAX_SHOWN),
    };
    format!("{} -> {}", side(before), side(after))
}
