//! Looking at a root and at reports without running anything: what there is, how one case is put
//! to whom, and what changed between two runs.

pub mod command;
pub mod diff;

mod describe;
mod list;

use std::sync::Arc;

use lakehouse_rig::error::Error;

pub(crate) use describe::{commands, this};
pub use describe::{describe, raw_input};
pub use list::list;

use crate::config::{Case, Probe, Root};

/// Finds a case by `surface/case`.
///
/// # Errors
///
/// A name that is not of that form, or that does not exist.
pub fn find<'a>(root: &'a Root, name: &str) -> Result<(&'a Arc<Probe>, &'a Arc<Case>), Error> {
    let Some((surface, case)) = name.split_once('/') else {
        return Err(Error::usage(
            format!("`{name}` names no case"),
            "write `SURFACE/CASE`; `parity list` shows all of them",
        ));
    };
    let Some(probe) = root.probes.get(surface) else {
        let known: Vec<&str> = root.probes.keys().map(String::as_str).collect();
        return Err(Error::unknown("surface", surface, &known));
    };
    match probe.cases.iter().find(|known| known.name == case) {
        Some(found) => Ok((probe, found)),
        None => {
            let known: Vec<&str> = probe.cases.iter().map(|case| case.name.as_str()).collect();
            Err(Error::unknown("case", case, &known))
        }
    }
}
