//! `summary.md`: what a reviewer reads in a pull request.

use std::fmt::{Result, Write};

use super::grid::{
    RatioTable, faults, figure_name, gates, loads, sentence, server_memory, total, under,
};
use super::text::{
    NONE, counted, duration, megabytes, moment, number, one_line, outcome, ratio, shard, thousands,
    times, verdict,
};
use crate::results::{GateOutcome, Results, Verdict};

/// Wrong answers shown; the page has all of them.
const MAX_SHOWN: usize = 20;

/// Characters of an example.
const MAX_EXAMPLE: usize = 600;

/// The summary, ending with a newline.
pub(super) fn render(results: &Results) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_summary(&mut out, results);
    out
}

fn write_summary(out: &mut String, results: &Results) -> Result {
    writeln!(
        out,
        "## Load test `{}`: {}\n\n{}\n",
        results.tier,
        verdict(results.verdict),
        sentence(results)
    )?;
    write!(
        out,
        "{} in {}, seed {}, {} processors of {}",
        moment(results.started_at),
        duration(results.duration_ms),
        results.seed,
        results.machine.cpus,
        cell(&results.machine.processor)
    )?;
    if let Some(part) = results.shard {
        write!(out, ", shard {}", shard(part))?;
    }
    if let Some(commit) = &results.commit {
        write!(out, ", commit {}", code(commit))?;
    }
    writeln!(out, ".\n")?;
    if results.verdict != Verdict::Pass && !results.inconclusive.is_empty() {
        writeln!(out, "### What could not be told\n")?;
        for reason in &results.inconclusive {
            writeln!(out, "- {}", cell(reason))?;
        }
        out.push('\n');
    }
    write_measurements(out, results)?;
    write_comparisons(out, results)?;
    write_gates(out, results)?;
    write_faults(out, results)
}

fn write_measurements(out: &mut String, results: &Results) -> Result {
    if results.measurements.is_empty() {
        return writeln!(out, "Nothing was measured.\n");
    }
    writeln!(
        out,
        "| load | implementation | flow | right | a second | wrong | dropped | p50 ms | p99 ms | server memory | CPU ms a flow |\n\
         |---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    )?;
    for load in loads(results) {
        for measurement in under(results, load) {
            let all = total(measurement);
            let cpu = measurement.server_cpu_seconds_per_flow();
            let costs = format!(
                "{} | {}",
                server_memory(measurement).map_or(NONE.to_owned(), megabytes),
                cpu.map_or(NONE.to_owned(), |seconds| number(seconds * 1e3)),
            );
            let several = measurement.flows.len() > 1;
            let whole = several.then_some((&all, costs.as_str()));
            let each_costs = if several { " | " } else { costs.as_str() };
            let each = measurement.flows.iter().map(|flow| (flow, each_costs));
            for (flow, costs) in whole.into_iter().chain(each) {
                writeln!(
                    out,
                    "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {costs} |",
                    cell(load),
                    cell(&measurement.implementation),
                    cell(&flow.name),
                    thousands(flow.count),
                    number(flow.rate),
                    thousands(flow.failures),
                    thousands(flow.dropped),
                    number(flow.quantiles.p50_ms),
                    number(flow.quantiles.p99_ms),
                )?;
            }
        }
    }
    out.push('\n');
    Ok(())
}

fn write_comparisons(out: &mut String, results: &Results) -> Result {
    for comparison in &results.comparisons {
        writeln!(
            out,
            "### {} against {}, {}\n",
            cell(&comparison.implementation),
            cell(&comparison.against),
            cell(&comparison.load)
        )?;
        let table = RatioTable::of(comparison);
        let names: Vec<String> = table.figures.iter().map(|f| cell(figure_name(f))).collect();
        writeln!(out, "| flow | {} |", names.join(" | "))?;
        writeln!(out, "|---|{}", "--:|".repeat(names.len()))?;
        for (flow, cells) in &table.rows {
            let cells: Vec<String> = cells
                .iter()
                .map(|found| found.map_or(NONE.to_owned(), ratio))
                .collect();
            writeln!(out, "| {} | {} |", cell(flow), cells.join(" | "))?;
        }
        out.push('\n');
    }
    Ok(())
}

fn write_gates(out: &mut String, results: &Results) -> Result {
    let gates = gates(results);
    let held = gates
        .iter()
        .filter(|gate| gate.outcome == GateOutcome::Held)
        .count();
    writeln!(
        out,
        "### Gates\n\n{} of {} held.\n",
        held,
        counted(gates.len(), "gate")
    )?;
    if held == gates.len() {
        return Ok(());
    }
    writeln!(
        out,
        "| gate | subject | asked | found | |\n|---|---|---|---|---|"
    )?;
    for gate in gates
        .iter()
        .filter(|gate| gate.outcome != GateOutcome::Held)
    {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            cell(&gate.name),
            cell(&gate.subject),
            cell(&gate.limit),
            cell(&gate.found),
            outcome(gate.outcome)
        )?;
    }
    out.push('\n');
    Ok(())
}

fn write_faults(out: &mut String, results: &Results) -> Result {
    let faults = faults(results);
    if faults.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Wrong answers\n")?;
    for fault in faults.iter().take(MAX_SHOWN) {
        writeln!(
            out,
            "- **{}**, {}, {}: {} {}, as in {}",
            cell(&fault.measurement.implementation),
            cell(&fault.measurement.load.label),
            cell(&fault.flow.name),
            code(&fault.wrong.kind),
            times(fault.wrong.count),
            code(&fault.wrong.example)
        )?;
    }
    if faults.len() > MAX_SHOWN {
        let rest = counted(faults.len() - MAX_SHOWN, "more kind");
        writeln!(out, "\nand {rest}, in `report.html`")?;
    }
    out.push('\n');
    Ok(())
}

/// Text in a table or a sentence: on one line, without what Markdown or HTML would take for marks.
fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in one_line(text, MAX_EXAMPLE).chars() {
        if matches!(c, '|' | '<' | '*' | '_' | '[' | ']' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Text as code, with a fence longer than any in it.
fn code(text: &str) -> String {
    let text = one_line(text, MAX_EXAMPLE);
    let mut fence = "`".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    if fence.len() > 1 {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}
