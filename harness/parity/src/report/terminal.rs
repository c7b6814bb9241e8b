//! The short form for a terminal: grid, differences with their commands, verdict.

mod failures;

use std::fmt::Write;

use comfy_table::presets::UTF8_NO_BORDERS;
use comfy_table::{Cell, Color, ContentArrangement, Table};
use lakehouse_rig::text::{Look, counted, duration, one_line, visible};

use super::grid::{counts, description, grid};
use super::sentence::sentence;
use super::{mutation, rules, strip};
use crate::outcome::{Decision, Run, RunVerdict};

/// Groups of differences, each shown with an example.
const MAX_GROUPS: usize = 8;

/// Ledger entries shown.
const MAX_LEDGER: usize = 8;

/// The whole output, ending with a newline.
pub(super) fn render(run: &Run, look: Look) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_run(&mut out, run, look);
    out
}

fn write_run(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
    write_grid(out, run, look)?;
    for notice in &run.notices {
        writeln!(out, "{} {}", look.yellow("note:"), visible(notice))?;
    }
    for sentence in rules::sentences(run) {
        writeln!(out, "{}", look.dim(&visible(&sentence)))?;
    }
    failures::write_differences(out, run, look)?;
    failures::write_invalid(out, run, look)?;
    write_ledgers(out, run, look)?;
    write_mutation(out, run, look)?;
    for message in &run.infrastructure {
        writeln!(
            out,
            "\n{} {}",
            look.red("infrastructure failure:"),
            visible(message)
        )?;
    }
    write_verdict(out, run, look)?;
    write_replacements(out, run, look)
}

fn write_grid(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
    let grid = grid(run);
    if grid.rows.is_empty() {
        return writeln!(out, "nothing was compared");
    }
    let mut table = Table::new();
    table
        .load_style(UTF8_NO_BORDERS)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(look.width);
    if look.colours {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let mut header = vec![Cell::new("surface"), Cell::new("transport")];
    header.extend(
        grid.columns
            .iter()
            .map(|column| Cell::new(format!("{}\n{}", column.name, description(column)))),
    );
    table.set_header(header);
    for row in &grid.rows {
        let mut cells = vec![Cell::new(row.surface), Cell::new(row.transport)];
        cells.extend(row.cells.iter().map(|result| match result {
            None => Cell::new(""),
            Some(result) => {
                let (mark, colour) = match result.verdict() {
                    RunVerdict::Pass => ("✓", Color::Green),
                    RunVerdict::Fail => ("✗", Color::Red),
                    RunVerdict::Inconclusive => ("?", Color::Yellow),
                };
                Cell::new(format!("{mark} {}", counts(result))).fg(colour)
            }
        }));
        table.add_row(cells);
    }
    writeln!(out, "{}", table.trim_fmt())
}

fn write_ledgers(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
    for failure in run.ledger_failures.iter().take(MAX_LEDGER) {
        writeln!(
            out,
            "\n{} {}",
            look.red("✗"),
            look.bold(&format!("{}:{}", failure.file, failure.line))
        )?;
        writeln!(out, "  {}", visible(&failure.message))?;
        for line in visible(&failure.edit).lines() {
            writeln!(out, "    {}", look.dim(line))?;
        }
    }
    more(
        out,
        run.ledger_failures.len(),
        MAX_LEDGER,
        "ledger failure",
        look,
    )
}

fn write_mutation(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
    let Some(mutation) = &run.mutation else {
        return Ok(());
    };
    let mark = if mutation.survivors.is_empty() {
        look.green("✓")
    } else {
        look.red("✗")
    };
    writeln!(
        out,
        "\n{mark} {} {}",
        look.bold(&mutation::headline(mutation)),
        look.dim(&format!("in {}", duration(mutation.duration_ms)))
    )?;
    writeln!(out, "  {}", look.dim(&mutation.sampling))?;
    for probe in &mutation.probes {
        let line = format!(
            "  {} ({}): {}",
            probe.surface,
            probe.transport,
            mutation::counts(probe.count)
        );
        if probe.count.killed == probe.count.total {
            writeln!(out, "{}", look.dim(&line))?;
        } else {
            writeln!(out, "{}", look.red(&line))?;
        }
    }
    for by in &mutation.hidden_by {
        let line = format!(
            "  {} hidden in {} by {} ({})",
            by.count, by.surface, by.normaliser, by.reason
        );
        writeln!(out, "{}", look.dim(&visible(&line)))?;
    }
    let groups = mutation::survivors(mutation);
    for group in groups.iter().take(MAX_GROUPS) {
        let example = group[0];
        writeln!(
            out,
            "\n{} {} {} {}",
            look.red("not detected:"),
            look.bold(&example.surface),
            visible(&example.path),
            look.dim(&format!("{}, {}", example.damage, mutation::times(group)))
        )?;
        writeln!(
            out,
            "  case {} ({}), answer of {}",
            look.bold(&example.case),
            example.transport,
            example.implementation
        )?;
        writeln!(out, "  {}", one_line(&example.change, value_width(look)))?;
        writeln!(out, "  {}", visible(&example.reason))?;
        writeln!(out, "  run    {}", example.rerun)?;
    }
    more(out, groups.len(), MAX_GROUPS, "survivor group", look)
}

fn more(out: &mut String, count: usize, shown: usize, noun: &str, look: Look) -> std::fmt::Result {
    if count > shown {
        let rest = counted(count - shown, &format!("more {noun}"));
        let rest = format!("and {rest} in report.html");
        writeln!(out, "\n{}", look.dim(&rest))?;
    }
    Ok(())
}

fn write_verdict(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
    let verdict = match run.verdict {
        RunVerdict::Pass => look.green("pass"),
        RunVerdict::Fail => look.red("fail"),
        RunVerdict::Inconclusive => look.yellow("inconclusive"),
    };
    let amount = match &run.generated {
        Some(generated) => counted(
            usize::try_from(generated.inputs).unwrap_or(usize::MAX),
            "generated input",
        ),
        None => counted(run.cases.len(), "comparison"),
    };
    writeln!(
        out,
        "\n{} {}",
        look.bold(&verdict),
        look.dim(&format!(
            "({amount} in {}, seed {})",
            duration(run.duration_ms),
            run.seed
        ))
    )?;
    if run.verdict == RunVerdict::Fail {
        writeln!(out, "  {}", sentence(run))?;
    }
    // The sentence of a failed run has the cases that were not compared.
    let said = run
        .not_compared()
        .filter(|_| run.verdict == RunVerdict::Fail);
    for reason in &run.inconclusive {
        if said.as_ref() != Some(reason) {
            writeln!(out, "  {}", visible(reason))?;
        }
    }
    Ok(())
}

/// Whether each implementation may replace the reference.
fn write_replacements(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
    let names = run.replacements.iter();
    let width = names.map(|one| one.implementation.len()).max().unwrap_or(0);
    for replacement in &run.replacements {
        let decision = match replacement.decision {
            Decision::Yes => look.green("yes"),
            Decision::No => look.red("no"),
            Decision::Unknown => look.yellow("unknown"),
        };
        writeln!(
            out,
            "  {:width$} may replace {}: {} ({})",
            replacement.implementation,
            run.reference,
            look.bold(&decision),
            visible(&replacement.summary())
        )?;
    }
    match strip::command(run) {
        Some(command) => writeln!(out, "  {}", look.dim(&format!("grounds: {command}"))),
        None => Ok(()),
    }
}

/// Characters of a value that fit beside its label.
fn value_width(look: Look) -> usize {
    usize::from(look.width).saturating_sub(12).max(40)
}
