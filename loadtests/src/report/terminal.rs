//! The short form for a terminal: flows, processes, comparisons, gates, wrong answers, verdict.

use std::fmt::{Result, Write};

use comfy_table::{
    Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle,
    Table, TableStyle,
};
use lakehouse_rig::text::{Look, counted, duration, one_line, thousands, visible};

use super::summary::{
    Change, RatioTable, figure_name, gates, loads, of_load, origins, sentence, total, wrong_answers,
};
use super::text::{NONE, megabytes, number, outcome, ratio, role, times, verdict};
use crate::results::{Flow, GateOutcome, Measurement, Results, Verdict};

/// Maximum number of kinds of wrong answers.
const MAX_WRONG_ANSWERS: usize = 20;

/// Maximum length of an example, in characters.
const MAX_EXAMPLE: usize = 400;

/// A line below the header, and none between rows, because there are many.
pub(crate) const TABLE_STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction('┆'))
    .header_separator(LineStyle::none().fill('═').junction('╪'))
    .content_lines(ContentLineStyle::none().junction('┆'));

/// Renders the output, which ends with a newline.
pub(super) fn render(results: &Results, style: Look) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_results(&mut out, results, style);
    out
}

fn write_results(out: &mut String, results: &Results, style: Look) -> Result {
    if results.measurements.is_empty() {
        writeln!(out, "nothing was measured")?;
    }
    for load in loads(results) {
        let measurements = of_load(results, load);
        let seconds = measurements.iter().map(|m| m.seconds).fold(0.0, f64::max);
        let extent = style.dim(&format!("{} s each, times in ms", number(seconds)));
        writeln!(out, "\n{} {extent}", style.bold(&visible(load)))?;
        writeln!(out, "{}", flows(&measurements, style).trim_fmt())?;
        let processes = processes(&measurements, style);
        if !processes.is_empty() {
            writeln!(out, "\n{}", processes.trim_fmt())?;
        }
    }
    write_comparisons(out, results, style)?;
    write_gates(out, results, style)?;
    write_wrong_answers(out, results, style)?;
    write_verdict(out, results, style)
}

fn flows(measurements: &[&Measurement], style: Look) -> Table {
    let header = [
        "implementation",
        "flow",
        "completed",
        "per second",
        "failed",
        "dropped",
        "p50",
        "p95",
        "p99",
        "max",
    ];
    let mut table = table_of_names(&header, 2, style);
    for measurement in measurements {
        let all = total(measurement);
        let whole = (measurement.flows.len() > 1).then_some(&all);
        for (index, flow) in measurement.flows.iter().chain(whole).enumerate() {
            let name = if index == 0 {
                measurement.implementation.as_str()
            } else {
                ""
            };
            table.add_row(flow_row(name, flow));
        }
    }
    table
}

fn flow_row(implementation: &str, flow: &Flow) -> Vec<Cell> {
    let failures = |count: u64| {
        let cell = Cell::new(thousands(count));
        if count > 0 { cell.fg(Color::Red) } else { cell }
    };
    let times = flow.quantiles;
    let mut cells = vec![
        Cell::new(visible(implementation)),
        Cell::new(visible(&flow.name)),
        Cell::new(thousands(flow.count)),
        Cell::new(number(flow.rate)),
        failures(flow.failures),
        failures(flow.dropped),
    ];
    for time in [times.p50_ms, times.p95_ms, times.p99_ms, times.max_ms] {
        let text = if flow.count > 0 {
            number(time)
        } else {
            NONE.to_owned()
        };
        cells.push(Cell::new(text));
    }
    cells
}

fn processes(measurements: &[&Measurement], style: Look) -> Table {
    let header = [
        "implementation",
        "process",
        "role",
        "resident",
        "anonymous",
        "share",
        "CPU s",
        "threads",
        "descriptors",
    ];
    let mut table = table_of_names(&header, 3, style);
    for measurement in measurements {
        for (index, process) in measurement.processes.iter().enumerate() {
            let name = if index == 0 {
                measurement.implementation.as_str()
            } else {
                ""
            };
            table.add_row([
                visible(name).into_owned(),
                visible(&process.name).into_owned(),
                role(process.role).to_owned(),
                megabytes(process.max_rss_bytes),
                megabytes(process.max_anonymous_bytes),
                megabytes(process.max_pss_bytes),
                number(process.cpu_seconds),
                thousands(process.max_threads),
                thousands(process.max_descriptors),
            ]);
        }
    }
    table
}

fn write_comparisons(out: &mut String, results: &Results, style: Look) -> Result {
    for comparison in &results.comparisons {
        let title = format!(
            "{} against {}",
            comparison.implementation, comparison.against
        );
        writeln!(
            out,
            "\n{} {}",
            style.bold(&visible(&title)),
            style.dim(&format!("{}, intervals at 95 %", visible(&comparison.load)))
        )?;
        let ratios = RatioTable::new(comparison);
        let mut header = vec!["flow"];
        header.extend(ratios.figures.iter().map(|figure| figure_name(figure)));
        let mut table = table_of_names(&header, 1, style);
        for (flow, cells) in &ratios.rows {
            let mut row = vec![Cell::new(visible(flow))];
            row.extend(cells.iter().map(|found| match found {
                None => Cell::new(NONE),
                Some(found) => {
                    let cell = Cell::new(ratio(found));
                    match Change::new(found) {
                        Change::Better => cell.fg(Color::Green),
                        Change::Worse => cell.fg(Color::Red),
                        Change::Unclear => cell,
                    }
                }
            }));
            table.add_row(row);
        }
        writeln!(out, "{}", table.trim_fmt())?;
    }
    Ok(())
}

fn write_gates(out: &mut String, results: &Results, style: Look) -> Result {
    let gates = gates(results);
    if gates.is_empty() {
        return Ok(());
    }
    let held = gates
        .iter()
        .filter(|gate| gate.outcome == GateOutcome::Held)
        .count();
    writeln!(
        out,
        "\n{} {}",
        style.bold("gates"),
        style.dim(&format!("{held} of {} held", gates.len()))
    )?;
    let mut table = table(
        &["outcome", "gate", "subject", "expected", "actual"],
        5,
        style,
    );
    for gate in gates {
        let (mark, colour) = match gate.outcome {
            // The count above suffices; the page lists them.
            GateOutcome::Held => continue,
            GateOutcome::Failed => ("✗", Color::Red),
            GateOutcome::Inconclusive => ("?", Color::Yellow),
        };
        table.add_row(vec![
            Cell::new(format!("{mark} {}", outcome(gate.outcome))).fg(colour),
            Cell::new(visible(&gate.name)),
            Cell::new(visible(&gate.subject)),
            Cell::new(visible(&gate.limit)),
            Cell::new(visible(&gate.found)),
        ]);
    }
    if table.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", table.trim_fmt())
}

fn write_wrong_answers(out: &mut String, results: &Results, style: Look) -> Result {
    let answers = wrong_answers(results);
    for answer in answers.iter().take(MAX_WRONG_ANSWERS) {
        let place = format!(
            "{}, {}, {}",
            answer.measurement.implementation, answer.measurement.load.label, answer.flow.name
        );
        writeln!(
            out,
            "\n{} {} {} {}",
            style.red("✗"),
            style.bold(&visible(&place)),
            visible(&answer.wrong.kind),
            style.dim(&times(answer.wrong.count))
        )?;
        writeln!(out, "  {}", one_line(&answer.wrong.example, MAX_EXAMPLE))?;
    }
    if answers.len() > MAX_WRONG_ANSWERS {
        let rest = counted(answers.len() - MAX_WRONG_ANSWERS, "more kind");
        writeln!(
            out,
            "\n{}",
            style.dim(&format!("and {rest}, in report.html"))
        )?;
    }
    Ok(())
}

fn write_verdict(out: &mut String, results: &Results, style: Look) -> Result {
    let word = verdict(results.verdict);
    let word = match results.verdict {
        Verdict::Pass => style.green(word),
        Verdict::Fail => style.red(word),
        Verdict::Inconclusive => style.yellow(word),
    };
    for origin in origins(results) {
        writeln!(out, "\nmeasured {}", visible(&origin))?;
    }
    let extent = format!(
        "({}, {}, seed {})",
        results.tier,
        duration(results.duration_ms),
        results.seed
    );
    writeln!(
        out,
        "\n{} {} {}",
        style.bold(&word),
        sentence(results),
        style.dim(&extent)
    )?;
    if results.interrupted {
        writeln!(out, "  a signal ended the run early")?;
    }
    for reason in &results.inconclusive {
        writeln!(out, "  {}", visible(reason))?;
    }
    Ok(())
}

/// An empty table whose first columns are names, which stay on one line so that they can be searched
/// for.
fn table_of_names(header: &[&str], names: usize, style: Look) -> Table {
    let mut table = table(header, names, style);
    for column in table.column_iter_mut().take(names) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}

/// An empty table whose columns after the first `text_columns` are right-aligned.
fn table(header: &[&str], text_columns: usize, style: Look) -> Table {
    let mut table = Table::new();
    table
        .load_style(TABLE_STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(style.width)
        .set_header(header);
    if style.colours {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    for column in table.column_iter_mut().skip(text_columns) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
