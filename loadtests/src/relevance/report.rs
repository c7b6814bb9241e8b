//! The reports of a run: `results.json`, `summary.md`, and the tables on the terminal.

mod tables;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anstream::println;
use anyhow::{Context, Result};
use comfy_table::{CellAlignment, ContentArrangement, Table};
use console::Term;
use lakehouse_rig::text::{Look, counted, duration, one_line};

use super::results::{Answered, Results};
use tables::{NONE, Rows, tables};

use crate::report::TABLE_STYLE;
use crate::results::{Gate, GateOutcome, Verdict};

/// Maximum length of a question in a list, in characters.
const MAX_QUESTION: usize = 70;

/// Writes `results.json` and `summary.md` into a folder, which is created if necessary.
pub(super) fn write(results: &Results, folder: &Path) -> Result<()> {
    let mut json = serde_json::to_string_pretty(results)?;
    json.push('\n');
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(folder.join("results.json"), json))
        .and_then(|()| fs::write(folder.join("summary.md"), markdown(results)))
        .with_context(|| format!("cannot write the report to `{}`", folder.display()))
}

/// Prints the tables, and each question if `list`.
pub(super) fn print(results: &Results, list: bool) -> Result<()> {
    let term = Term::stdout();
    let look = Look::from_terminal(&term);
    println!("{}", terminal(results, list, look).trim_end());
    Ok(())
}

fn terminal(results: &Results, list: bool, look: Look) -> String {
    let mut out = String::new();
    for Rows {
        title,
        header,
        rows,
    } in tables(results)
    {
        let mut table = table(&header, look);
        table.add_rows(rows);
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}\n{}\n", look.bold(&title), table.trim_fmt());
    }
    if list {
        for measurement in results.measurements.iter().filter(|one| one.is_default()) {
            let title = format!("{} corpus, question by question", measurement.style);
            let mut table = table(&["group", "question", "right", "found", "first hit"], look);
            for answered in &measurement.answers {
                table.add_row(question(answered));
            }
            let _ = writeln!(out, "{}\n{}\n", look.bold(&title), table.trim_fmt());
        }
    }
    let failed = failed(results);
    if !failed.is_empty() {
        let mut table = table(
            &["outcome", "budget", "subject", "expected", "actual"],
            look,
        );
        for gate in failed {
            table.add_row(gate_cells(gate));
        }
        let _ = writeln!(out, "{}\n{}\n", look.bold("budgets"), table.trim_fmt());
    }
    let _ = writeln!(
        out,
        "{} {}",
        look.bold(word(results.verdict)),
        extent(results)
    );
    out
}

fn table(header: &[&str], look: Look) -> Table {
    let mut table = Table::new();
    table
        .load_style(TABLE_STYLE)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header.to_vec());
    if !look.colours {
        table.force_no_tty();
    }
    table
}

/// A question, how many people are right, how many of them were found, and the first hit.
fn question(answered: &Answered) -> [String; 5] {
    let Answered { score, .. } = answered;
    let found = match score.reported {
        Some(true) => "reported".to_owned(),
        Some(false) => "not reported".to_owned(),
        None if score.possible == 0 => NONE.to_owned(),
        None => format!("{}/{}", score.found, score.possible),
    };
    let mark = match score.first {
        Some(false) => "✗ ",
        _ => "",
    };
    [
        answered.group.clone(),
        one_line(&answered.question, MAX_QUESTION),
        answered.right.to_string(),
        found,
        format!("{mark}{}", answered.first),
    ]
}

fn failed(results: &Results) -> Vec<&Gate> {
    let gates = results.gates.iter();
    gates
        .filter(|gate| gate.outcome != GateOutcome::Held)
        .collect()
}

fn gate_cells(gate: &Gate) -> [String; 5] {
    let outcome = match gate.outcome {
        GateOutcome::Held => "held",
        GateOutcome::Failed => "✗ failed",
        GateOutcome::Inconclusive => "? inconclusive",
    };
    [
        outcome.to_owned(),
        gate.name.clone(),
        gate.subject.clone(),
        gate.limit.clone(),
        gate.found.clone(),
    ]
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// What was asked, and how many budgets held.
fn extent(results: &Results) -> String {
    let held = results.gates.len() - failed(results).len();
    let mut extent = format!(
        "{held} of {} held ({}",
        counted(results.gates.len(), "budget"),
        duration(results.duration_ms)
    );
    if let (Some(workers), Some(seed)) = (results.workers, results.seed) {
        let _ = write!(extent, ", {workers} workers, seed {seed}");
    }
    extent.push(')');
    extent
}

fn markdown(results: &Results) -> String {
    let mut out = format!(
        "## Relevance: {}\n\n{}",
        word(results.verdict),
        extent(results)
    );
    if let Some(commit) = &results.commit {
        let _ = write!(out, ", commit `{commit}`");
    }
    out.push_str(".\n\n");
    for Rows {
        title,
        header,
        rows,
    } in tables(results)
    {
        let _ = writeln!(out, "### {title}\n\n| {} |", header.join(" | "));
        let _ = writeln!(out, "|---|{}", "--:|".repeat(header.len() - 1));
        for row in rows {
            let _ = writeln!(out, "| {} |", row.join(" | "));
        }
        out.push('\n');
    }
    let failed = failed(results);
    if !failed.is_empty() {
        out.push_str("### Budgets\n\n| outcome | budget | subject | expected | actual |\n");
        out.push_str("|---|---|---|---|---|\n");
        for gate in failed {
            let _ = writeln!(out, "| {} |", gate_cells(gate).join(" | "));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::results::{DEFAULT, Measurement, SCHEMA_VERSION};
    use super::super::score::Score;
    use super::*;

    fn results() -> Results {
        let answered = |found, reported| Answered {
            group: "own".to_owned(),
            question: "pickers in Reno".to_owned(),
            right: 12,
            hits: vec!["w-1".to_owned()],
            first: "Packer, Reno NV".to_owned(),
            score: Score {
                possible: 10,
                found,
                hits: 10,
                first: Some(false),
                ndcg: Some(0.25),
                unavailable: Some(1),
                reported,
                ..Score::default()
            },
            milliseconds: 1.5,
        };
        let measurement = |variant, found| {
            let answers = vec![answered(found, None), answered(found, Some(false))];
            Measurement::new("plain", variant, answers)
        };
        Results {
            schema_version: SCHEMA_VERSION,
            commit: Some("abc".to_owned()),
            started_at: jiff::Timestamp::UNIX_EPOCH,
            duration_ms: 2_000,
            workers: Some(100),
            seed: Some(1),
            measurements: vec![measurement(DEFAULT, 4), measurement("understand off", 2)],
            gates: vec![Gate {
                name: "people found".to_owned(),
                subject: "plain, all".to_owned(),
                limit: "recall@10 at least 0.5".to_owned(),
                found: "0.400".to_owned(),
                outcome: GateOutcome::Failed,
            }],
            verdict: Verdict::Fail,
        }
    }

    #[test]
    fn the_terminal_shows_groups_settings_questions_and_budgets() {
        let text = terminal(&results(), true, Look::PLAIN);
        for expected in [
            "plain corpus\n",
            "8/20",
            "0.400",
            "10.0 %",
            "recall lost most in",
            "understand off",
            "0.200",
            "own −0.200",
            "pickers in Reno",
            "✗ Packer, Reno NV",
            "not reported",
            "✗ failed",
            "recall@10 at least 0.5",
            "fail 0 of 1 budget held",
        ] {
            assert!(text.contains(expected), "{expected}:\n{text}");
        }
        assert!(!terminal(&results(), false, Look::PLAIN).contains("pickers in Reno"));
    }

    #[test]
    fn the_summary_is_a_table_for_each_style() {
        let text = markdown(&results());
        assert!(text.starts_with("## Relevance: fail\n"), "{text}");
        assert!(
            text.contains("| all | 2 | 2 | 8/20 | 0.400 | 0.000 | 0.250 |"),
            "{text}"
        );
        assert!(text.contains("| ✗ failed | people found |"), "{text}");
    }

    #[test]
    fn results_are_read_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        write(&results(), folder.path()).unwrap();
        let text = fs::read_to_string(folder.path().join("results.json")).unwrap();
        assert_eq!(serde_json::from_str::<Results>(&text).unwrap(), results());
    }
}
