//! The short form for a terminal: grid, differences with their commands, verdict.

use std::fmt::Write;

use comfy_table::presets::UTF8_NO_BORDERS;
use comfy_table::{Cell, Color, ContentArrangement, Table};
use console::Style;
use lakehouse_rig::text::{Look, counted, duration, one_line, side_by_side, visible};

use super::grid::{counts, description, grid};
use super::group::{self, DifferenceGroup, Example};
use super::sentence::sentence;
use super::text_diff::{self, LineSide};
use super::{mutation, request, rules, strip};
use crate::outcome::{CaseOutcome, CaseVerdict, Crash, Decision, Run, RunVerdict};

/// Groups of differences, each shown with an example.
const MAX_GROUPS: usize = 8;

/// Pins that would accept the differences of the only case that differs.
const MAX_PINS: usize = 2;

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
    write_differences(out, run, look)?;
    write_invalid(out, run, look)?;
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

fn write_differences(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
    let groups = group::differences(run);
    let mut shown: Vec<&CaseOutcome> = Vec::new();
    for group in groups.iter().take(MAX_GROUPS) {
        let is_shown = |case: &CaseOutcome| shown.iter().any(|other| std::ptr::eq(*other, case));
        let new = group.examples.iter().find(|e| !is_shown(e.case));
        let Some(example) = new.or(group.examples.first()) else {
            continue;
        };
        write_group_head(out, group, look)?;
        if !group.also.is_empty() {
            writeln!(out, "  also   {}", look.dim(&group.also_in_short()))?;
        }
        write_example(out, example, new.is_some(), look)?;
        if new.is_some() {
            shown.push(example.case);
        }
    }
    more(out, groups.len(), MAX_GROUPS, "group", look)?;
    write_accept(out, run, look)
}

fn write_group_head(out: &mut String, group: &DifferenceGroup<'_>, look: Look) -> std::fmt::Result {
    writeln!(
        out,
        "\n{} {} {}: {}{} {}",
        look.red("✗"),
        look.bold(&format!("{} · {}", group.surface, group.implementation)),
        visible(&group.path),
        group.kind.label(),
        group.and_more(),
        look.dim(&format!(
            "({} in {})",
            counted(group.differences(), "difference"),
            counted(group.examples.len(), "case")
        )),
    )
}

/// One case of a group; `whole` is false for a case that an earlier group shows.
fn write_example(
    out: &mut String,
    example: &Example<'_>,
    whole: bool,
    look: Look,
) -> std::fmt::Result {
    let case = example.case;
    let above = if whole { "" } else { ", shown above" };
    writeln!(out, "  {}{above}", case_name(case, look))?;
    if let Some(attribution) = case.attribution.as_ref().filter(|_| whole) {
        writeln!(out, "  {}", look.yellow(&visible(attribution)))?;
    }
    if whole {
        let step = example
            .differences
            .first()
            .and_then(|judged| judged.difference.step());
        write_request(out, case, step, look)?;
    }
    if let Some(judged) = example.differences.first() {
        let width = case.reference.len().max(case.implementation.len()).max(5);
        let difference = &judged.difference;
        let (left, right) = underlined(&difference.left.text, &difference.right.text, look);
        let reference = look.paint(left_style(), &format!("{:width$}", case.reference));
        let implementation = look.paint(right_style(), &format!("{:width$}", case.implementation));
        writeln!(out, "  {reference}  {left}")?;
        writeln!(out, "  {implementation}  {right}")?;
    }
    if whole {
        writeln!(out, "  run    {}", case.rerun)?;
    }
    Ok(())
}

/// The request as it was sent.
fn write_request(
    out: &mut String,
    case: &CaseOutcome,
    step: Option<usize>,
    look: Look,
) -> std::fmt::Result {
    let Some(input) = request::cause(case, step) else {
        return Ok(());
    };
    if let Some(place) = request::place(case, input) {
        writeln!(out, "  failed in {place}")?;
    }
    let head = request::head(input, value_width(look));
    writeln!(out, "  input  {}", look.dim(&head))?;
    for header in request::headers(input, value_width(look)) {
        writeln!(out, "         {}", look.dim(&header))?;
    }
    Ok(())
}

fn write_crash(out: &mut String, crash: &Crash<'_>, look: Look) -> std::fmt::Result {
    writeln!(out, "  {}", one_line(&crash.to_string(), value_width(look)))?;
    for line in &crash.stderr {
        let line = one_line(line, value_width(look));
        writeln!(out, "  stderr {}", look.dim(&line))?;
    }
    match crash.log {
        Some(log) => writeln!(out, "  log    {}", log.display()),
        None => Ok(()),
    }
}

/// How to accept the differences. The pins of several cases would hide the differences themselves.
fn write_accept(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
    let differing: Vec<&CaseOutcome> = run
        .cases
        .iter()
        .filter(|case| case.verdict == CaseVerdict::Diverged)
        .collect();
    if let [case] = differing.as_slice()
        && (1..=MAX_PINS).contains(&case.suggested_pins.len())
    {
        let what = match case.suggested_pins.len() {
            1 => "this difference",
            _ => "these differences",
        };
        writeln!(
            out,
            "  accept {what} (paste into fixtures/divergences.toml):"
        )?;
        for line in case.suggested_pins.iter().flat_map(|pin| pin.lines()) {
            writeln!(out, "    {}", look.dim(&visible(line)))?;
        }
        return Ok(());
    }
    // Findings of generated inputs have none: a person must look at each.
    if differing.iter().all(|case| case.suggested_pins.is_empty()) {
        return Ok(());
    }
    let how = format!(
        "accept what is intended: {} --bless (or paste entries from report.html)",
        run.command
    );
    writeln!(out, "\n{}", look.dim(&how))
}

/// Both values on one line each, with the changed parts underlined.
fn underlined(left: &str, right: &str, look: Look) -> (String, String) {
    let (left, right) = side_by_side(left, right, value_width(look));
    if !look.colours {
        return (left, right);
    }
    let lines = text_diff::diff(&left, &right, 4);
    let side = |wanted: LineSide, style: Style, plain: &str| {
        let Some(line) = lines.iter().find(|line| line.side == wanted) else {
            return plain.to_owned();
        };
        line.pieces
            .iter()
            .map(|piece| match piece.changed {
                true => look.paint(style.clone().underlined(), &piece.text),
                false => look.paint(style.clone(), &piece.text),
            })
            .collect()
    };
    (
        side(LineSide::Left, left_style(), &left),
        side(LineSide::Right, right_style(), &right),
    )
}

// Neither side is the wrong one, so their colours are not those of pass and fail.
fn left_style() -> Style {
    Style::new().cyan()
}

fn right_style() -> Style {
    Style::new().magenta()
}

fn write_invalid(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
    let groups = group::invalid(run);
    for group in groups.iter().take(MAX_GROUPS) {
        writeln!(
            out,
            "\n{} {}: {}",
            look.yellow("?"),
            look.bold(&format!("{} · {}", group.surface, group.implementation)),
            look.dim(&format!(
                "{} not compared",
                counted(group.cases.len(), "case")
            )),
        )?;
        if let Some(case) = group.cases.first() {
            writeln!(out, "  {}", case_name(case, look))?;
            let crashes = case.crashes();
            if crashes.is_empty() {
                writeln!(out, "  {}", visible(group.reason))?;
            }
            for crash in &crashes {
                write_crash(out, crash, look)?;
            }
            write_request(out, case, None, look)?;
            writeln!(out, "  run    {}", case.rerun)?;
        }
    }
    more(out, groups.len(), MAX_GROUPS, "reason", look)
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

/// `case hostile (http)`.
fn case_name(case: &CaseOutcome, look: Look) -> String {
    format!("case {} ({})", look.bold(&case.case), case.transport)
}

/// Characters of a value that fit beside its label.
fn value_width(look: Look) -> usize {
    usize::from(look.width).saturating_sub(12).max(40)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sides_do_not_have_the_colours_of_pass_and_fail() {
        let look = Look {
            width: 100,
            colours: true,
        };
        let (left, right) = underlined("\"a b\"", "\"a c\"", look);
        assert!(left.contains("\u{1b}[36m"), "{left:?}");
        assert!(right.contains("\u{1b}[35m"), "{right:?}");
        for side in [left, right] {
            assert!(!side.contains("\u{1b}[31m") && !side.contains("\u{1b}[32m"));
        }
    }
}
