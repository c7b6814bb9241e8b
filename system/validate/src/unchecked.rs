//! Members of an artifact that no rule knows.

use std::collections::{HashMap, HashSet};

use lakehouse_json::{Json, Object};

use crate::report::Report;
use crate::{Finding, Severity};

/// The maximum number of members that are reported.
const MAX_REPORTED: usize = 100;

/// Reports the members that are not `known`.
pub(crate) fn report_members(artifact: &Json<'_>, known: &[&str], report: &mut Report) {
    let object = artifact.as_object();
    let names = object.map(names).unwrap_or_default();
    let unknown = names.into_iter().filter(|name| !known.contains(name));
    report_fields(unknown.map(str::to_owned), report);
}

/// Reports the members of a fill artifact, and of its fills, that no rule knows.
pub(crate) fn report_members_of_fills(artifact: &Json<'_>, report: &mut Report) {
    let Some(object) = artifact.as_object() else {
        return;
    };
    let mut fields = Vec::new();
    for name in names(object) {
        if name != "fills" {
            fields.push(name.to_owned());
            continue;
        }
        let fills = object
            .get(name)
            .and_then(Json::as_array)
            .unwrap_or_default();
        for (index, fill) in fills.iter().enumerate() {
            let names = fill.as_object().map(names).unwrap_or_default();
            let unknown = names
                .into_iter()
                .filter(|name| !["worker_id", "name"].contains(name));
            fields.extend(unknown.map(|name| format!("fills[{index}].{name}")));
        }
    }
    report_fields(fields.into_iter(), report);
}

/// The names of the members that are not `null`, each once, in the order of the text. The last
/// member with a name has its value.
fn names<'j>(object: &'j Object<'_>) -> Vec<&'j str> {
    let is_null: HashMap<&str, bool> = object
        .members()
        .map(|(name, value)| (name, value.is_null()))
        .collect();
    let mut seen = HashSet::new();
    let names = object.members().map(|(name, _)| name);
    names
        .filter(|name| !is_null[name] && seen.insert(*name))
        .collect()
}

fn report_fields(fields: impl Iterator<Item = String>, report: &mut Report) {
    for field in fields.take(MAX_REPORTED) {
        report.finding(Finding {
            field,
            severity: Severity::Warning,
            message: "not checked: no rule knows this member".to_owned(),
        });
    }
}
