//! The HTML page.

use std::fs;
use std::path::Path;

use lakehouse_parity::outcome::{NormaliserHit, Run};
use lakehouse_rig::implementation::Transport;

use super::page::Page;
use super::{sample, written};

fn page(run: &Run) -> Page {
    Page::read(written(run, "report.html"))
}

#[test]
fn the_page_escapes_answers() {
    let page = page(&sample::failing()).html;
    for (index, _) in page.match_indices("alert(") {
        let before = &page[index.saturating_sub(120)..index];
        assert!(!before.contains("<script>"), "{before}");
    }
    assert!(page.contains("&#60;script&#62;alert(1)") || page.contains("&lt;script&gt;alert(1)"));
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
    assert!(page.contains("\\u{1b}[2J\\u{202e}live"));
    assert!(!page.contains("<b>bold</b>"));
}

/// Names, values and reasons that end a script, open a comment or leave an attribute.
#[test]
fn hostile_texts_stay_texts() {
    let hostile = "\"'></script><!--<script>alert(4)</script>\u{2028}\u{202e}&#60;`";
    let run = sample::large::hostile(hostile);
    let page = page(&run);
    assert_eq!(page.html.matches("<script").count(), 2, "data and code");
    assert_eq!(page.html.matches("</script").count(), 2);
    assert!(!page.html.contains("<!--"));
    assert!(!page.html.contains(['\u{2028}', '\u{202e}']));
    let cases = page.cases();
    assert_eq!(cases.len(), 3);
    for case in &cases {
        let name = case["case"].as_str().unwrap();
        assert!(name.contains("</script><!--<script>alert(4)"), "{name}");
    }
}

#[test]
fn the_page_loads_no_external_resources() {
    let page = page(&sample::failing()).html;
    for reference in [
        "src=",
        "@import",
        "url(",
        "<link",
        "fetch(",
        "XMLHttpRequest",
        "import(",
        "href=\"http",
        "action=",
    ] {
        assert!(!page.contains(reference), "`{reference}` in the page");
    }
}

#[test]
fn the_page_shows_everything_without_scripts() {
    let page = page(&sample::failing());
    for text in [
        "<h1>fail</h1>",
        "recorded 2026-11-18, v20.20.2",
        "fixtures/divergences.toml:12",
        "go differs; rust and js agree",
        "js crashed on this case (signal 9)",
        "the input has a newline, which no line can carry",
        "kept: callers compare by cosine",
        "the time of the answer",
        "python has neither its toolchain nor a recording",
        "hex:ff0001",
        "upstream POST /api/embed",
    ] {
        assert!(page.html.contains(text), "`{text}` is not in the page");
    }
    // Only the hostile case differs in two places; they form one group.
    assert_eq!(page.html.matches(" and 1 more path<").count(), 1);
    let reruns = "<pre>cargo xtask parity --surface embed --case hostile ";
    assert_eq!(page.html.matches(reruns).count(), 1);
    assert_eq!(page.cases().len(), 3);
    // The failing step comes first.
    let inputs = &page.cases()[1]["inputs"];
    assert_eq!(inputs[0]["step"], "step 1 of 2");
    assert_eq!(inputs[0]["failing"], true);
    assert_eq!(inputs[1]["step"], "step 0 of 2");
}

#[test]
fn the_page_begins_with_who_may_replace_the_reference() {
    let page = page(&sample::failing()).html;
    for (class, name, decision) in [
        ("fail", "go", "no"),
        ("fail", "js", "no"),
        ("inconclusive", "python", "unknown"),
    ] {
        let line = format!(
            "<li class=\"{class}\"><b>{name}</b> may replace rust: <strong>{decision}</strong>"
        );
        assert!(page.contains(&line), "no `{line}`");
    }
    let strip = page.find("class=\"strip\"").unwrap();
    assert!(strip < page.find("class=\"totals\"").unwrap());
}

#[test]
fn requests_are_shown_as_they_were_sent() {
    let page = page(&sample::failing());
    let input = &page.cases()[0]["inputs"][0];
    assert_eq!(input["request"], "POST /v1/embed?all=");
    assert_eq!(input["headers"][0], "content-type: application/json");
    assert_eq!(input["curls"][0][0], "Send it to either side");
    let without_scripts = "<b>POST /v1/embed?all=</b>\ncontent-type: application/json";
    assert!(page.html.contains(without_scripts));
}

#[test]
fn crashes_have_their_cause() {
    let page = page(&sample::failing());
    let crash = &page.cases()[2]["crashes"][0];
    let cause = "js crashed (signal 9 (SIGKILL)): TypeError: x is <not> a function";
    assert_eq!(crash["cause"], cause);
    assert_eq!(crash["log"], "target/parity/logs/js.extract_json.line.log");
    assert!(
        page.html
            .contains("TypeError: x is &#60;not&#62; a function")
    );
}

#[test]
fn neither_side_is_marked_as_added_or_removed() {
    let page = page(&sample::failing()).html;
    assert!(page.contains("<span class=\"left\"><i>rust</i>"));
    assert!(page.contains("<span class=\"right\"><i>go</i>"));
    assert!(!page.contains("<i>-</i>") && !page.contains("<i>+</i>"));
}

#[test]
fn addresses_of_cases_are_made_of_names() {
    let address = "href=\"#session_log/http/go/n0005\"";
    for count in [10, 600] {
        let mut run = sample::with_many_failures(count);
        let page = page(&run);
        assert!(page.html.contains("id=\"session_log/http/go/n0000\""));
        // The grid links to the first failure.
        assert!(page.html.contains("<a href=\"#session_log/http/go/n00"));
        // Another run, in which earlier cases no longer fail.
        run.cases.drain(..5);
        let html = written(&run, "report.html");
        assert!(html.contains(address), "no `{address}`");
    }
}

#[test]
fn a_case_of_two_groups_is_stored_once() {
    let page = page(&sample::with_many_failures(500));
    let groups = page.groups();
    let counts: Vec<usize> = groups.iter().map(|(_, members)| *members).collect();
    assert_eq!(counts, [500, 100]);
    assert_eq!(groups[0].0["count"], "500 differences in 500 cases");
    assert_eq!(groups[1].0["kinds"][0], "different value");
    assert_eq!(page.cases().len(), 500);
}

#[test]
fn five_thousand_failures_fit_in_a_page() {
    let page = page(&sample::with_many_failures(5_000));
    assert_eq!(page.cases().len(), 5_000);
    assert!(page.html.len() < 5_000_000, "{} bytes", page.html.len());
    // Without scripts, only the first of each group is shown.
    assert_eq!(page.html.matches("<article class=\"failure\"").count(), 2);
    keep("many", &page);
}

#[test]
fn five_thousand_large_failures_fit_in_a_page() {
    let page = page(&sample::large::with_large_failures(5_000));
    let cases = page.cases();
    assert_eq!(cases.len(), 5_000, "every case is listed");
    assert!(page.html.len() < 5_000_000, "{} bytes", page.html.len());
    // The first ones have their answers, the last ones only what differs.
    assert!(cases[0]["sides"][1]["text"].as_str().unwrap().len() > 1_000);
    assert!(cases[4_999].get("sides").is_none());
    assert!(cases[4_999]["differences"][0]["path"].is_string());
    keep("large", &page);
}

#[test]
fn a_page_that_is_too_long_counts_what_it_leaves_out() {
    let page = page(&sample::large::with_large_failures(8_000));
    let left_out = 8_000 - page.cases().len();
    assert!(left_out > 1_000, "{left_out}");
    assert!(page.html.len() < 5_000_000, "{} bytes", page.html.len());
    let note = format!("This page is too long for {left_out} more cases");
    assert!(page.html.contains(&note));
}

#[test]
fn places_of_normalisers_are_not_in_the_page_at_first() {
    let mut run = sample::failing();
    let place = |number: usize| NormaliserHit {
        case: format!("case_{number:03}"),
        transport: Transport::Http,
        path: "body:$.at".to_owned(),
        implementation: ["go", "rust"][number % 2].to_owned(),
        hits: 2,
    };
    run.normalisers[0].places = (0..720).map(place).collect();
    let page = page(&run);
    assert!(page.html.contains("<summary>in 720 cases</summary>"));
    assert!(page.html.contains("<li>and 717 more</li>"));
    assert_eq!(page.html.matches("<li>case_").count(), 3);
    let list = page.lists()[0].as_array().unwrap();
    assert_eq!(list.len(), 101);
    assert_eq!(list[0], "case_000 (http): go 2 at body:$.at");
    assert_eq!(list[100], "and 620 more lines in report.json");
}

#[test]
fn pages_of_few_failures_are_kept_for_a_look_in_a_browser() {
    let failing = page(&sample::failing());
    assert!(failing.html.contains("What the words mean"));
    keep("failing", &failing);
    keep("passing", &page(&sample::passing()));
    keep("survivors", &page(&sample::with_survivors(30)));
}

/// Keeps a page in Cargo's folder for test files.
fn keep(name: &str, page: &Page) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.html")), &page.html).unwrap();
}
