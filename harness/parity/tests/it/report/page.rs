//! A report page as its script reads it.

use serde_json::Value;

const BEGIN: &str = "<script type=\"application/json\" id=\"data\">";

/// A page and the data inside it.
pub(crate) struct Page {
    /// The whole page.
    pub(crate) html: String,
    data: Value,
}

impl Page {
    /// Reads the data as a browser does: up to the first end of the script element.
    pub(crate) fn read(html: String) -> Page {
        let (_, from) = html.split_once(BEGIN).expect("the page has data");
        let (json, _) = from.split_once("</script").expect("the data ends");
        let data = serde_json::from_str(json).expect("the data is JSON");
        Page { html, data }
    }

    /// The failing cases.
    pub(crate) fn cases(&self) -> Vec<Value> {
        let cases = self.data["cases"].as_array().unwrap();
        cases.iter().map(|case| self.expanded(case)).collect()
    }

    /// The groups' heads, each with its number of cases.
    pub(crate) fn groups(&self) -> Vec<(Value, usize)> {
        let groups = self.data["groups"].as_array().unwrap();
        groups
            .iter()
            .map(|group| {
                let members = group["members"].as_array().unwrap();
                (self.expanded(&group["head"]), members.len())
            })
            .collect()
    }

    /// The lists that are shown when they are unfolded.
    pub(crate) fn lists(&self) -> &Value {
        &self.data["lists"]
    }

    /// Every number is the index of a string.
    fn expanded(&self, value: &Value) -> Value {
        match value {
            Value::Number(index) => {
                let index = usize::try_from(index.as_u64().unwrap()).unwrap();
                self.data["strings"][index].clone()
            }
            Value::Array(items) => items.iter().map(|item| self.expanded(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| (name.clone(), self.expanded(member)))
                .collect(),
            other => other.clone(),
        }
    }
}
