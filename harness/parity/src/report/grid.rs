//! The grid of surfaces and implementations at the top of every report.

use lakehouse_rig::implementation::Transport;

use crate::outcome::{ImplementationKind, ImplementationRun, Run, SurfaceResult};

/// [`SurfaceResult`]s by surface and transport (rows) and by compared implementation (columns).
pub(super) struct Grid<'a> {
    pub(super) columns: Vec<&'a ImplementationRun>,
    pub(super) rows: Vec<Row<'a>>,
}

/// One row; a cell is `None` where the implementation does not have the surface.
pub(super) struct Row<'a> {
    pub(super) surface: &'a str,
    pub(super) transport: Transport,
    pub(super) cells: Vec<Option<&'a SurfaceResult>>,
}

pub(super) fn grid(run: &Run) -> Grid<'_> {
    let columns: Vec<&ImplementationRun> = run
        .implementations
        .iter()
        .filter(|implementation| implementation.name != run.reference)
        .collect();
    // Results are sorted by surface and transport.
    let rows = run
        .results
        .chunk_by(|a, b| (&a.surface, a.transport) == (&b.surface, b.transport))
        .filter_map(|results| {
            let first = results.first()?;
            Some(Row {
                surface: &first.surface,
                transport: first.transport,
                cells: columns
                    .iter()
                    .map(|column| results.iter().find(|r| r.implementation == column.name))
                    .collect(),
            })
        })
        .collect();
    Grid { columns, rows }
}

/// `12 match, 1 known`: the counts that are not zero.
pub(super) fn counts(result: &SurfaceResult) -> String {
    let parts: Vec<String> = [
        (result.diverged, "diverged"),
        (result.invalid, "invalid"),
        (result.matched, "match"),
        (result.known, "known"),
        (result.skipped, "skipped"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, name)| format!("{count} {name}"))
    .collect();
    if parts.is_empty() {
        "no cases".to_owned()
    } else {
        parts.join(", ")
    }
}

/// The line below an implementation's name: `live, Go 1.26`.
pub(super) fn description(implementation: &ImplementationRun) -> String {
    let kind = match (implementation.kind, implementation.recorded_at) {
        (ImplementationKind::Recorded, Some(at)) => format!("recorded {}", day(at)),
        (kind, _) => kind.to_string(),
    };
    let version = if implementation.version.is_empty() {
        &implementation.language
    } else {
        &implementation.version
    };
    if version.is_empty() {
        kind
    } else {
        format!("{kind}, {version}")
    }
}

/// `2026-11-20`, UTC.
pub(super) fn day(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
