//! The tables of a report: figures of groups of questions, and of settings of the server.

use super::super::figures::Figures;
use super::super::results::{ALL, Measurement, Results};

/// The text for a figure that does not apply.
pub(super) const NONE: &str = "–";

const HEADER: [&str; 12] = [
    "questions",
    "scored",
    "found",
    "recall@10",
    "first right",
    "nDCG@10",
    "wrong place",
    "excluded",
    "unavailable",
    "none reported",
    "p50 ms",
    "p95 ms",
];

/// The column of the group of questions that a setting finds the fewest people for, compared with the default.
const LOSS: &str = "recall lost most in";

/// A table; the first cell of each row is its name.
pub(super) struct Rows {
    pub(super) title: String,
    pub(super) header: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

/// For each style the groups of questions, then the settings of the server if there are several.
pub(super) fn tables(results: &Results) -> Vec<Rows> {
    let mut tables = Vec::new();
    for default in results.measurements.iter().filter(|one| one.is_default()) {
        let style = &default.style;
        let groups = default.groups.iter();
        tables.push(Rows {
            title: format!("{style} corpus"),
            header: [&["group"][..], &HEADER].concat(),
            rows: groups
                .map(|group| row(&group.name, &group.figures))
                .collect(),
        });
        let settings = results.measurements.iter();
        let settings = settings.filter(|one| one.style == *style);
        let rows: Vec<_> = settings
            .filter_map(|setting| {
                let mut row = row(&setting.variant, setting.group(ALL)?);
                row.push(loss(default, setting));
                Some(row)
            })
            .collect();
        if rows.len() > 1 {
            tables.push(Rows {
                title: format!("{style} corpus, all questions, parts switched off"),
                header: [&["setting"][..], &HEADER, &[LOSS]].concat(),
                rows,
            });
        }
    }
    tables
}

fn row(name: &str, figures: &Figures) -> Vec<String> {
    [&[name.to_owned()][..], &cells(figures)].concat()
}

/// The group whose recall is furthest below that of the default, and by how much.
fn loss(default: &Measurement, setting: &Measurement) -> String {
    let groups = default.groups.iter().filter(|group| group.name != ALL);
    let losses = groups.filter_map(|group| {
        let found = setting.group(&group.name)?.recall?;
        Some((group.figures.recall? - found, &group.name))
    });
    let most = losses.max_by(|(one, _), (other, _)| one.total_cmp(other));
    match most {
        Some((loss, group)) if loss >= 0.0005 => format!("{group} −{loss:.3}"),
        _ => NONE.to_owned(),
    }
}

fn cells(figures: &Figures) -> [String; 12] {
    let ratio = |share: Option<f64>| share.map_or(NONE.to_owned(), |share| format!("{share:.3}"));
    let percent =
        |share: Option<f64>| share.map_or(NONE.to_owned(), |share| format!("{:.1} %", share * 1e2));
    [
        figures.questions.to_string(),
        figures.scored.to_string(),
        format!("{}/{}", figures.found, figures.possible),
        ratio(figures.recall),
        ratio(figures.first),
        ratio(figures.ndcg),
        percent(figures.wrong_place),
        percent(figures.excluded),
        percent(figures.unavailable),
        percent(figures.reported),
        format!("{:.2}", figures.p50_ms),
        format!("{:.2}", figures.p95_ms),
    ]
}
