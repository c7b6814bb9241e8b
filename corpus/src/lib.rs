//! A deterministic staffing corpus: people to embed, the roster they stand in, and the demand for them.
//!
//! [`write()`] fills a folder from a [`Spec`]; the same spec gives the same bytes on any machine.
//!
//! | file | a line is |
//! |---|---|
//! | `workers.jsonl` | one of the open pool, `w-1`…: `{"id","text","metadata"}`, the metadata scalars only |
//! | `employees.jsonl` | one of the own staff, `e-1`…, in the same form |
//! | `roster.jsonl` | the same people as the contract's roster has them |
//! | `fill_events.jsonl` | what a client asked for, `f-1`… |
//! | `queries.jsonl` | one such event in a coordinator's words; four a piece |
//! | `manifest.json` | (one document) the [`Manifest`]: rows and SHA-256 of each file |
//!
//! Demand clusters: a client has one or two cities and asks for several roles there, again and
//! again. Supply follows demand: half of the people live and work where a client asks for them.

mod demand;
mod fixtures;
mod manifest;
mod output;
mod people;
mod queries;
mod random;

pub use manifest::{FileEntry, Manifest};

use std::path::Path;

use anyhow::Result;
use demand::Demand;
use fixtures::Fixtures;
use output::{JsonLines, Output};
use people::{Cohort, People};
use queries::Queries;

/// The largest open pool that is written.
pub const MAX_WORKERS: u64 = 10_000_000;

/// What a corpus follows from, together with this crate's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// People in the open pool, from 1 to [`MAX_WORKERS`].
    pub workers: u64,
    /// What all choices derive from.
    pub seed: u64,
}

impl Spec {
    fn employees(&self) -> u64 {
        (self.workers / 10).max(1)
    }

    fn events(&self) -> u64 {
        (self.workers / 50).max(40)
    }

    /// Eight events a client or more; bounded, so that the memory taken is.
    fn clients(&self) -> u64 {
        (self.events() / 8).min(2_000)
    }
}

/// Writes the corpus of `spec` to `folder`, which is made when it is not there.
///
/// Each file is written beside its place and renamed when all are complete; the manifest is taken
/// away first and comes last, so that one that is there describes the files beside it.
///
/// # Errors
/// The number of workers is out of range, or the folder cannot be written to.
pub fn write(spec: &Spec, folder: &Path) -> Result<Manifest> {
    anyhow::ensure!(
        (1..=MAX_WORKERS).contains(&spec.workers),
        "`workers` is {}; it must be from 1 to {MAX_WORKERS}",
        spec.workers
    );
    let fixtures = Fixtures::load()?;
    let clients = demand::clients(&fixtures, spec);
    let output = Output::create(folder)?;

    let mut roster = output.json_lines("roster.jsonl")?;
    let mut people = |cohort: Cohort, name, count| -> Result<JsonLines> {
        let mut lines = output.json_lines(name)?;
        for person in People::new(&fixtures, &clients, cohort, spec.seed).take(count) {
            lines.push(&person.document())?;
            roster.push(&person.roster_entry())?;
        }
        Ok(lines)
    };
    let workers = people(Cohort::Workers, "workers.jsonl", spec.workers as usize)?;
    let employees = people(
        Cohort::Employees,
        "employees.jsonl",
        spec.employees() as usize,
    )?;

    let mut events = output.json_lines("fill_events.jsonl")?;
    let mut queries = output.json_lines("queries.jsonl")?;
    let mut wording = Queries::new(spec.seed);
    for event in Demand::new(&clients, spec.seed).take(spec.events() as usize) {
        events.push(&event)?;
        for query in wording.of(&event) {
            queries.push(&query)?;
        }
    }

    output.publish(spec, vec![workers, employees, roster, events, queries])
}
