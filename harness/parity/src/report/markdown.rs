//! `summary.md`: the summary for a pull request.

use std::fmt::Write;

use lakehouse_rig::text::{counted, duration, one_line, side_by_side};

use super::grid::{counts, day, description, grid};
use super::group;
use super::sentence::sentence;
use super::{mutation, request, rules, strip};
use crate::outcome::{CaseOutcome, Crash, Run, RunVerdict};

/// Groups and ledger entries shown; the page has all of them.
const MAX_SHOWN: usize = 15;

/// Characters of a value.
const MAX_VALUE: usize = 200;

/// The summary, ending with a newline.
pub(super) fn render(run: &Run) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_summary(&mut out, run);
    out
}

fn write_summary(out: &mut String, run: &Run) -> std::fmt::Result {
    writeln!(out, "## Parity: {}\n", run.verdict)?;
    write_replacements(out, run)?;
    writeln!(out, "{}\n", sentence(run))?;
    writeln!(
        out,
        "`{}` compared with {} on {} in {}, seed {}{}.\n",
        run.reference,
        counted(
            run.implementations.len().saturating_sub(1),
            "implementation"
        ),
        day(run.started_at),
        duration(run.duration_ms),
        run.seed,
        match &run.commit {
            Some(commit) => format!(", commit `{commit}`"),
            None => String::new(),
        }
    )?;
    write_grid(out, run)?;
    list(out, "Infrastructure failures", &run.infrastructure)?;
    if run.verdict != RunVerdict::Pass {
        list(out, "Not everything was compared", &run.inconclusive)?;
    }
    list(out, "Notices", &run.notices)?;
    list(out, "Accepted by rules", &rules::sentences(run))?;
    write_ledgers(out, run)?;
    write_mutation(out, run)?;
    write_differences(out, run)?;
    write_invalid(out, run)
}

fn write_replacements(out: &mut String, run: &Run) -> std::fmt::Result {
    for replacement in &run.replacements {
        writeln!(
            out,
            "- **{}** may replace {}: **{}** ({})",
            cell(&replacement.implementation),
            cell(&run.reference),
            replacement.decision,
            prose(&replacement.summary())
        )?;
    }
    if let Some(command) = strip::command(run) {
        writeln!(out, "- grounds: {}", code(&command))?;
    }
    if !run.replacements.is_empty() {
        out.push('\n');
    }
    Ok(())
}

/// The request of a case, with its step and headers.
fn write_request(out: &mut String, case: &CaseOutcome, step: Option<usize>) -> std::fmt::Result {
    let Some(input) = request::cause(case, step) else {
        return Ok(());
    };
    let place = match request::place(case, input) {
        Some(place) => format!("{place}, "),
        None => String::new(),
    };
    write!(
        out,
        "  - {place}input: {}",
        code(&request::head(input, MAX_VALUE))
    )?;
    for (index, header) in request::headers(input, MAX_VALUE).iter().enumerate() {
        let before = if index == 0 { " with " } else { ", " };
        write!(out, "{before}{}", code(header))?;
    }
    out.push('\n');
    Ok(())
}

fn write_crash(out: &mut String, crash: &Crash<'_>) -> std::fmt::Result {
    writeln!(out, "  - {}", prose(&crash.to_string()))?;
    if crash.stderr.len() > 1 {
        fenced(out, "text", &crash.stderr.join("\n"), "    ")?;
    }
    match crash.log {
        Some(log) => writeln!(out, "  - log: {}", code(&log.display().to_string())),
        None => Ok(()),
    }
}

fn write_grid(out: &mut String, run: &Run) -> std::fmt::Result {
    let grid = grid(run);
    if grid.rows.is_empty() {
        return writeln!(out, "Nothing was compared.\n");
    }
    let mut header = "| surface | transport |".to_owned();
    let mut rule = "|---|---|".to_owned();
    for column in &grid.columns {
        write!(
            header,
            " {} ({}) |",
            cell(&column.name),
            cell(&description(column))
        )?;
        rule.push_str("---|");
    }
    writeln!(out, "{header}\n{rule}")?;
    for row in &grid.rows {
        write!(out, "| {} | {} |", cell(row.surface), row.transport)?;
        for result in &row.cells {
            match result {
                None => out.push_str(" |"),
                Some(result) => {
                    let mark = match result.verdict() {
                        RunVerdict::Pass => "✓",
                        RunVerdict::Fail => "✗",
                        RunVerdict::Inconclusive => "?",
                    };
                    write!(out, " {mark} {} |", counts(result))?;
                }
            }
        }
        out.push('\n');
    }
    out.push('\n');
    Ok(())
}

fn write_ledgers(out: &mut String, run: &Run) -> std::fmt::Result {
    if run.ledger_failures.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Ledger entries that no longer hold\n")?;
    for failure in run.ledger_failures.iter().take(MAX_SHOWN) {
        writeln!(
            out,
            "- `{}:{}`: {}",
            failure.file,
            failure.line,
            prose(&failure.message)
        )?;
        if !failure.edit.is_empty() {
            fenced(out, "toml", &failure.edit, "  ")?;
        }
    }
    more(out, run.ledger_failures.len(), "ledger failure")
}

fn write_mutation(out: &mut String, run: &Run) -> std::fmt::Result {
    let Some(mutation) = &run.mutation else {
        return Ok(());
    };
    writeln!(out, "### Mutation\n")?;
    writeln!(
        out,
        "{}. {}.\n",
        mutation::headline(mutation),
        mutation.sampling
    )?;
    writeln!(
        out,
        "| surface | transport | detected | total | hidden |\n|---|---|--:|--:|--:|"
    )?;
    for probe in &mutation.probes {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            cell(&probe.surface),
            probe.transport,
            probe.count.killed,
            probe.count.total,
            probe.count.hidden
        )?;
    }
    out.push('\n');
    for by in &mutation.hidden_by {
        writeln!(
            out,
            "- {} hidden in {} by {}: {}",
            by.count,
            cell(&by.surface),
            code(&by.normaliser),
            cell(&by.reason)
        )?;
    }
    let groups = mutation::survivors(mutation);
    for group in groups.iter().take(MAX_SHOWN) {
        let example = group[0];
        writeln!(
            out,
            "- not detected: **{}**, {} at {} ({}), for example in {}: {} — {}",
            cell(&example.surface),
            example.damage,
            code(&example.path),
            mutation::times(group),
            code(&example.case),
            code(&example.change),
            prose(&example.reason)
        )?;
        writeln!(out, "  - run: {}", code(&example.rerun))?;
    }
    more(out, groups.len(), "survivor group")
}

fn write_differences(out: &mut String, run: &Run) -> std::fmt::Result {
    let groups = group::differences(run);
    if groups.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Unexpected differences\n")?;
    for group in groups.iter().take(MAX_SHOWN) {
        let Some(example) = group.examples.first() else {
            continue;
        };
        writeln!(
            out,
            "- **{}**, {}: {} ({}){} in {}",
            cell(group.surface),
            cell(group.implementation),
            code(&group.path),
            group.kind.label(),
            group.and_more(),
            counted(group.examples.len(), "case"),
        )?;
        if !group.also.is_empty() {
            writeln!(out, "  - also {}", code(&group.also_in_short()))?;
        }
        if let Some(judged) = example.differences.first() {
            let difference = &judged.difference;
            let (left, right) =
                side_by_side(&difference.left.text, &difference.right.text, MAX_VALUE);
            writeln!(
                out,
                "  - in {}: {} has {}, {} has {}",
                code(&example.case.case),
                cell(&example.case.reference),
                code(&left),
                cell(&example.case.implementation),
                code(&right),
            )?;
            write_request(out, example.case, difference.step())?;
        }
        writeln!(out, "  - run: {}", code(&example.case.rerun))?;
    }
    more(out, groups.len(), "group")
}

fn write_invalid(out: &mut String, run: &Run) -> std::fmt::Result {
    let groups = group::invalid(run);
    if groups.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Not compared\n")?;
    for group in groups.iter().take(MAX_SHOWN) {
        writeln!(
            out,
            "- **{}**, {}: {} ({})",
            cell(group.surface),
            cell(group.implementation),
            prose(group.reason),
            counted(group.cases.len(), "case"),
        )?;
        if let Some(case) = group.cases.first() {
            for crash in case.crashes() {
                write_crash(out, &crash)?;
            }
            write_request(out, case, None)?;
            writeln!(out, "  - run: {}", code(&case.rerun))?;
        }
    }
    more(out, groups.len(), "group")
}

fn list(out: &mut String, heading: &str, items: &[String]) -> std::fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(out, "### {heading}\n")?;
    for item in items {
        writeln!(out, "- {}", prose(item))?;
    }
    out.push('\n');
    Ok(())
}

fn more(out: &mut String, count: usize, noun: &str) -> std::fmt::Result {
    if count > MAX_SHOWN {
        let rest = counted(count - MAX_SHOWN, &format!("more {noun}"));
        writeln!(out, "\nand {rest} in `report.html`")?;
    }
    out.push('\n');
    Ok(())
}

/// Text for a table cell or a sentence.
fn cell(text: &str) -> String {
    prose(text).replace('|', "\\|")
}

/// A sentence that may quote an answer: without line breaks, and without markup outside backticks.
fn prose(text: &str) -> String {
    one_line(text, 600)
        .split('`')
        .enumerate()
        .map(|(index, piece)| match index {
            0 => escape(piece),
            index if index % 2 == 0 => format!("`{}", escape(piece)),
            _ => format!("`{piece}"),
        })
        .collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('[', "\\[")
        .replace('*', "\\*")
}

/// A code span that no backtick inside can end.
fn code(text: &str) -> String {
    let text = one_line(text, 300);
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    if longest > 0 || text.is_empty() {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

fn fenced(out: &mut String, language: &str, text: &str, indent: &str) -> std::fmt::Result {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    writeln!(out, "{indent}{fence}{language}")?;
    for line in text.lines() {
        writeln!(out, "{indent}{line}")?;
    }
    writeln!(out, "{indent}{fence}")
}
