//! The short form for a terminal: flows, processes, comparisons, gates, wrong answers, verdict.

mod look;

use std::fmt::{Result, Write};

use comfy_table::{
    Cell, CellAlignment, Color, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle,
};

pub(super) use self::look::Look;

use super::grid::{
    RatioTable, Tendency, faults, figure_name, gates, loads, sentence, total, under,
};
use super::text::{
    NONE, counted, duration, megabytes, number, one_line, outcome, ratio, role, thousands, times,
    verdict, visible,
};
use crate::results::{Flow, GateOutcome, Measurement, Results, Verdict};

/// Kinds of wrong answers shown.
const MAX_FAULTS: usize = 20;

/// Characters of an example.
const MAX_EXAMPLE: usize = 400;

/// Gates shown when all of them held.
const MAX_HELD: usize = 24;

/// A line below the header, none between rows: there are many.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction('┆'))
    .header_separator(LineStyle::none().fill('═').junction('╪'))
    .content_lines(ContentLineStyle::none().junction('┆'));

/// The whole output, ending with a newline.
pub(super) fn render(results: &Results, look: Look) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_results(&mut out, results, look);
    out
}

fn write_results(out: &mut String, results: &Results, look: Look) -> Result {
    if results.measurements.is_empty() {
        writeln!(out, "nothing was measured")?;
    }
    for load in loads(results) {
        let measurements = under(results, load);
        let seconds = measurements.iter().map(|m| m.seconds).fold(0.0, f64::max);
        let extent = look.dim(&format!("{} s each, times in ms", number(seconds)));
        writeln!(out, "\n{} {extent}", look.bold(&visible(load)))?;
        writeln!(out, "{}", flows(&measurements, look).trim_fmt())?;
        let processes = processes(&measurements, look);
        if !processes.is_empty() {
            writeln!(out, "\n{}", processes.trim_fmt())?;
        }
    }
    write_comparisons(out, results, look)?;
    write_gates(out, results, look)?;
    write_faults(out, results, look)?;
    write_verdict(out, results, look)
}

fn flows(measurements: &[&Measurement], look: Look) -> Table {
    let header = [
        "implementation",
        "flow",
        "right",
        "a second",
        "wrong",
        "dropped",
        "p50",
        "p95",
        "p99",
        "max",
    ];
    let mut table = table(&header, 2, look);
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
    let unwanted = |count: u64| {
        let cell = Cell::new(thousands(count));
        if count > 0 { cell.fg(Color::Red) } else { cell }
    };
    let times = flow.quantiles;
    let mut cells = vec![
        Cell::new(visible(implementation)),
        Cell::new(visible(&flow.name)),
        Cell::new(thousands(flow.count)),
        Cell::new(number(flow.rate)),
        unwanted(flow.failures),
        unwanted(flow.dropped),
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

fn processes(measurements: &[&Measurement], look: Look) -> Table {
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
    let mut table = table(&header, 3, look);
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

fn write_comparisons(out: &mut String, results: &Results, look: Look) -> Result {
    for comparison in &results.comparisons {
        let title = format!(
            "{} against {}",
            comparison.implementation, comparison.against
        );
        writeln!(
            out,
            "\n{} {}",
            look.bold(&visible(&title)),
            look.dim(&format!("{}, intervals at 95 %", visible(&comparison.load)))
        )?;
        let ratios = RatioTable::of(comparison);
        let mut header = vec!["flow"];
        header.extend(ratios.figures.iter().map(|figure| figure_name(figure)));
        let mut table = table(&header, 1, look);
        for (flow, cells) in &ratios.rows {
            let mut row = vec![Cell::new(visible(flow))];
            row.extend(cells.iter().map(|found| match found {
                None => Cell::new(NONE),
                Some(found) => {
                    let cell = Cell::new(ratio(found));
                    match Tendency::of(found) {
                        Tendency::Better => cell.fg(Color::Green),
                        Tendency::Worse => cell.fg(Color::Red),
                        Tendency::Open => cell,
                    }
                }
            }));
            table.add_row(row);
        }
        writeln!(out, "{}", table.trim_fmt())?;
    }
    Ok(())
}

fn write_gates(out: &mut String, results: &Results, look: Look) -> Result {
    let gates = gates(results);
    if gates.is_empty() {
        return Ok(());
    }
    let held = gates
        .iter()
        .filter(|gate| gate.outcome == GateOutcome::Held)
        .count();
    let show_held = gates.len() <= MAX_HELD;
    writeln!(
        out,
        "\n{} {}",
        look.bold("gates"),
        look.dim(&format!("{held} of {} held", gates.len()))
    )?;
    let mut table = table(&["", "gate", "subject", "asked", "found"], 5, look);
    for gate in gates {
        let (mark, colour) = match gate.outcome {
            GateOutcome::Held if !show_held => continue,
            GateOutcome::Held => ("✓", Color::Green),
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

fn write_faults(out: &mut String, results: &Results, look: Look) -> Result {
    let faults = faults(results);
    for fault in faults.iter().take(MAX_FAULTS) {
        let place = format!(
            "{}, {}, {}",
            fault.measurement.implementation, fault.measurement.load.label, fault.flow.name
        );
        writeln!(
            out,
            "\n{} {} {} {}",
            look.red("✗"),
            look.bold(&visible(&place)),
            visible(&fault.wrong.kind),
            look.dim(&times(fault.wrong.count))
        )?;
        writeln!(out, "  {}", one_line(&fault.wrong.example, MAX_EXAMPLE))?;
    }
    if faults.len() > MAX_FAULTS {
        let rest = counted(faults.len() - MAX_FAULTS, "more kind");
        writeln!(
            out,
            "\n{}",
            look.dim(&format!("and {rest}, in report.html"))
        )?;
    }
    Ok(())
}

fn write_verdict(out: &mut String, results: &Results, look: Look) -> Result {
    let word = verdict(results.verdict);
    let word = match results.verdict {
        Verdict::Pass => look.green(word),
        Verdict::Fail => look.red(word),
        Verdict::Inconclusive => look.yellow(word),
    };
    let extent = format!(
        "({}, {}, seed {})",
        results.tier,
        duration(results.duration_ms),
        results.seed
    );
    writeln!(
        out,
        "\n{} {} {}",
        look.bold(&word),
        sentence(results),
        look.dim(&extent)
    )?;
    if results.interrupted {
        writeln!(out, "  a signal ended it before its time")?;
    }
    for reason in &results.inconclusive {
        writeln!(out, "  {}", visible(reason))?;
    }
    Ok(())
}

/// An empty table whose columns from `words` on are figures.
fn table(header: &[&str], words: usize, look: Look) -> Table {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(look.width)
        .set_header(header);
    if look.colours {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    for column in table.column_iter_mut().skip(words) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
