//! The failures as JSON inside the page, from which its script renders a failure when a reader
//! unfolds it: thousands of cards as HTML would take seconds to open.
//!
//! `strings` has every text once, since thousands of failures repeat each other's inputs, answers
//! and paths; everywhere else in `cases` and `heads`, a number is an index into it. `members` of a
//! group are indices into `cases`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

use serde::Serialize;
use serde_json::Value;

use super::failure::{Detail, FailureView};
use super::groups::Group;
use crate::outcome::CaseOutcome;
use crate::report::escape;

/// Bytes of failures after which only what differs is shown, without the answers.
const MAX_WITH_ANSWERS: usize = 1_200_000;

/// Bytes of failures after which the others are left out.
const MAX_BYTES: usize = 4_300_000;

/// The JSON, and how many failures it leaves out.
pub(super) struct Data {
    pub(super) json: String,
    pub(super) left_out: usize,
}

impl Data {
    /// `lists` are long lists that are shown when they are unfolded.
    pub(super) fn new(
        reference: &str,
        groups: &[Group<'_>],
        lists: &[Vec<String>],
    ) -> io::Result<Data> {
        let mut packed = Packed::default();
        // The unfolded cases come first, as they must not be among those that are left out.
        for (index, group) in groups.iter().enumerate() {
            if let Some(first) = group.cases.first() {
                packed.add(index, group, first, Detail::Full)?;
            }
        }
        for (index, group) in groups.iter().enumerate() {
            for case in group.cases.iter().skip(1) {
                packed.add(index, group, case, Detail::Brief)?;
            }
        }
        let left_out = groups
            .iter()
            .flat_map(|group| &group.cases)
            .filter(|case| !packed.indices.contains_key(&std::ptr::from_ref(**case)))
            .map(|case| std::ptr::from_ref(*case))
            .collect::<HashSet<_>>()
            .len();
        let json = script_json(&Written {
            reference,
            strings: &packed.strings.list,
            cases: &packed.cases,
            groups: &packed.groups.into_values().collect::<Vec<_>>(),
            lists,
        })?;
        Ok(Data { json, left_out })
    }
}

#[derive(Serialize)]
struct Written<'a> {
    reference: &'a str,
    strings: &'a [String],
    cases: &'a [Value],
    groups: &'a [GroupData],
    lists: &'a [Vec<String>],
}

#[derive(Serialize)]
struct GroupData {
    head: Value,
    members: Vec<usize>,
}

#[derive(Default)]
struct Packed {
    strings: Strings,
    cases: Vec<Value>,
    /// By position, so that they keep their order.
    groups: BTreeMap<usize, GroupData>,
    indices: HashMap<*const CaseOutcome, usize>,
    bytes: usize,
}

impl Packed {
    fn add(
        &mut self,
        position: usize,
        group: &Group<'_>,
        case: &CaseOutcome,
        detail: Detail,
    ) -> io::Result<()> {
        let Some(index) = self.index(case, detail)? else {
            return Ok(());
        };
        if let Some(known) = self.groups.get_mut(&position) {
            known.members.push(index);
            self.bytes += index.to_string().len() + 1;
            return Ok(());
        }
        let head = self.pack(&group.head)?;
        let members = vec![index];
        self.groups.insert(position, GroupData { head, members });
        Ok(())
    }

    /// The case's index, or nothing when there is no more room.
    fn index(&mut self, case: &CaseOutcome, detail: Detail) -> io::Result<Option<usize>> {
        let key = std::ptr::from_ref(case);
        if let Some(index) = self.indices.get(&key) {
            return Ok(Some(*index));
        }
        let used = self.bytes + self.strings.bytes;
        if used > MAX_BYTES {
            return Ok(None);
        }
        let detail = match used > MAX_WITH_ANSWERS {
            true => Detail::Short,
            false => detail,
        };
        let view = self.pack(&FailureView::new(case, detail))?;
        self.cases.push(view);
        self.indices.insert(key, self.cases.len() - 1);
        Ok(Some(self.cases.len() - 1))
    }

    fn pack(&mut self, view: &impl Serialize) -> io::Result<Value> {
        let packed = self.strings.pack(serde_json::to_value(view)?)?;
        self.bytes += serde_json::to_string(&packed)?.len();
        Ok(packed)
    }
}

/// Every text once.
#[derive(Default)]
struct Strings {
    indices: HashMap<String, usize>,
    list: Vec<String>,
    bytes: usize,
}

impl Strings {
    /// The value with the index of every string in its place.
    fn pack(&mut self, value: Value) -> io::Result<Value> {
        Ok(match value {
            Value::String(text) => Value::from(self.index(text)?),
            Value::Array(items) => {
                let items: io::Result<Vec<Value>> =
                    items.into_iter().map(|item| self.pack(item)).collect();
                Value::Array(items?)
            }
            Value::Object(members) => {
                let mut packed = serde_json::Map::new();
                for (name, member) in members {
                    packed.insert(name, self.pack(member)?);
                }
                Value::Object(packed)
            }
            other => other,
        })
    }

    fn index(&mut self, text: String) -> io::Result<usize> {
        if let Some(index) = self.indices.get(&text) {
            return Ok(*index);
        }
        self.bytes += script_json(&text)?.len() + 1;
        self.list.push(text.clone());
        self.indices.insert(text, self.list.len() - 1);
        Ok(self.list.len() - 1)
    }
}

/// JSON that can neither end the `script` element that holds it nor open a comment in it.
fn script_json(value: &impl Serialize) -> io::Result<String> {
    // Outside of strings, JSON has no `<`.
    let json = serde_json::to_string(value)?.replace('<', "\\u003c");
    Ok(escape::json(json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_json_cannot_leave_its_script_element() {
        let hostile = ["</script><!--<script>", "\u{2028}\u{2029}"];
        let json = script_json(&hostile).unwrap();
        assert!(!json.contains(['<', '\u{2028}', '\u{2029}']), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), hostile);
    }

    #[test]
    fn repeated_texts_are_stored_once() {
        let mut strings = Strings::default();
        let packed = strings
            .pack(serde_json::json!({"a": ["x", "y", true], "b": "x"}))
            .unwrap();
        assert_eq!(packed, serde_json::json!({"a": [0, 1, true], "b": 0}));
        assert_eq!(strings.list, ["x", "y"]);
    }
}
