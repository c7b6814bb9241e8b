//! Shell commands.

use std::fmt::Write as _;

use lakehouse_rig::process::Command;

use super::secret;
use crate::config::{Case, CaseStep, Probe};
use crate::transport;

/// The address of a server that the command before it starts, or that a reader has started.
pub const STARTED: &str = "http://127.0.0.1:$PORT";

/// Bytes of an input in a command.
const MAX_INPUT: usize = 4_000;

/// The text as one word for a shell, which still expands `$STATE`, `$PORT` and `$UPSTREAM`.
#[must_use]
pub fn quote(text: &str) -> String {
    if ["$STATE", "$PORT", "$UPSTREAM"]
        .iter()
        .any(|variable| text.contains(variable))
    {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        return format!("\"{}\"", escaped.replace('`', "\\`"));
    }
    quote_argument(text)
}

/// The text as one word for a shell, which expands nothing in it. Plain words have no quotes.
#[must_use]
pub fn quote_argument(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    quote_literally(text)
}

/// The bytes as text, if they can be one word of a command.
fn as_word(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_shown = |c: char| !c.is_control() || c == '\n' || c == '\t';
    (bytes.len() <= MAX_INPUT && text.chars().all(is_shown)).then_some(text)
}

/// `POST /v1/embed?all=`: the method, path and query of a step.
#[must_use]
pub fn request_line(probe: &Probe, case: &Case, step: &CaseStep) -> String {
    let url = transport::url("", &probe.http, case, step);
    format!("{} {url}", method(probe, step))
}

/// A `curl` command that sends exactly a step's request to the server at `base`. `harness` is the
/// harness's command, which prints inputs that cannot be part of a command.
#[must_use]
pub fn curl(harness: &str, base: &str, probe: &Probe, case: &Case, index: usize) -> String {
    curl_with(harness, base, probe, case, index, |_, value| value)
}

/// The same command for reports, without the values of headers that may be secret.
#[must_use]
pub fn redacted_curl(
    harness: &str,
    base: &str,
    probe: &Probe,
    case: &Case,
    index: usize,
) -> String {
    curl_with(harness, base, probe, case, index, secret::redacted)
}

fn curl_with(
    harness: &str,
    base: &str,
    probe: &Probe,
    case: &Case,
    index: usize,
    shown: impl Fn(&str, String) -> String,
) -> String {
    let step = &case.steps[index];
    let target = transport::url("", &probe.http, case, step);
    let url = match base {
        STARTED => format!("\"{STARTED}\"{}", quote_argument(&target)),
        _ => quote_argument(&format!("{base}{target}")),
    };
    // `-X HEAD` would wait for a body.
    let method = match method(probe, step) {
        "HEAD" => "--head".to_owned(),
        other => format!("-i -X {other}"),
    };
    // Without these options, `curl` sends another path.
    let mut command = format!("curl -sS --path-as-is --globoff {method} {url}");
    let headers = transport::headers(&probe.http, case, step);
    for (name, values) in &headers {
        for value in values {
            // With a colon and no value, `curl` removes a header.
            let header = match shown(name, value.clone()).as_str() {
                "" => format!("{name};"),
                value => format!("{name}: {value}"),
            };
            let _ = write!(command, " -H {}", quote_argument(&header));
        }
    }
    // `curl` adds these headers, unless they are removed.
    let added = ["accept", "user-agent", "content-type"];
    let sent = if step.input.is_some() { 3 } else { 2 };
    for name in added.iter().take(sent) {
        if !headers.contains_key(*name) {
            let _ = write!(command, " -H {name}:");
        }
    }
    let Some(input) = &step.input else {
        return command;
    };
    match as_word(input) {
        Some(text) if !text.starts_with('@') => {
            let _ = write!(command, " --data-binary {}", quote_literally(text));
            command
        }
        _ => format!(
            "{} | {command} --data-binary @-",
            raw(harness, probe, case, index)
        ),
    }
}

fn method<'a>(probe: &'a Probe, step: &'a CaseStep) -> &'a str {
    step.method.as_deref().unwrap_or(&probe.http.method)
}

/// A command that sends all steps of a case to a program, line by line.
#[must_use]
pub fn lines(harness: &str, probe: &Probe, case: &Case, program: &str) -> String {
    let words: Option<Vec<&str>> = case
        .steps
        .iter()
        .map(|step| as_word(step.input.as_deref().unwrap_or_default()))
        .collect();
    match words {
        Some(words) => {
            let words: Vec<String> = words.into_iter().map(quote_literally).collect();
            format!("printf '%s\\n' {} | {program}", words.join(" "))
        }
        None => {
            let printed: Vec<String> = (0..case.steps.len())
                .map(|index| format!("{}; echo", raw(harness, probe, case, index)))
                .collect();
            format!("{{ {}; }} | {program}", printed.join("; "))
        }
    }
}

/// Commands that write a step's files to the state folder.
#[must_use]
pub fn files(case: &Case, step: &CaseStep, is_first: bool) -> Vec<String> {
    let before = if is_first { Some(&case.files) } else { None };
    before
        .into_iter()
        .flatten()
        .chain(&step.files)
        .map(|(path, content)| {
            let target = quote(&format!("$STATE/{path}"));
            match as_word(content.as_bytes()) {
                Some(text) => format!(
                    "mkdir -p \"$(dirname {target})\" && printf '%s' {} > {target}",
                    quote_literally(text)
                ),
                None => format!("# write {} bytes of the case to {target}", content.len()),
            }
        })
        .collect()
}

/// A command that starts a process in its folder, with its environment.
#[must_use]
pub fn program(command: &Command) -> String {
    let directory = quote(&command.directory.display().to_string());
    let mut text = format!("(cd {directory} &&");
    if !command.environment.is_empty() {
        text.push_str(" env");
        for (name, value) in &command.environment {
            let _ = write!(text, " {name}={}", quote(value));
        }
    }
    let _ = write!(text, " {}", quote(&command.program));
    for argument in &command.arguments {
        let _ = write!(text, " {}", quote(argument));
    }
    text.push(')');
    text
}

/// One word, in which the shell expands nothing.
fn quote_literally(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn raw(harness: &str, probe: &Probe, case: &Case, index: usize) -> String {
    format!(
        "{harness} describe {}/{} --raw {index}",
        probe.surface, case.name
    )
}

#[cfg(test)]
mod tests {
    use super::{as_word, quote, quote_argument};

    #[test]
    fn words_survive_a_shell() {
        for (text, expected) in [
            ("plain-1.2", "plain-1.2"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's $HOME", "'it'\\''s $HOME'"),
            ("127.0.0.1:$PORT", "\"127.0.0.1:$PORT\""),
            ("$STATE/a \"b\"", "\"$STATE/a \\\"b\\\"\""),
        ] {
            assert_eq!(quote(text), expected);
        }
        assert_eq!(quote_argument("$STATE"), "'$STATE'");
        assert_eq!(as_word(b"a\nb"), Some("a\nb"));
        for bytes in [&b"\xff"[..], b"a\0b", &[b'a'; 5_000]] {
            assert_eq!(as_word(bytes), None);
        }
    }
}
