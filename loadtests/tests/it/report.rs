//! The reports of a run.

pub(crate) mod sample;

use std::fs;

use lakehouse_loadtests::report::{self, Written, history};
use lakehouse_loadtests::results::{Origin, Results, Second, Verdict};
use serde_json::Value;

use sample::EXAMPLES;

struct Folder {
    _kept: tempfile::TempDir,
    written: Written,
}

fn write(results: &Results) -> Folder {
    let kept = tempfile::tempdir().expect("a folder");
    let written = report::write_files(results, &kept.path().join("new")).expect("reports");
    Folder {
        _kept: kept,
        written,
    }
}

fn read(file: &std::path::Path) -> String {
    fs::read_to_string(file).expect("a report")
}

/// The text of HTML or XML without escapes.
fn unescaped(text: &str) -> String {
    text.replace("&#60;", "<")
        .replace("&lt;", "<")
        .replace("&#62;", ">")
        .replace("&gt;", ">")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

#[test]
fn every_example_is_in_every_report() {
    let results = sample::results();
    let folder = write(&results);
    let reports = [
        ("terminal", report::text(&results)),
        ("results.json", read(&folder.written.json)),
        ("summary.md", read(&folder.written.summary)),
        ("report.html", unescaped(&read(&folder.written.html))),
        ("junit.xml", unescaped(&read(&folder.written.junit))),
    ];
    for (name, text) in reports {
        for example in EXAMPLES {
            assert!(
                text.contains(example),
                "`{example}` is not in {name}:\n{text}"
            );
        }
    }
}

#[test]
fn the_json_can_be_read_back() {
    let results = sample::results();
    let folder = write(&results);
    let text = read(&folder.written.json);
    assert!(text.ends_with("}\n"));
    let again: Results = serde_json::from_str(&text).expect("results");
    let value = |results: &Results| serde_json::to_value(results).expect("json");
    assert_same("results", &value(&again), &value(&results));
    let p99 = |results: &Results| results.measurements[3].flows[5].latencies.quantile_ms(0.99);
    assert_eq!(p99(&again), p99(&results));
}

/// Compares values, allowing for rounding in the last digit of fractions.
fn assert_same(place: &str, left: &Value, right: &Value) {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            assert!(a.keys().eq(b.keys()), "fields of {place}");
            for (name, value) in a {
                assert_same(&format!("{place}.{name}"), value, &b[name]);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "elements of {place}");
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                assert_same(&format!("{place}[{index}]"), a, b);
            }
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap_or(0.0), b.as_f64().unwrap_or(1.0));
            assert!(
                (a - b).abs() <= 2.0 * f64::EPSILON * b.abs(),
                "{place}: {a} and {b}"
            );
        }
        _ => assert_eq!(left, right, "{place}"),
    }
}

#[test]
fn no_temporary_files_are_left() {
    let folder = write(&sample::results());
    let parent = folder.written.json.parent().expect("a folder");
    let mut names: Vec<String> = fs::read_dir(parent)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    names.sort();
    let expected = [
        "history.jsonl",
        "junit.xml",
        "report.html",
        "results.json",
        "summary.md",
    ];
    assert_eq!(names, expected);
}

#[test]
fn the_page_is_well_formed_and_self_contained() {
    let page = read(&write(&sample::results()).written.html);
    for tag in [
        "table", "tbody", "section", "figure", "svg", "text", "details", "main", "td", "p",
    ] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        let closed = page.matches(&format!("</{tag}>")).count();
        assert!(opened > 0, "no <{tag}>");
        assert_eq!(opened, closed, "<{tag}> and </{tag}>");
    }
    assert!(!page.contains("<Ann & Co>"), "an example is not escaped");
    for reference in ["<script ", "src=", "<link", "<img", "@import", "url("] {
        assert!(!page.contains(reference), "the page has `{reference}`");
    }
    let namespace = "http://www.w3.org/2000/svg";
    assert!(
        !page.replace(namespace, "").contains("http"),
        "the page refers to an address"
    );
}

#[test]
fn charts_leave_colours_to_the_style_sheet() {
    let page = read(&write(&sample::results()).written.html);
    let charts = page.split("<svg").skip(1);
    for chart in charts.map(|rest| rest.split("</svg>").next().unwrap_or_default()) {
        for attribute in ["fill=", "stroke=", "style=", "#"] {
            let found = unescaped(chart);
            assert!(!found.contains(attribute), "a chart has `{attribute}`");
        }
        assert!(!chart.contains("NaN") && !chart.contains("inf"), "{chart}");
    }
}

#[test]
fn scroll_containers_are_reachable_by_keyboard() {
    let page = read(&write(&sample::results()).written.html);
    let reachable = "class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"";
    let scrolling = page.matches("class=\"scroll\"").count();
    assert_eq!(scrolling, page.matches(reachable).count());
    let tables = page.matches("<table").count();
    assert_eq!(scrolling, tables + page.matches("<svg").count());
    assert!(!page.contains("<th></th>"), "a column has no header");
}

#[test]
fn the_page_has_every_chart() {
    let page = read(&write(&sample::results()).written.html);
    let labels = [
        "rate by load",
        "99th percentile by load",
        "times of repeat_cache by percentile, 10 users",
        "times of playbook_record_replay by percentile, 50 users",
        "rate over time, 50 users",
        "times over time, 10 users",
        "failures over time, 50 users",
        "users over time, 50 users",
        "memory of the servers over the run",
        "the machine's speed over the run",
    ];
    let page = unescaped(&page);
    for label in labels {
        assert!(
            page.contains(&format!("aria-label=\"{label}\"")),
            "no chart `{label}`"
        );
    }
    assert_eq!(page.matches("<svg").count(), 2 + 12 + 8 + 1 + 1);
    for limit in [
        "L9 tail: p99 at most 60.0 ms",
        "L4 server memory: at most 450 MB",
    ] {
        assert_eq!(page.matches(limit).count(), 1, "lines of `{limit}`");
    }
}

#[test]
fn curves_of_a_load_share_one_scale() {
    let results = sample::results();
    let page = unescaped(&read(&write(&results).written.html));
    let scales = |label: &str| -> Vec<String> {
        let charts = page.split("<svg").skip(1);
        let charts = charts.map(|chart| chart.split('>').next().unwrap_or_default());
        let charts = charts.filter(|chart| chart.contains(label));
        let scale = |chart: &str| {
            let scale = chart.split("data-y=\"").nth(1).unwrap_or_default();
            scale.split('"').next().unwrap_or_default().to_owned()
        };
        charts.map(scale).collect()
    };
    let mut found = scales("by percentile, 50 users");
    assert_eq!(found.len(), 6);
    found.dedup();
    assert_eq!(found.len(), 1, "{found:?}");

    let mut single = results;
    single
        .measurements
        .retain(|one| one.implementation == "rust");
    single.implementations.truncate(1);
    let page = unescaped(&read(&write(&single).written.html));
    assert!(page.contains("aria-label=\"times by percentile, 50 users\""));
    assert!(!page.contains("times of repeat_cache by percentile"));
}

#[test]
fn failures_come_first_and_held_gates_are_folded() {
    let page = read(&write(&sample::results()).written.html);
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no `{text}`"));
    let order = [
        "<h2>Wrong answers</h2>",
        "<h2>Gates</h2>",
        "<details><summary>2 gates held</summary>",
        "<h2>Overview</h2>",
    ];
    assert!(order.map(place).is_sorted());
    let open = &page[place(order[1])..place(order[2])];
    assert!(open.contains("failed") && open.contains("inconclusive") && !open.contains("held<"));
}

#[test]
fn requests_are_listed_by_route() {
    let page = read(&write(&sample::results()).written.html);
    let routes = page
        .split("<h3>Requests by route</h3>")
        .nth(1)
        .expect("a table");
    let table = routes.split("</table>").next().unwrap_or_default();
    assert!(table.contains("/v1/matrix/search") && table.contains("/v1/validate"));
}

#[test]
fn every_report_names_what_is_not_a_build_of_the_checkout() {
    let mut results = sample::results();
    let unnamed = write(&results);
    assert!(!read(&unnamed.written.summary).contains("measured"));
    results.implementations[0].origin = Origin::Binary {
        path: "target/debug/lakehouse".to_owned(),
        sha256: "0123456789abcdef".repeat(4),
    };
    let folder = write(&results);
    let expected = "rust: binary target/debug/lakehouse, sha256 0123456789ab";
    for (name, text) in [
        ("terminal", report::text(&results)),
        ("summary.md", read(&folder.written.summary)),
        ("report.html", read(&folder.written.html)),
        ("history.jsonl", read(&folder.written.history)),
    ] {
        assert!(text.contains(expected), "not in {name}:\n{text}");
    }
    let json = read(&folder.written.json);
    assert!(json.contains("\"path\": \"target/debug/lakehouse\""));
}

#[test]
fn names_are_not_broken_at_a_hundred_columns() {
    let text = report::text_of_width(&sample::results(), 100);
    for name in [
        "cold_search_email",
        "playbook_record_replay",
        "implementation",
    ] {
        assert!(text.contains(name), "`{name}` is broken in:\n{text}");
    }
}

#[test]
fn runs_without_measurements_have_reports() {
    let mut results = sample::results();
    results.measurements.clear();
    results.comparisons.clear();
    results.gates.clear();
    results.reference.clear();
    results.verdict = Verdict::Inconclusive;
    let page = read(&write(&results).written.html);
    assert!(page.contains("Nothing was measured."));
    assert!(!page.contains("<svg"));
    assert!(report::text(&results).contains("nothing was measured"));
}

#[test]
fn runs_that_end_at_once_have_reports() {
    let mut results = sample::results();
    results.interrupted = true;
    for measurement in &mut results.measurements {
        measurement.seconds = 0.0;
        measurement.timeline = vec![Second::default(); 2];
        measurement.flows.truncate(2);
        measurement.flows[0] = sample::flow("cold_search_email", std::iter::once(700), 0.5);
        measurement.flows[1] = sample::flow("surge_fill_validate", std::iter::empty(), 0.5);
        for slice in &mut measurement.slices {
            slice.seconds = 0.0;
        }
    }
    let folder = write(&results);
    let page = read(&folder.written.html);
    assert!(page.contains("A signal ended the run early."));
    for text in ["NaN", "inf<", "inf "] {
        assert!(!page.contains(text), "the page has `{text}`");
    }
    let runs = history::read(&folder.written.history).expect("a history");
    assert_eq!(runs[0].measurements[0].rate, None);
}

#[test]
fn single_loads_have_no_sweep_charts() {
    let mut results = sample::results();
    results
        .measurements
        .retain(|measurement| measurement.load.label == "50 users");
    let page = read(&write(&results).written.html);
    assert!(!page.contains("Rate by load"));
    assert!(page.contains("Rate over time"));
}

#[test]
fn the_history_has_one_line_for_each_run() {
    let results = sample::results();
    let folder = write(&results);
    let parent = folder.written.json.parent().expect("a folder");
    // Writing the same run again adds no line.
    report::write_files(&results, parent).expect("reports");
    assert_eq!(
        history::read(&folder.written.history)
            .expect("a history")
            .len(),
        1
    );
    let mut next = results.clone();
    next.started_at = "2026-11-21T09:00:00Z".parse().expect("a moment");
    // An incomplete line and one in another format are skipped.
    let mut text = read(&folder.written.history);
    text.push_str("{\"another\":1}\n{\"started_");
    fs::write(&folder.written.history, text).expect("a history");
    report::write_files(&next, parent).expect("reports");
    let runs = history::read(&folder.written.history).expect("a history");
    assert_eq!(
        runs,
        [
            history::HistoryEntry::new(&results),
            history::HistoryEntry::new(&next)
        ]
    );
    assert_eq!(runs[1].measurements[3].failures, 9);
    let page = read(&folder.written.html);
    assert!(page.contains("2026-11-20 14:03 UTC") && page.contains("2026-11-21 09:00 UTC"));
}

#[test]
fn junit_counts_flows_and_gates() {
    let results = sample::results();
    let text = read(&write(&results).written.junit);
    let head = text
        .lines()
        .find(|line| line.starts_with("<testsuites"))
        .expect("a head");
    // 4 × 6 flows and 5 gates; 2 flows and 2 gates failed, 1 gate is inconclusive.
    for count in ["tests=\"29\"", "failures=\"4\"", "errors=\"1\""] {
        assert!(head.contains(count), "no {count} in {head}");
    }
    assert!(text.contains("name=\"50 users/go\" tests=\"6\""));
    assert!(text.contains("type=\"excluded_hit\""));
}

#[test]
fn junit_has_errors_for_inconclusive_runs() {
    let mut results = sample::results();
    results.measurements.truncate(1);
    results.gates.truncate(1);
    results.verdict = Verdict::Inconclusive;
    let text = read(&write(&results).written.junit);
    let head = text
        .lines()
        .find(|line| line.starts_with("<testsuites"))
        .expect("a head");
    assert!(
        head.contains("failures=\"0\"") && head.contains("errors=\"1\""),
        "{head}"
    );
    assert!(text.contains("the machine lost 4 % of its speed"));
}

#[test]
fn the_terminal_output_ends_with_the_verdict() {
    let text = report::text(&sample::results());
    for part in [
        "2 of 5 held",
        "✗ failed",
        "? inconclusive",
        "rust against go",
        "3.25 × (3.00 to 3.50)",
        "5.92 ×",
        "model server",
    ] {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "colours without a terminal");
    let verdict = text.rsplit("\n\n").next().unwrap_or_default();
    assert!(verdict.starts_with("fail 10 wrong answers"), "{verdict}");
}

#[test]
fn control_characters_in_answers_are_escaped() {
    let mut results = sample::results();
    sample::fail(
        &mut results.measurements[0].flows[0],
        "body",
        1,
        "\u{1b}[2Jgone\nnext | line",
    );
    let text = report::text(&results);
    assert!(text.contains("\\u{1b}[2Jgone\\nnext | line"), "{text}");
}

#[test]
fn the_summary_is_appended_to_a_shared_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let shared = folder.path().join("summary");
    fs::write(&shared, "before\n").expect("a file");
    report::append_summary(&sample::results(), &shared).expect("appended");
    let text = read(&shared);
    assert!(
        text.starts_with("before\n## Load test `multitier`: fail\n"),
        "{text}"
    );
    assert!(text.contains("2 of 5 gates held."), "{text}");
}
