//! Cases that differ and cases that could not be compared, by group, each group with an example.

use std::fmt::Write;

use console::Style;
use lakehouse_rig::text::{Look, counted, one_line, side_by_side, visible};

use super::{MAX_GROUPS, more, value_width};
use crate::outcome::{CaseOutcome, CaseVerdict, Crash, Run};
use crate::report::group::{self, DifferenceGroup, Example};
use crate::report::request;
use crate::report::text_diff::{self, LineSide};

/// Pins that would accept the differences of the only case that differs.
const MAX_PINS: usize = 2;

pub(super) fn write_differences(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
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

pub(super) fn write_invalid(out: &mut String, run: &Run, look: Look) -> std::fmt::Result {
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

/// `case hostile (http)`.
fn case_name(case: &CaseOutcome, look: Look) -> String {
    format!("case {} ({})", look.bold(&case.case), case.transport)
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
