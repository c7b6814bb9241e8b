//! The two living documents of a repository: `docs/parity.md` and `docs/drift.md`.
//!
//! `docs/parity.md` has a row per surface and implementation with date, commit and verdict; a run
//! rewrites the rows it has, and a run that left something out keeps the others. `docs/drift.md`
//! says what is declared in the divergence ledger, and depends on that file alone.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use super::grid::day;
use crate::outcome::{
    ImplementationKind, ImplementationRun, LedgerFailure, PinOutcome, Run, RunVerdict,
    SurfaceResult,
};
use lakehouse_rig::text::counted;

const DRIFT: &str = "docs/drift.md";

const PARITY_HEAD: &str = "# Parity log

The last run of each surface against each implementation. Written by `cargo xtask parity --log`; \
edits by hand are lost.

| surface | implementation | date | commit | verdict | cases |
|---|---|---|---|---|---|
";

const DRIFT_HEAD: &str = "# Declared differences

What implementations are known to do differently, why, and what was decided. Generated from \
`fixtures/divergences.toml` by `cargo xtask parity --log`; edits by hand are lost.
";

/// Rewrites both documents below `root`.
pub fn rewrite(run: &Run, root: &Path) -> io::Result<()> {
    let docs = root.join("docs");
    fs::create_dir_all(&docs)?;
    let parity = docs.join("parity.md");
    let before = match fs::read_to_string(&parity) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    fs::write(&parity, parity_log(run, &before))?;
    fs::write(root.join(DRIFT), drift(&run.divergences))
}

/// `docs/parity.md` after this run, given its text before it.
#[must_use]
pub fn parity_log(run: &Run, before: &str) -> String {
    let mut rows: BTreeMap<(String, String), String> = BTreeMap::new();
    if run.filtered {
        rows.extend(before.lines().filter_map(read_row));
    }
    // Results are sorted by surface and transport, so a surface's transports come in one order.
    let mut latest: BTreeMap<(&str, &str), Vec<&SurfaceResult>> = BTreeMap::new();
    for result in &run.results {
        latest
            .entry((&result.surface, &result.implementation))
            .or_default()
            .push(result);
    }
    for ((surface, implementation), results) in latest {
        rows.insert(
            (cell(surface), cell(implementation)),
            write_row(run, surface, implementation, &results),
        );
    }
    let mut text = PARITY_HEAD.to_owned();
    for row in rows.into_values() {
        text.push_str(&row);
        text.push('\n');
    }
    text
}

/// What to hold against a run whose root has a `docs/drift.md` that says something else than the
/// ledger: it is written by `--log`, and only looked at otherwise.
#[must_use]
pub fn stale_drift(run: &Run) -> Option<LedgerFailure> {
    let written = fs::read_to_string(run.root.join(DRIFT)).ok()?;
    (written != drift(&run.divergences)).then(|| LedgerFailure {
        file: DRIFT.to_owned(),
        line: 1,
        message: format!("`{DRIFT}` is not what `fixtures/divergences.toml` says"),
        edit: "cargo xtask parity --log".to_owned(),
    })
}

/// `docs/drift.md` for these pins. What became of them in a run does not change it.
#[must_use]
pub fn drift(pins: &[PinOutcome]) -> String {
    let mut out = DRIFT_HEAD.to_owned();
    if pins.is_empty() {
        out.push_str("\nNone.\n");
        return out;
    }
    let mut surfaces: BTreeMap<&str, Vec<&PinOutcome>> = BTreeMap::new();
    for pin in pins {
        surfaces.entry(&pin.surface).or_default().push(pin);
    }
    for (surface, pins) in surfaces {
        // Writing to a string cannot fail.
        let _ = write_surface(&mut out, surface, &pins);
    }
    out
}

fn write_surface(out: &mut String, surface: &str, pins: &[&PinOutcome]) -> std::fmt::Result {
    writeln!(out, "\n## {surface}")?;
    for pin in pins {
        let [left, right] = &pin.pair;
        writeln!(out, "\n### {left} and {right}: {}\n", code(&pin.path))?;
        writeln!(out, "{}\n", pin.reason.trim())?;
        writeln!(
            out,
            "- {}: {left} has {}, {right} has {}",
            pin.kind,
            code(&pin.shapes[0]),
            code(&pin.shapes[1])
        )?;
        let cases: Vec<String> = pin.cases.iter().map(|case| code(case)).collect();
        writeln!(
            out,
            "- {} in {}{}",
            counted(pin.count, "difference"),
            cases.join(", "),
            match pin.transport {
                Some(transport) => format!(", over {transport} only"),
                None => String::new(),
            }
        )?;
        writeln!(out, "- decided: {}", pin.decision.trim())?;
        writeln!(out, "- to be decided again by {}", pin.expires)?;
    }
    Ok(())
}

fn write_row(run: &Run, surface: &str, implementation: &str, results: &[&SurfaceResult]) -> String {
    let took_part = run
        .implementations
        .iter()
        .find(|i| i.name == implementation);
    let cases: Vec<String> = results
        .iter()
        .map(|result| {
            format!(
                "{} {}/{}",
                result.transport,
                result.matched + result.known,
                result.cases
            )
        })
        .collect();
    format!(
        "| {} | {} | {} | {} | {} | {} |",
        cell(surface),
        cell(implementation),
        day(run.started_at),
        run.commit.as_deref().map_or_else(String::new, short_commit),
        verdict(results, took_part),
        cases.join(", ")
    )
}

fn verdict(results: &[&SurfaceResult], implementation: Option<&ImplementationRun>) -> String {
    let verdicts: Vec<RunVerdict> = results.iter().map(|result| result.verdict()).collect();
    let verdict = if verdicts.contains(&RunVerdict::Fail) {
        RunVerdict::Fail
    } else if verdicts.contains(&RunVerdict::Inconclusive) {
        RunVerdict::Inconclusive
    } else {
        RunVerdict::Pass
    };
    let known: usize = results.iter().map(|result| result.known).sum();
    let mut text = verdict.to_string();
    if known > 0 {
        let _ = write!(text, ", {known} known");
    }
    match implementation {
        Some(ImplementationRun {
            kind: ImplementationKind::Recorded,
            recorded_at: Some(at),
            ..
        }) => {
            let _ = write!(text, ", recorded {}", day(*at));
        }
        Some(implementation) if implementation.kind != ImplementationKind::Live => {
            let _ = write!(text, ", {}", implementation.kind);
        }
        _ => {}
    }
    text
}

/// Twelve digits, and `-dirty` when it is there.
fn short_commit(commit: &str) -> String {
    let (hash, suffix) = match commit.split_once('-') {
        Some((hash, suffix)) => (hash, format!("-{suffix}")),
        None => (commit, String::new()),
    };
    let short: String = hash.chars().take(12).collect();
    cell(&format!("{short}{suffix}"))
}

/// A row of the log with what it is about; lines that are no row are passed over.
fn read_row(line: &str) -> Option<((String, String), String)> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let cells: Vec<&str> = inner.split(" | ").map(str::trim).collect();
    match cells.as_slice() {
        [surface, implementation, _, _, _, _] if *surface != "surface" => Some((
            ((*surface).to_owned(), (*implementation).to_owned()),
            line.trim().to_owned(),
        )),
        _ => None,
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn code(text: &str) -> String {
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}
