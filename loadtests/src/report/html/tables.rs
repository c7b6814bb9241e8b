//! The rows of the page's tables.

use lakehouse_rig::text::{thousands, visible};

use super::charts::colour;
use super::plot::COLOURS;
use crate::report::history::HistoryEntry;
use crate::report::summary::{
    Change, RatioTable, figure_name, flow_names, loads, of_load, server_memory, sum, total,
};
use crate::report::text::{NONE, megabytes, moment, number, ratio, role, verdict};
use crate::results::{Comparison, Flow, Measurement, Results};

/// Maximum number of runs in the history, this one included.
const MAX_RUNS: usize = 12;

/// A table cell with its CSS class.
pub(super) struct Cell {
    pub(super) class: &'static str,
    pub(super) text: String,
}

impl Cell {
    fn new(text: String) -> Self {
        Self { class: "", text }
    }

    /// A count that is highlighted unless it is 0.
    fn failures(count: u64) -> Self {
        Self {
            class: if count > 0 { "fail" } else { "" },
            text: thousands(count),
        }
    }
}

/// An implementation's name and colour.
pub(super) struct Label {
    pub(super) name: String,
    pub(super) colour: usize,
}

impl Label {
    fn new(results: &Results, measurement: &Measurement) -> Self {
        Self {
            name: measurement.implementation.clone(),
            colour: colour(results, measurement),
        }
    }

    pub(super) fn all(results: &Results) -> Vec<Self> {
        let named = results.implementations.iter().enumerate();
        named
            .map(|(number, implementation)| Self {
                name: implementation.name.clone(),
                colour: number % COLOURS,
            })
            .collect()
    }
}

/// Rows that share their first cell.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) rows: Vec<(Label, Vec<Cell>)>,
}

/// The overview: by load, a row for each implementation.
pub(super) fn overview(results: &Results) -> Vec<Group> {
    let row = |measurement: &&Measurement| {
        let all = total(measurement);
        let cpu = measurement.server_cpu_seconds_per_flow();
        let memory = server_memory(measurement);
        let cells = vec![
            Cell::new(number(all.rate)),
            Cell::failures(all.failures),
            Cell::failures(all.dropped),
            time(&all, all.quantiles.p50_ms),
            time(&all, all.quantiles.p99_ms),
            Cell::new(memory.map_or(NONE.to_owned(), megabytes)),
            Cell::new(cpu.map_or(NONE.to_owned(), |seconds| number(seconds * 1e3))),
        ];
        (Label::new(results, measurement), cells)
    };
    let group = |load: &str| Group {
        name: load.to_owned(),
        rows: of_load(results, load).iter().map(row).collect(),
    };
    loads(results).into_iter().map(group).collect()
}

/// The flows or routes of one load, with a row for each implementation.
pub(super) fn flows(results: &Results, load: &str, of: fn(&Measurement) -> &[Flow]) -> Vec<Group> {
    let measurements = of_load(results, load);
    let mut groups = Vec::new();
    for name in flow_names(measurements.iter().flat_map(|one| of(one))) {
        let rows = measurements.iter().filter_map(|measurement| {
            let flow = of(measurement).iter().find(|flow| flow.name == name)?;
            Some((Label::new(results, measurement), flow_cells(flow)))
        });
        groups.push(Group {
            name: name.to_owned(),
            rows: rows.collect(),
        });
    }
    if groups.len() > 1 {
        let rows = measurements.iter().map(|measurement| {
            (
                Label::new(results, measurement),
                flow_cells(&sum(of(measurement), measurement.seconds)),
            )
        });
        groups.push(Group {
            name: "all".to_owned(),
            rows: rows.collect(),
        });
    }
    groups
}

fn flow_cells(flow: &Flow) -> Vec<Cell> {
    let times = flow.quantiles;
    vec![
        Cell::new(thousands(flow.count)),
        Cell::new(number(flow.rate)),
        Cell::failures(flow.failures),
        Cell::failures(flow.dropped),
        time(flow, times.p50_ms),
        time(flow, times.p95_ms),
        time(flow, times.p99_ms),
        time(flow, times.max_ms),
    ]
}

fn time(flow: &Flow, milliseconds: f64) -> Cell {
    let text = if flow.count > 0 {
        number(milliseconds)
    } else {
        NONE.to_owned()
    };
    Cell::new(text)
}

/// The processes of one load: label, name, role and figures.
pub(super) fn processes(
    results: &Results,
    load: &str,
) -> Vec<(Label, String, &'static str, Vec<String>)> {
    let mut rows = Vec::new();
    for measurement in of_load(results, load) {
        for process in &measurement.processes {
            let figures = vec![
                megabytes(process.max_rss_bytes),
                megabytes(process.max_anonymous_bytes),
                megabytes(process.max_pss_bytes),
                number(process.cpu_seconds),
                thousands(process.max_threads),
                thousands(process.max_descriptors),
            ];
            let name = visible(&process.name).into_owned();
            rows.push((
                Label::new(results, measurement),
                name,
                role(process.role),
                figures,
            ));
        }
    }
    rows
}

/// The slices of one load in order, with the load of the machine by other work.
pub(super) fn slices(results: &Results, load: &str) -> Vec<(Label, Vec<String>)> {
    let mut rows = Vec::new();
    for measurement in of_load(results, load) {
        for slice in &measurement.slices {
            let count: u64 = slice.flows.iter().map(|flow| flow.count).sum();
            let failures: u64 = slice.flows.iter().map(|flow| flow.failures).sum();
            let percent = |share: f64| format!("{} %", number(share * 100.0));
            let cells = vec![
                (slice.round + 1).to_string(),
                format!("{} s", number(slice.at_ms as f64 / 1e3)),
                format!("{} s", number(slice.seconds)),
                number(count as f64 / slice.seconds),
                thousands(failures),
                number(slice.server_cpu_seconds),
                number(slice.generator_cpu_seconds),
                percent(slice.steal),
                percent(slice.pressure),
            ];
            rows.push((slice.at_ms, Label::new(results, measurement), cells));
        }
    }
    rows.sort_by_key(|(at_ms, _, _)| *at_ms);
    rows.into_iter()
        .map(|(_, label, cells)| (label, cells))
        .collect()
}

/// The comparison of two implementations.
pub(super) struct ComparisonView {
    pub(super) title: String,
    pub(super) load: String,
    pub(super) pairs: usize,
    pub(super) figures: Vec<String>,
    pub(super) rows: Vec<(String, Vec<Cell>)>,
}

impl ComparisonView {
    pub(super) fn new(comparison: &Comparison) -> Self {
        let table = RatioTable::new(comparison);
        let rows = table.rows.iter().map(|(flow, cells)| {
            let cells = cells.iter().map(|found| match found {
                None => Cell::new(NONE.to_owned()),
                Some(found) => Cell {
                    class: match Change::new(found) {
                        Change::Better => "better",
                        Change::Worse => "worse",
                        Change::Unclear => "",
                    },
                    text: ratio(found),
                },
            });
            ((*flow).to_owned(), cells.collect())
        });
        Self {
            title: format!(
                "{} against {}",
                comparison.implementation, comparison.against
            ),
            load: comparison.load.clone(),
            pairs: comparison
                .ratios
                .iter()
                .map(|ratio| ratio.pairs)
                .max()
                .unwrap_or(0),
            figures: table
                .figures
                .iter()
                .map(|f| figure_name(f).to_owned())
                .collect(),
            rows: rows.collect(),
        }
    }
}

/// The last runs of the same tier, with a column for each measurement of this run.
pub(super) struct HistoryView {
    pub(super) columns: Vec<(String, String)>,
    pub(super) rows: Vec<HistoryRow>,
}

pub(super) struct HistoryRow {
    pub(super) is_this_run: bool,
    pub(super) at: String,
    pub(super) commit: String,
    /// What was measured other than builds of the commit.
    pub(super) origins: Vec<String>,
    pub(super) machine: String,
    pub(super) verdict: &'static str,
    /// The rate, with further figures in small print.
    pub(super) cells: Vec<(String, Vec<String>)>,
}

impl HistoryView {
    pub(super) fn new(results: &Results, runs: &[HistoryEntry]) -> Self {
        let columns: Vec<(String, String)> = results
            .measurements
            .iter()
            .map(|m| (m.implementation.clone(), m.load.label.clone()))
            .collect();
        let same = runs.iter().rev().filter(|past| past.tier == results.tier);
        let rows = same.take(MAX_RUNS).map(|past| HistoryRow {
            is_this_run: past.started_at == results.started_at,
            at: moment(past.started_at),
            commit: past.commit.clone().unwrap_or_else(|| NONE.to_owned()),
            origins: past.origins.clone(),
            machine: past.machine.processor.clone(),
            verdict: verdict(past.verdict),
            cells: columns
                .iter()
                .map(|(name, load)| history_cell(past, name, load))
                .collect(),
        });
        Self {
            rows: rows.collect(),
            columns,
        }
    }
}

fn history_cell(past: &HistoryEntry, implementation: &str, load: &str) -> (String, Vec<String>) {
    let found = past
        .measurements
        .iter()
        .find(|one| one.implementation == implementation && one.load == load);
    let Some(found) = found else {
        return (NONE.to_owned(), Vec::new());
    };
    let worst = found
        .flows
        .iter()
        .map(|flow| flow.p99_ms)
        .fold(0.0, f64::max);
    let mut details = vec![format!("worst p99 {} ms", number(worst))];
    details.extend(found.server_rss_bytes.map(megabytes));
    if found.failures > 0 {
        details.push(format!("{} failed", thousands(found.failures)));
    }
    let rate = found
        .rate
        .map_or(NONE.to_owned(), |rate| format!("{}/s", number(rate)));
    (rate, details)
}
