//! Lists and describes cases, and compares reports, without running anything.

pub mod command;
pub mod diff;

pub(crate) mod secret;

mod describe;
mod failed;
mod json;
mod list;

use std::sync::Arc;

use lakehouse_rig::error::Error;

pub(crate) use describe::{commands, harness_command};
pub use describe::{describe, raw_input};
pub use failed::{Failed, last_failed, last_runs};
pub use json::describe_json;
pub use list::{Filter, Listed, list, table};

use crate::config::{Case, Probe, Root, case};

/// Finds a case by `surface/case`.
///
/// # Errors
///
/// A name of another form, or an unknown one.
pub fn find<'a>(root: &'a Root, name: &str) -> Result<(&'a Arc<Probe>, &'a Arc<Case>), Error> {
    let Some((surface, case)) = name.split_once('/') else {
        return Err(Error::usage(
            format!("`{name}` is not a case"),
            "write `SURFACE/CASE`; `parity list` lists all cases",
        ));
    };
    let Some(probe) = root.probes.get(surface) else {
        let known: Vec<&str> = root.probes.keys().map(String::as_str).collect();
        return Err(Error::unknown("surface", surface, &known));
    };
    if let Some(found) = probe.cases.iter().find(|known| known.name == case) {
        return Ok((probe, found));
    }
    Err(match surface_of(root, case) {
        Some(other) => Error::usage(
            format!("case `{case}` belongs to `{other}`"),
            format!("write `{other}/{case}`"),
        ),
        None => unknown_case(root, &[surface.to_owned()], case),
    })
}

/// The error for a case that none of the surfaces has, or no surface when the list is empty.
#[must_use]
pub fn unknown_case(root: &Root, surfaces: &[String], name: &str) -> Error {
    if let Some(other) = surface_of(root, name) {
        return Error::usage(
            format!("case `{name}` belongs to `{other}`"),
            format!("use `--surface {other}`"),
        );
    }
    let selected = |surface: &String| surfaces.is_empty() || surfaces.contains(surface);
    let known: Vec<&str> = root
        .probes
        .values()
        .filter(|probe| selected(&probe.surface))
        .flat_map(|probe| probe.cases.iter().map(|case| case.name.as_str()))
        .collect();
    Error::usage(
        format!("unknown case `{name}`"),
        case::similar(name, &known, surfaces),
    )
}

/// A surface that has a case of this name.
fn surface_of<'a>(root: &'a Root, case: &str) -> Option<&'a str> {
    let has_case = |probe: &&Arc<Probe>| probe.cases.iter().any(|one| one.name == case);
    let probe = root.probes.values().find(has_case)?;
    Some(&probe.surface)
}
