//! Damage to a JSON text.

use std::collections::BTreeMap;
use std::ops::Range;

use rand_chacha::ChaCha8Rng;

use super::kinds::{
    BOOL_FLIPPED, CHARACTER, ELEMENT_DOUBLED, ELEMENT_DROPPED, ELEMENTS_SWAPPED, EMPTIED,
    KEY_ADDED, KEY_DROPPED, KEY_RENAMED, KEY_RESPELLED, KEYS_SWAPPED, LAST_DIGIT, NULL_FILLED,
    NULLED, NUMBER_AS_TEXT, NUMBER_DOWN, NUMBER_RESPELLED, NUMBER_ULP, NUMBER_UP, SIGN,
    TEXT_RESPELLED,
};
use super::{JsonBody, same, spelling};
use crate::comparators::damage::Damage;
use crate::comparators::policy::JsonPolicy;
use crate::comparators::{Damaged, ReportsAt, Rule};
use crate::json::{
    Document, NodeId, Path, Segment, Text, Tree as _, Value, changed_paths, cut, parse,
};

/// The name of an added key.
const NEW_KEY: &str = "mutant";
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

/// A replacement in a text, and the values that it may change.
struct Edit {
    range: Range<usize>,
    new: String,
    within: Vec<Path>,
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

    fn edit(&self, site: &JsonSite, random: &mut ChaCha8Rng) -> Option<Edit> {
        let (id, damage) = (site.id, site.damage);
        let whole = |new: String| {
            Some(Edit {
                range: self.document().node(id).span.clone(),
                new,
                within: vec![self.document().path(id)],
            })
        };
        if damage == NULLED {
            return whole("null".to_owned());
        }
        if let Some(rule) = self.rule_of(id) {
            match rule.damage(damage, self.body.place(id)) {
                Damaged::To(new) => return whole(new),
                Damaged::Impossible => return None,
                Damaged::Plain => {}
            }
        }
        match (damage, self.document().value(id)) {
            (NULL_FILLED, _) => whole("0".to_owned()),
            (BOOL_FLIPPED, Value::Bool(value)) => whole((!value).to_string()),
            (EMPTIED, Value::String(_)) => whole("\"\"".to_owned()),
            (EMPTIED, Value::Array(_)) => whole("[]".to_owned()),
            (EMPTIED, Value::Object(_)) => whole("{}".to_owned()),
            (_, Value::Number(lexeme)) => whole(spelling::number(damage, lexeme)?),
            (CHARACTER, Value::String(text)) => {
                whole(format!("\"{}\"", spelling::character(&text.raw, random)))
            }
            (TEXT_RESPELLED, Value::String(text)) => {
                let raw = spelling::respelled_text(&text.raw, random)?;
                whole(format!("\"{raw}\""))
            }
            (_, Value::Array(elements)) => self.element(site, elements),
            (_, Value::Object(members)) => self.member(site, members, random),
            _ => None,
        }
    }

    fn element(&self, site: &JsonSite, elements: &[NodeId]) -> Option<Edit> {
        let index = site.index;
        let path = self.document().path(site.id);
        let span = |at: usize| {
            let id = elements.get(at)?;
            Some(self.document().node(*id).span.clone())
        };
        let own = span(index)?;
        match site.damage {
            ELEMENT_DROPPED => {
                let range = match (span(index + 1), index.checked_sub(1).and_then(span)) {
                    (Some(next), _) => own.start..next.start,
                    (None, Some(before)) => before.end..own.end,
                    (None, None) => own,
                };
                Some(Edit {
                    range,
                    new: String::new(),
                    within: vec![path],
                })
            }
            ELEMENT_DOUBLED => {
                let text = &self.text[own.clone()];
                let new = format!("{text},{text}");
                Some(Edit {
                    range: own,
                    new,
                    within: vec![path],
                })
            }
            // `ELEMENTS_SWAPPED`, or the swap of a rule.
            _ => {
                let next = span(index + 1)?;
                let pair = [elements[index], elements[index + 1]].map(|id| (&self.body, id));
                if same(pair[0], pair[1], self.policy, self.rules) {
                    return None;
                }
                let at = |index: usize| path.with(Segment::Index(index));
                Some(Edit {
                    range: own.start..next.end,
                    new: self.swapped(&own, &next),
                    within: vec![at(index), at(index + 1)],
                })
            }
        }
    }

    fn member(
        &self,
        site: &JsonSite,
        members: &[(Text, NodeId)],
        random: &mut ChaCha8Rng,
    ) -> Option<Edit> {
        let document = self.document();
        let path = document.path(site.id);
        let with = |key: &str| path.with(Segment::Key(key.to_owned()));
        let has = |name: &[u8]| members.iter().any(|(key, _)| key.decoded == name);
        if site.damage == KEY_ADDED {
            if has(NEW_KEY.as_bytes()) {
                return None;
            }
            let end = document.node(site.id).span.end - 1;
            let comma = if members.is_empty() { "" } else { "," };
            return Some(Edit {
                range: end..end,
                new: format!("{comma}\"{NEW_KEY}\":null"),
                within: vec![with(NEW_KEY)],
            });
        }
        let (key, id) = members.get(site.index)?;
        let is_double = |key: &Text| {
            let same = members.iter().filter(|(one, _)| one.decoded == key.decoded);
            same.count() > 1
        };
        let key_span = self.key_span(site.id, members, site.index)?;
        let value_end = document.node(*id).span.end;
        let own = with(&key.lossy());
        if site.damage == KEY_DROPPED {
            let range = if site.index + 1 < members.len() {
                let next = self.key_span(site.id, members, site.index + 1)?;
                key_span.start..next.start
            } else if site.index > 0 {
                document.node(members[site.index - 1].1).span.end..value_end
            } else {
                key_span.start..value_end
            };
            return Some(Edit {
                range,
                new: String::new(),
                within: vec![own],
            });
        }
        // Two members of one name have the same path.
        if is_double(key) {
            return None;
        }
        match site.damage {
            KEY_RENAMED => {
                if has(&[&key.decoded[..], b"_"].concat()) {
                    return None;
                }
                let renamed = with(&format!("{}_", key.lossy()));
                Some(Edit {
                    range: key_span,
                    new: format!("\"{}_\"", key.raw),
                    within: vec![own, renamed],
                })
            }
            KEY_RESPELLED => {
                let raw = spelling::respelled_text(&key.raw, random)?;
                Some(Edit {
                    range: key_span,
                    new: format!("\"{raw}\""),
                    within: vec![own],
                })
            }
            KEYS_SWAPPED => {
                let (next_key, next_id) = members.get(site.index + 1)?;
                if is_double(next_key) {
                    return None;
                }
                let next = self.key_span(site.id, members, site.index + 1)?.start
                    ..document.node(*next_id).span.end;
                let first = key_span.start..value_end;
                Some(Edit {
                    range: first.start..next.end,
                    new: self.swapped(&first, &next),
                    within: vec![path],
                })
            }
            _ => None,
        }
    }

    /// The text of two ranges swapped, with the text between them.
    fn swapped(&self, first: &Range<usize>, second: &Range<usize>) -> String {
        format!(
            "{}{}{}",
            &self.text[second.clone()],
            &self.text[first.end..second.start],
            &self.text[first.clone()]
        )
    }

    /// The range of a key, with its quotes.
    fn key_span(
        &self,
        object: NodeId,
        members: &[(Text, NodeId)],
        index: usize,
    ) -> Option<Range<usize>> {
        let from = match index.checked_sub(1) {
            Some(before) => self.document().node(members[before].1).span.end,
            None => self.document().node(object).span.start + 1,
        };
        let start = from + self.text[from..].find('"')?;
        Some(start..start + members[index].0.raw.len() + 2)
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

#[cfg(test)]
mod tests {
    use super::{flaw, shown};
    use crate::json::{Path, Segment};

    #[test]
    fn changes_elsewhere_are_flaws() {
        let path = |keys: &[&str]| {
            let keys = keys.iter().map(|key| Segment::Key((*key).to_owned()));
            Path(keys.collect())
        };
        let within = [path(&["a"])];
        assert_eq!(flaw(&[], &within).as_deref(), Some("it changed nothing"));
        assert_eq!(flaw(&[path(&["a", "b"])], &within), None);
        assert_eq!(
            flaw(&[path(&["a"]), path(&["c"])], &within).as_deref(),
            Some("it also changed `$.c`")
        );
    }

    #[test]
    fn long_changes_are_cut_around_the_difference() {
        assert_eq!(shown("12", "13"), "12 -> 13");
        assert_eq!(shown("12", ""), "12 -> nothing");
        assert_eq!(shown("", "\"a\":1"), "nothing -> \"a\":1");
        let long = "é".repeat(100);
        assert_eq!(
            shown(&format!("{long}a"), &format!("{long}b")),
            "…ééééééééééa -> …ééééééééééb"
        );
    }
}
