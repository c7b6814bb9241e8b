//! `--bless`: shows the differences of a run by cause, asks, and accepts them.
//!
//! Differences are accepted in groups or one by one at a terminal, or all together with a reason on
//! the command line. What is accepted is written at once, so that nothing is lost when the terminal
//! is closed. The files keep their comments and their order.

mod alike;
mod ask;
mod coverage;
mod input;
mod migrate;
mod pins;
mod propose;
mod review;
mod store;
mod toml;

use std::io::{BufRead, Write};

use lakehouse_rig::error::Error;
use lakehouse_rig::text::counted;

pub use ask::Consent;
use ask::Dialogue;
pub use input::Input;
use migrate::Migration;
use review::{Review, failed};
use store::Store;

use crate::config::{Root, pin};
use crate::ledger::divergence;
use crate::outcome::Run;
use crate::report::{group, log};

/// The result of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blessed {
    /// Differences and changes that were not accepted, and failures that cannot be accepted.
    pub left: usize,
}

/// Shows everything that would make the run pass, asks, and writes what is accepted.
///
/// # Errors
///
/// Files that cannot be read or written, and a terminal that is closed. A file that would become
/// invalid is restored.
pub fn bless<R: BufRead>(
    run: &Run,
    consent: Consent<'_, R>,
    out: &mut impl Write,
) -> Result<Blessed, Error> {
    let store = Store::new(run);
    let root = Root::read(&run.root)?;
    let migrations = migrate::migrations(run, &root.pins);
    if !migrations.is_empty() {
        return migrate(run, &migrations, &store, out);
    }
    let placed = migrate::places(run, &root.pins);
    if !placed.is_empty() {
        store.put_pins(&store.pins()?, &placed)?;
        writeln!(
            out,
            "Added the places of the differences to {} of {}, whose paths have `[*]`.",
            alike::counted_entries(placed.len()),
            pin::FILE
        )
        .map_err(failed)?;
    }
    let proposals = propose::all(run, &root.pins, root.baseline.as_ref());
    let mut review = Review::new(Dialogue::new(consent, out), store);
    let groups = group::alike(run).len();
    review.expect(proposals.changes.len() + groups + proposals.others.len());
    for proposal in &proposals.changes {
        review.change(proposal, &run.coverage)?;
    }
    // A changed entry may accept differences that would be asked about next.
    let mut run = run.clone();
    let root = Root::read(&run.root)?;
    for case in &mut run.cases {
        divergence::accept(&root.pins, case);
    }
    let groups = group::alike(&run);
    review.expect(groups.len() + proposals.others.len());
    for group in &groups {
        review.group(group)?;
    }
    for proposal in &proposals.others {
        review.change(proposal, &run.coverage)?;
    }
    for failure in &proposals.not_acceptable {
        let text = format!("\ncannot be accepted: {failure}");
        review.dialogue.show(&text).map_err(failed)?;
    }
    review.left += proposals.not_acceptable.len();
    let is_stale = run.ledger_failures.iter().any(|f| f.file == log::DRIFT);
    if is_stale {
        review.store.write_drift(&Root::read(&run.root)?)?;
    }
    let text = summary(&review, is_stale);
    review.dialogue.show(&text).map_err(failed)?;
    Ok(Blessed { left: review.left })
}

fn summary<R, W>(review: &Review<'_, R, W>, is_stale: bool) -> String {
    let mut done = Vec::new();
    if review.accepted > 0 {
        let accepted = counted(review.accepted, "difference");
        done.push(format!("Accepted {accepted} in {}", pin::FILE));
    }
    if review.edited > 0 {
        let entries = alike::counted_entries(review.edited);
        done.push(format!("Updated {entries} of {}", pin::FILE));
    }
    if review.covered > 0 {
        done.push(format!("Updated {}", crate::config::baseline::FILE));
    }
    let has_new_pins = review.accepted + review.edited > 0;
    if review.store.has_drift && (has_new_pins || is_stale) {
        done.push(format!("Updated {}", log::DRIFT));
    }
    if done.is_empty() {
        done.push("Accepted nothing".to_owned());
    }
    if review.left > 0 {
        done.push(format!(
            "Not accepted: {}. Run again to review them",
            review.left
        ));
    }
    format!("\n{}.", done.join(".\n"))
}

/// Rewrites old entries, and asks nothing: their differences were accepted before.
fn migrate(
    run: &Run,
    migrations: &[Migration],
    store: &Store<'_>,
    out: &mut impl Write,
) -> Result<Blessed, Error> {
    store.rewrite_pins(|before| migrate::edit(before, migrations))?;
    for accepted in migrations.iter().flat_map(Migration::accepted) {
        writeln!(out, "{accepted}").map_err(failed)?;
    }
    // What is left are the differences and the failures that no new entry is about.
    let unexpected = run.cases.iter().flat_map(|case| &case.differences);
    let unexpected = unexpected.filter(|judged| judged.pin.is_none()).count();
    let accepted: usize = migrations.iter().map(Migration::count).sum();
    let failures = run
        .ledger_failures
        .iter()
        .filter(|failure| failure.file != log::DRIFT)
        .count();
    let left = unexpected.saturating_sub(accepted) + failures.saturating_sub(migrations.len());
    let again = match left {
        0 => "",
        _ => " Run again to review the other differences.",
    };
    writeln!(
        out,
        "Rewrote {} in `{}`: a long value is now described by its digest, not by its length alone. Check the values above.{again}",
        counted(migrations.len(), "old pin"),
        pin::FILE,
    )
    .map_err(failed)?;
    Ok(Blessed { left })
}
