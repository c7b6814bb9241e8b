//! Checks and then hides values that differ from run to run.

use std::{
    fmt::Write as _,
    time::{SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;
use serde_json::Value;

/// Hides every occurrence of a created trace id in `exchange`; `answer` is the response with its
/// header. An id from the request is kept.
pub(super) fn trace_id(exchange: String, answer: &str) -> String {
    let header = answer
        .lines()
        .find_map(|line| line.strip_prefix("x-lakehouse-trace-id: "));
    let id = header.expect("every response has a trace id");
    let request = &exchange[..exchange.find(answer).unwrap()];
    if request.contains(id) {
        return exchange;
    }
    let is_lower_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    assert!(id.len() == 32 && id.chars().all(is_lower_hex), "{id}");
    let created_ms = u128::from_str_radix(&id[..12], 16).unwrap();
    let now_ms = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_millis();
    assert!(now_ms.abs_diff(created_ms) < 60_000, "{id}");
    exchange.replace(id, "[trace-id]")
}

/// A response's body, redacted depending on the path.
pub(super) fn body(path: &str, body: &str) -> String {
    match path {
        "/metrics" if !body.starts_with('{') => metrics(body),
        "/openapi.json" => indented(body),
        _ if path.starts_with("/v1/validate") => number(body, "elapsed_ms", "[elapsed-ms]"),
        _ if path.starts_with("/v1/matrix/playbooks/") => recorded_at(body),
        _ if ["search", "retrieve", "hybrid"]
            .iter()
            .any(|end| path.ends_with(end)) =>
        {
            rounded(&rounded(body, "\"distance\":"), "\"base_distance\":")
        }
        _ => body.to_owned(),
    }
}

/// Rounds the numbers after `name`: their last digits depend on the processor's vector width.
fn rounded(body: &str, name: &str) -> String {
    let mut pieces = body.split(name);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (number, rest) = piece.split_at(piece.find([',', '}']).unwrap());
        let distance: f64 = number.parse().unwrap();
        assert_eq!(number, format!("{distance:?}"), "not the shortest spelling");
        write!(out, "{name}{distance:.4}{rest}").unwrap();
    }
    out
}

/// Hides the time of a recording.
fn recorded_at(body: &str) -> String {
    let value: Value = serde_json::from_str(body).unwrap();
    let Some(recorded_at) = value["recorded_at"].as_str() else {
        return body.to_owned();
    };
    let time: Timestamp = recorded_at.parse().unwrap();
    assert_eq!(recorded_at, format!("{time:.0}"));
    assert!(
        Timestamp::now().duration_since(time).as_secs().abs() < 60,
        "{recorded_at}"
    );
    body.replace(recorded_at, "[recorded-at]")
}

/// Lines of the session log.
pub(super) fn log_lines(lines: &str) -> String {
    assert!(lines.ends_with('\n'), "{lines}");
    lines.lines().map(|line| log_line(line) + "\n").collect()
}

fn log_line(line: &str) -> String {
    let record: Value = serde_json::from_str(line).unwrap();
    let timestamp = record["timestamp"].as_str().unwrap();
    let time: Timestamp = timestamp.parse().unwrap();
    assert_eq!(timestamp, format!("{time:.3}"));
    assert!(
        Timestamp::now().duration_since(time).as_secs().abs() < 60,
        "{timestamp}"
    );
    let line = line.replace(timestamp, "[timestamp]");
    assert!(record["duration_ms"].is_u64(), "{line}");
    number(&line, "duration_ms", "[duration-ms]")
}

/// Hides the number of the member `name`, the last of its object.
fn number(text: &str, name: &str, placeholder: &str) -> String {
    let start = format!("\"{name}\":");
    let Some((before, rest)) = text.split_once(&start) else {
        return text.to_owned();
    };
    let (number, after) = rest.split_once('}').unwrap();
    let value: f64 = number.parse().unwrap();
    assert!((0.0..60_000.0).contains(&value), "{text}");
    format!("{before}{start}{placeholder}}}{after}")
}

/// Sorts the lines, which have no fixed order, and hides times.
fn metrics(body: &str) -> String {
    let mut lines: Vec<String> = body
        .lines()
        .filter(|line| !line.is_empty())
        .map(timed)
        .collect();
    lines.sort();
    lines.join("\n")
}

fn timed(line: &str) -> String {
    let Some((name, value)) = line.rsplit_once(' ').filter(|_| !line.starts_with('#')) else {
        return line.to_owned();
    };
    let value: f64 = value.parse().unwrap();
    assert!(value >= 0.0, "{line}");
    if name.contains("_seconds_bucket") || name.contains("_seconds_sum") {
        format!("{name} [timed]")
    } else {
        line.to_owned()
    }
}

/// Breaks a compact JSON text into lines, so that a change shows as a few lines.
fn indented(json: &str) -> String {
    assert_eq!(json, lakehouse_json::carried_over(json));
    let mut out = String::new();
    let (mut depth, mut in_string, mut escaped) = (0, false, false);
    for c in json.chars() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            out.push(c);
            continue;
        }
        in_string = c == '"';
        depth -= usize::from(matches!(c, '}' | ']'));
        if matches!(c, '}' | ']') {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        }
        out.push(c);
        depth += usize::from(matches!(c, '{' | '['));
        if matches!(c, '{' | '[' | ',') {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        }
    }
    out
}
