//! `parity list`.

use std::fmt::Write as _;

use lakehouse_rig::error::Error;
use lakehouse_rig::text::counted;

use crate::config::{Case, Probe, Root};

/// One line per case: its name, its transports with their implementations, and its purpose.
///
/// # Errors
///
/// An unknown surface.
pub fn list(root: &Root, surfaces: &[String]) -> Result<String, Error> {
    let known: Vec<&str> = root.probes.keys().map(String::as_str).collect();
    if let Some(unknown) = surfaces.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Error::unknown("surface", unknown, &known));
    }
    let probes = root
        .probes
        .values()
        .filter(|probe| surfaces.is_empty() || surfaces.contains(&probe.surface));
    let rows: Vec<[String; 3]> = probes
        .flat_map(|probe| probe.cases.iter().map(|case| row(root, probe, case)))
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    let mut text = String::new();
    for [name, runs, why] in &rows {
        let line = format!("{name:first$}  {runs:second$}  {why}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let _ = writeln!(text, "{}", counted(rows.len(), "case"));
    Ok(text)
}

fn row(root: &Root, probe: &Probe, case: &Case) -> [String; 3] {
    let runs: Vec<String> = probe
        .transports
        .iter()
        .filter(|transport| case.goes_over(**transport))
        .filter_map(|transport| {
            let implementations = root.implementations.values();
            let names: Vec<&str> = implementations
                .filter(|implementation| implementation.has(&probe.surface, *transport))
                .map(|implementation| implementation.name.as_str())
                .collect();
            (!names.is_empty()).then(|| format!("{transport}: {}", names.join(" ")))
        })
        .collect();
    let runs = if runs.is_empty() {
        "no implementation".to_owned()
    } else {
        runs.join("; ")
    };
    [
        format!("{}/{}", probe.surface, case.name),
        runs,
        case.why.clone().unwrap_or_default(),
    ]
}
