//! The rules for a fill: workers proposed for a shift.

mod facts;
mod findings;
mod policy;

use std::collections::HashMap;

use lakehouse_json::Json;

use crate::report::{Flow, Report};
use crate::roster::{Roster, Worker};
use crate::{Context, unchecked};

pub(crate) fn check(
    artifact: &Json<'_>,
    context: &Context,
    roster: &Roster,
    report: &mut Report,
) -> Flow {
    let fills = read(artifact, report)?;
    check_count(fills.len(), context, report)?;
    let named = check_repetition(&fills, report)?;
    let known = check_roster(&named, roster, report)?;
    facts::check(&known, context, report)?;
    policy::check(&known, context, report)?;
    report.unless_failed()?;
    findings::report_clients(&known, context, report);
    findings::report_bookings(&known, context, report);
    unchecked::report_members_of_fills(artifact, report);
    Flow::Continue(())
}

/// The ids of the workers that an artifact names, as far as it is well-formed.
pub(crate) fn worker_ids<'j>(artifact: &'j Json<'_>) -> Vec<&'j str> {
    let fills = artifact
        .as_object()
        .and_then(|object| object.get("fills")?.as_array());
    let ids = fills.unwrap_or_default().iter();
    ids.filter_map(|fill| fill.as_object()?.get("worker_id")?.as_str())
        .collect()
}

struct Fill<'j> {
    index: usize,
    worker_id: &'j str,
    name: Option<&'j str>,
}

/// The first fill of a worker who is in the roster.
struct KnownFill<'j, 'r> {
    index: usize,
    name: Option<&'j str>,
    worker: &'r Worker,
}

/// Rules 1 to 3.
fn read<'j>(artifact: &'j Json<'_>, report: &mut Report) -> Flow<Vec<Fill<'j>>> {
    let mut fills = Vec::new();
    match artifact.as_object().map(|object| object.get("fills")) {
        None => report.schema("artifact", "must be an object")?,
        Some(None) => report.schema("fills", "is missing")?,
        Some(Some(value)) => match value.as_array() {
            None => report.schema("fills", "must be an array")?,
            Some(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    fills.extend(read_fill(index, element, report)?);
                }
            }
        },
    }
    report.unless_failed()?;
    Flow::Continue(fills)
}

fn read_fill<'j>(
    index: usize,
    element: &'j Json<'_>,
    report: &mut Report,
) -> Flow<Option<Fill<'j>>> {
    let Some(object) = element.as_object() else {
        report.schema(format!("fills[{index}]"), "must be an object")?;
        return Flow::Continue(None);
    };
    let worker_id = match object.get("worker_id").map(Json::as_str) {
        Some(Some(id)) if !id.is_empty() => Some(id),
        None => {
            report.schema(format!("fills[{index}].worker_id"), "is missing")?;
            None
        }
        Some(_) => {
            report.schema(
                format!("fills[{index}].worker_id"),
                "must be a string that is not empty",
            )?;
            None
        }
    };
    let name = object.get_some("name");
    if name.is_some_and(|name| name.as_str().is_none()) {
        report.schema(format!("fills[{index}].name"), "must be a string")?;
    }
    let name = name.and_then(Json::as_str);
    Flow::Continue(worker_id.map(|worker_id| Fill {
        index,
        worker_id,
        name,
    }))
}

/// Rule 4.
fn check_count(fills: usize, context: &Context, report: &mut Report) -> Flow {
    match context.count {
        Some(count) if usize::try_from(count) != Ok(fills) => {
            report.completeness(format!("fills has {fills}, the context asks for {count}"))
        }
        None if fills == 0 => report.completeness("fills is empty".to_owned()),
        _ => Flow::Continue(()),
    }
}

/// Rule 5. Returns the first fill of each worker.
fn check_repetition<'f, 'j>(fills: &'f [Fill<'j>], report: &mut Report) -> Flow<Vec<&'f Fill<'j>>> {
    let mut first = Vec::with_capacity(fills.len());
    let mut times: HashMap<&str, u32> = HashMap::with_capacity(fills.len());
    for fill in fills {
        let times = times.entry(fill.worker_id).or_default();
        *times += 1;
        match times {
            1 => first.push(fill),
            2 => report.consistency(format!(
                "worker `{}` is named more than once",
                fill.worker_id
            ))?,
            _ => {}
        }
    }
    Flow::Continue(first)
}

/// Rule 6.
fn check_roster<'j, 'r>(
    named: &[&Fill<'j>],
    roster: &'r Roster,
    report: &mut Report,
) -> Flow<Vec<KnownFill<'j, 'r>>> {
    let mut known = Vec::with_capacity(named.len());
    for fill in named {
        match roster.find(fill.worker_id) {
            Some(worker) => known.push(KnownFill {
                index: fill.index,
                name: fill.name,
                worker,
            }),
            None => {
                let id = fill.worker_id;
                report.consistency(format!("worker `{id}` is not in the roster"))?;
            }
        }
    }
    Flow::Continue(known)
}
