//! `parity list`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::text::counted;
use serde::Serialize;

use super::unknown_case;
use crate::config::{Case, Probe, Root};

/// The cases that are listed; an empty list of names means all.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// Surfaces.
    pub surfaces: &'a [String],
    /// Cases, as `NAME` or `SURFACE/NAME`.
    pub cases: &'a [String],
    /// Implementations, at least one of which runs the case.
    pub implementations: &'a [String],
}

/// One case.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    /// Its surface.
    pub surface: String,
    /// Its name.
    pub case: String,
    /// What it is for.
    pub why: Option<String>,
    /// The implementations that run it, by transport.
    pub transports: BTreeMap<Transport, Vec<String>>,
}

/// The cases of a root, with their transports and implementations.
///
/// # Errors
///
/// An unknown name.
pub fn list(root: &Root, filter: &Filter<'_>) -> Result<Vec<Listed>, Error> {
    let surfaces: Vec<&str> = root.probes.keys().map(String::as_str).collect();
    let implementations: Vec<&str> = root.implementations.keys().map(String::as_str).collect();
    for (what, names, known) in [
        ("surface", filter.surfaces, &surfaces),
        ("implementation", filter.implementations, &implementations),
    ] {
        if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(Error::unknown(what, unknown, known));
        }
    }
    let wanted = |names: &[String], name: &String| names.is_empty() || names.contains(name);
    let probes = root.probes.values();
    let probes: Vec<_> = probes
        .filter(|probe| wanted(filter.surfaces, &probe.surface))
        .collect();
    for name in filter.cases {
        let has_case = |probe: &Probe| probe.cases.iter().any(|case| names(name, probe, case));
        if !probes.iter().any(|probe| has_case(probe)) {
            return Err(match name.split_once('/') {
                Some((surface, case)) => unknown_case(root, &[surface.to_owned()], case),
                None => unknown_case(root, filter.surfaces, name),
            });
        }
    }
    let mut listed = Vec::new();
    for probe in probes {
        for case in &probe.cases {
            let one = one(root, probe, case, filter.implementations);
            let is_run = filter.implementations.is_empty() || !one.transports.is_empty();
            let is_named = filter.cases.iter().any(|name| names(name, probe, case));
            if (filter.cases.is_empty() || is_named) && is_run {
                listed.push(one);
            }
        }
    }
    Ok(listed)
}

/// One line per case: its name, its transports with their implementations, and its purpose.
#[must_use]
pub fn table(listed: &[Listed]) -> String {
    let rows: Vec<[String; 3]> = listed.iter().map(row).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    let mut text = String::new();
    for [name, runs, why] in &rows {
        let line = format!("{name:first$}  {runs:second$}  {why}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let _ = writeln!(text, "{}", counted(rows.len(), "case"));
    text
}

/// Whether `NAME` or `SURFACE/NAME` is this case.
fn names(written: &str, probe: &Probe, case: &Case) -> bool {
    match written.split_once('/') {
        Some((surface, name)) => surface == probe.surface && name == case.name,
        None => written == case.name,
    }
}

fn one(root: &Root, probe: &Probe, case: &Case, wanted: &[String]) -> Listed {
    let mut transports = BTreeMap::new();
    for transport in &probe.transports {
        let names: Vec<String> = root
            .implementations
            .values()
            .filter(|implementation| implementation.has(&probe.surface, *transport))
            .map(|implementation| implementation.name.clone())
            .filter(|name| wanted.is_empty() || wanted.contains(name))
            .collect();
        if case.goes_over(*transport) && !names.is_empty() {
            transports.insert(*transport, names);
        }
    }
    Listed {
        surface: probe.surface.clone(),
        case: case.name.clone(),
        why: case.why.clone(),
        transports,
    }
}

fn row(listed: &Listed) -> [String; 3] {
    let runs: Vec<String> = listed
        .transports
        .iter()
        .map(|(transport, names)| format!("{transport}: {}", names.join(" ")))
        .collect();
    let runs = if runs.is_empty() {
        "no implementation".to_owned()
    } else {
        runs.join("; ")
    };
    [
        format!("{}/{}", listed.surface, listed.case),
        runs,
        listed.why.clone().unwrap_or_default(),
    ]
}
