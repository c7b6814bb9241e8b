//! A deterministic staffing corpus: people to embed, their roster, and the demand for them.
//!
//! [`write()`] fills a folder according to a [`Spec`]; the same spec gives the same bytes on any
//! machine.
//!
//! | file | content of a line |
//! |---|---|
//! | `workers.jsonl` | a person of the open pool, `w-1`…: `{"id","text","metadata"}`, the metadata scalars only |
//! | `employees.jsonl` | an employee, `e-1`…, in the same format |
//! | `roster.jsonl` | one of the same people in the contract's roster format |
//! | `fill_events.jsonl` | a client's request for people, `f-1`… |
//! | `queries.jsonl` | such a request in a coordinator's words; four for each |
//! | `manifest.json` | (a single document) the [`Manifest`]: rows and SHA-256 of each file |
//!
//! In the [natural style](Style::Natural) people describe themselves in their own words: with synonyms,
//! abbreviations, misspellings, in other languages, and with parts left out. Only the texts differ.
//!
//! Demand is clustered: a client has one or two cities and repeatedly asks for a few roles there.
//! Supply follows demand: half of the people live and work where a client asks for them.

// `println!` panics when its reader is gone; that of `anstream` does not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod demand;
mod fixtures;
mod manifest;
mod natural;
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
use people::{Cohort, Descriptions, People};
use queries::Queries;
use serde::{Deserialize, Serialize};

/// Maximum size of the open pool.
pub const MAX_WORKERS: u64 = 10_000_000;

/// The parameters of a corpus, which together with this crate's version determine its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Size of the open pool, from 1 to [`MAX_WORKERS`].
    pub workers: u64,
    /// Seed of all random choices.
    pub seed: u64,
    /// How people are described.
    pub style: Style,
}

/// How the texts of people are written.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// In full sentences with the names of roles, cities and certifications.
    #[default]
    Plain,
    /// In the people's own words.
    Natural,
}

impl Style {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference"
    )]
    fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

impl Spec {
    fn employees(&self) -> u64 {
        (self.workers / 10).max(1)
    }

    fn events(&self) -> u64 {
        (self.workers / 50).max(40)
    }

    /// At least eight events for each client; bounded to bound the memory.
    fn clients(&self) -> u64 {
        (self.events() / 8).min(2_000)
    }
}

/// Writes the corpus of `spec` to `folder`, which is created if necessary.
///
/// Temporary files are renamed when all are complete. The old manifest is removed before the first
/// rename and the new one is written last, so that a manifest always describes the files beside it.
///
/// # Errors
/// The number of workers is out of range, or the folder cannot be written to.
pub fn write(spec: &Spec, folder: &Path) -> Result<Manifest> {
    anyhow::ensure!(
        (1..=MAX_WORKERS).contains(&spec.workers),
        "`workers` is {}; expected 1 to {MAX_WORKERS}",
        spec.workers
    );
    let fixtures = Fixtures::load()?;
    let clients = demand::clients(&fixtures, spec);
    let output = Output::create(folder)?;

    let mut roster = output.json_lines("roster.jsonl")?;
    let mut people = |cohort: Cohort, name, count| -> Result<JsonLines> {
        let mut lines = output.json_lines(name)?;
        let mut descriptions = Descriptions::new(&fixtures, cohort, spec.style, spec.seed);
        for person in People::new(&fixtures, &clients, cohort, spec.seed).take(count) {
            lines.push(&person.document(descriptions.describe(&person)))?;
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
    let mut wordings = Queries::new(spec.seed);
    for event in Demand::new(&clients, spec.seed).take(spec.events() as usize) {
        events.push(&event)?;
        for query in wordings.for_event(&event) {
            queries.push(&query)?;
        }
    }

    output.publish(spec, vec![workers, employees, roster, events, queries])
}
