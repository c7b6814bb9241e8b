//! The log of audit metrics.

use std::fs;

use lakehouse_distill::audit_baselines::{
    BaselineFile, Entry, METRICS, addition, drift, entries, round_trip,
};
use lakehouse_json as json;
use proptest::prelude::*;

/// The text of an entry with additional members, in arbitrary order and spacing.
fn entry_text() -> impl Strategy<Value = String> {
    let metrics = prop::collection::vec(0..=json::MAX_INTEGER, METRICS.len());
    let space = prop::sample::select(vec!["", " ", "\t", "\r ", "  "]);
    let order = Just(vec![0, 1, 2, 3]).prop_shuffle();
    let parts = (metrics, space, order, "[^\n]{1,12}", "[^\n]{0,12}");
    parts.prop_map(|(metrics, space, order, commit, note)| {
        let metrics: Vec<_> = METRICS
            .iter()
            .zip(metrics)
            .map(|(name, value)| format!("\"{name}\"{space}:{value}.0{space}"))
            .collect();
        let members = [
            "\"recorded_at\":\"2026-05-02T07:53:54.12Z\"".to_owned(),
            format!("\"git_commit\":{}", json::string(&commit)),
            format!("\"metrics\":{{\"x\":[1, 1e400],{}}}", metrics.join(",")),
            format!(
                "{}:{}",
                json::string(&format!("note {note}")),
                json::string(&note)
            ),
        ];
        let members = order.into_iter().map(|i| members[i].as_str());
        let members: Vec<_> = members.collect();
        format!("{{{space}{}{space}}}", members.join(&format!("{space},")))
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    entry_text().prop_map(|text| Entry::read(&text).unwrap())
}

proptest! {
    #[test]
    fn an_appended_entry_is_the_last(texts in prop::collection::vec(entry_text(), 0..4), new in entry(), ended in any::<bool>()) {
        let mut log = texts.join("\r\n \t\n");
        if ended && !log.is_empty() {
            log.push('\n');
        }
        let after = format!("{log}{}", addition(&log, &new));
        let read = entries(&after).unwrap();
        prop_assert!(after.starts_with(&log));
        prop_assert_eq!(read.len(), texts.len() + 1);
        prop_assert_eq!(read.last(), Some(&new));
    }

    #[test]
    fn an_appended_log_round_trips_byte_for_byte(all in prop::collection::vec(entry(), 0..5)) {
        let mut log = String::new();
        for entry in &all {
            log += &addition(&log, entry);
        }
        prop_assert_eq!(round_trip(&log).unwrap(), log);
    }

    #[test]
    fn an_entry_does_not_drift_from_itself(entry in entry()) {
        let drift = drift(&entry, &entry);
        prop_assert_eq!(drift.warnings(), 0);
        for row in drift.rows {
            prop_assert_eq!(row.change_percent(), Some("0.00".to_owned()));
        }
    }

    #[test]
    fn a_change_is_rounded_to_the_nearest_hundredth(a in entry(), b in entry()) {
        for row in drift(&a, &b).rows {
            let Some(percent) = row.change_percent() else {
                prop_assert_eq!(row.from, 0);
                continue;
            };
            let hundredths: i128 = percent.replacen('.', "", 1).parse().unwrap();
            let (from, to) = (i128::from(row.from), i128::from(row.to));
            prop_assert!((hundredths * from - (to - from) * 10_000).abs() * 2 <= from, "{row:?} {percent}");
        }
    }

    #[test]
    fn no_log_panics_the_readers(log in any::<String>(), near in "[{}\":,\n\r a0]{0,40}") {
        for log in [log, near] {
            prop_assert_eq!(entries(&log).is_ok(), round_trip(&log).is_ok());
        }
    }
}

fn good() -> String {
    let metrics: Vec<_> = METRICS.iter().map(|name| format!("\"{name}\":1")).collect();
    format!(
        r#"{{"recorded_at":"2026-05-02T07:53:54Z","git_commit":"c","metrics":{{{}}}}}"#,
        metrics.join(",")
    )
}

#[test]
fn the_first_fault_of_an_entry_is_reported() {
    let good = good();
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1)
    };
    let deep = format!("{{\"a\":{}{},", "[".repeat(128), "]".repeat(128));
    let cases = [
        (with("{", "x"), "not valid JSON"),
        (with("{", &deep), "nests deeper than 128 levels"),
        ("[]".to_owned(), "not a JSON object"),
        ("{}".to_owned(), "missing field `recorded_at`"),
        (
            with("54Z", "54"),
            "field `recorded_at` must be an RFC 3339 time",
        ),
        (
            with("\"git_commit\":\"c\",", ""),
            "missing field `git_commit`",
        ),
        (
            with("\"c\"", "\"\""),
            "field `git_commit` must be a string that is not empty",
        ),
        (
            with("\"c\"", "null"),
            "field `git_commit` must be a string that is not empty",
        ),
        (
            with("\"metrics\":", "\"metrics\":1,\"more\":"),
            "field `metrics` must be an object",
        ),
        (with("p3_human", "p3_humans"), "missing metric `p3_human`"),
        (
            with("\"p4_rag_rows\":1", "\"p4_rag_rows\":-1"),
            "metric `p4_rag_rows` must be an integer of at least 0",
        ),
        (
            with("\"p4_rag_rows\":1", "\"p4_rag_rows\":9007199254740992"),
            "metric `p4_rag_rows` must be an integer of at least 0",
        ),
    ];
    for (text, want) in cases {
        let log = format!("{good}\n \r\n{text}");
        let got = entries(&log).map_err(|e| e.to_string());
        assert_eq!(got, Err(format!("line 3: {want}")), "{text}");
    }
}

#[test]
fn a_log_with_a_fault_is_not_appended_to() {
    let root = tempfile::tempdir().unwrap();
    let file = BaselineFile::below(root.path());
    let entry = Entry::read(&good()).unwrap();
    assert_eq!(file.read().unwrap(), "");
    assert_eq!(file.append(&entry).unwrap(), 1);
    let path = root.path().join("data/_kb/audit_baselines.jsonl");
    for (bytes, want) in [
        (&b"\xFF\n"[..], "log is not valid UTF-8"),
        (b"\xFF\n{\"recorded_at\":", "log is not valid UTF-8"),
        (b"{\"recorded_at\":\n", "line 1: not valid JSON"),
        (b"\n{}", "line 2: missing field `recorded_at`"),
    ] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(file.append(&entry).unwrap_err().to_string(), want);
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn an_append_that_was_cut_short_is_no_part_of_the_log() {
    let root = tempfile::tempdir().unwrap();
    let file = BaselineFile::below(root.path());
    let text = good();
    let entry = Entry::read(&text).unwrap();
    let path = root.path().join("data/_kb/audit_baselines.jsonl");
    file.append(&entry).unwrap();
    let one = format!("{}\n", entry.text());
    // An entry without its line feed, white space, and an entry cut at every byte.
    let mut tails = vec![(text.clone().into_bytes(), 3), (b" \t".to_vec(), 2)];
    tails.extend((1..text.len()).map(|end| (text.as_bytes()[..end].to_vec(), 2)));
    tails.push((b"{\"recorded_at\":\"\xE2\x82".to_vec(), 2));
    for (tail, entries_after) in tails {
        let shown = String::from_utf8_lossy(&tail).into_owned();
        fs::write(&path, [one.as_bytes(), &tail].concat()).unwrap();
        assert_eq!(
            entries(&file.read().unwrap()).unwrap().len(),
            entries_after - 1,
            "{shown}"
        );
        assert_eq!(file.append(&entry).unwrap(), entries_after, "{shown}");
        let log = file.read().unwrap();
        assert!(log.ends_with(&format!("\n{one}")), "{shown}");
        assert_eq!(entries(&log).unwrap().len(), entries_after, "{shown}");
    }
}
