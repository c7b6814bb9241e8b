//! `summary.md`: the summary for a pull request.

use std::fmt::{Result, Write};

use lakehouse_rig::text::{counted, duration, one_line, thousands};

use super::summary::{
    RatioTable, figure_name, gates, loads, of_load, origins, sentence, server_memory, total,
    wrong_answers,
};
use super::text::{NONE, megabytes, moment, number, outcome, ratio, shard, times, verdict};
use crate::results::{GateOutcome, Results, Verdict};

/// Maximum number of wrong answers; the page has all.
const MAX_SHOWN: usize = 20;

/// Maximum length of an example, in characters.
const MAX_EXAMPLE: usize = 600;

/// Renders the summary, which ends with a newline.
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
    for origin in origins(results) {
        write!(out, ", measured {}", code(&origin))?;
    }
    writeln!(out, ".\n")?;
    if results.verdict != Verdict::Pass && !results.inconclusive.is_empty() {
        writeln!(out, "### Not judged\n")?;
        for reason in &results.inconclusive {
            writeln!(out, "- {}", cell(reason))?;
        }
        out.push('\n');
    }
    write_measurements(out, results)?;
    write_comparisons(out, results)?;
    write_gates(out, results)?;
    write_wrong_answers(out, results)
}

fn write_measurements(out: &mut String, results: &Results) -> Result {
    if results.measurements.is_empty() {
        return writeln!(out, "Nothing was measured.\n");
    }
    writeln!(
        out,
        "| load | implementation | flow | completed | per second | failed | dropped | p50 ms | p99 ms | server memory | CPU ms per flow |\n\
         |---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    )?;
    for load in loads(results) {
        for measurement in of_load(results, load) {
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
        let table = RatioTable::new(comparison);
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
        "| gate | subject | expected | actual | outcome |\n|---|---|---|---|---|"
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

fn write_wrong_answers(out: &mut String, results: &Results) -> Result {
    let answers = wrong_answers(results);
    if answers.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Wrong answers\n")?;
    for answer in answers.iter().take(MAX_SHOWN) {
        writeln!(
            out,
            "- **{}**, {}, {}: {} {}, for example {}",
            cell(&answer.measurement.implementation),
            cell(&answer.measurement.load.label),
            cell(&answer.flow.name),
            code(&answer.wrong.kind),
            times(answer.wrong.count),
            code(&answer.wrong.example)
        )?;
    }
    if answers.len() > MAX_SHOWN {
        let rest = counted(answers.len() - MAX_SHOWN, "more kind");
        writeln!(out, "\nand {rest}, in `report.html`")?;
    }
    out.push('\n');
    Ok(())
}

/// Text for a table or a sentence: on one line, with Markdown and HTML characters escaped.
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

/// Text as code, with a longer fence than any inside.
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
