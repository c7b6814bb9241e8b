//! The change of a text that does damage to one of its values.

use std::ops::Range;

use rand_chacha::ChaCha8Rng;

use super::{JsonSite, JsonText};
use crate::comparators::Damaged;
use crate::comparators::json::kinds::{
    BOOL_FLIPPED, CHARACTER, ELEMENT_DOUBLED, ELEMENT_DROPPED, EMPTIED, KEY_ADDED, KEY_DROPPED,
    KEY_RENAMED, KEY_RESPELLED, KEYS_SWAPPED, NULL_FILLED, NULLED, TEXT_RESPELLED,
};
use crate::comparators::json::{same, spelling};
use crate::json::{NodeId, Path, Segment, Text, Value};

/// The name of an added key.
const NEW_KEY: &str = "mutant";

/// A replacement in a text, and the values that it may change.
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) new: String,
    pub(super) within: Vec<Path>,
}

impl JsonText<'_> {
    pub(super) fn edit(&self, site: &JsonSite, random: &mut ChaCha8Rng) -> Option<Edit> {
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
            None => self.document().node(object).span.start,
        };
        let start = from + self.text[from..].find('"')?;
        Some(start..start + members[index].0.raw.len() + 2)
    }
}
