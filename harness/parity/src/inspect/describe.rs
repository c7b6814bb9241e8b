//! `parity describe SURFACE/CASE`.

use std::fmt::Write as _;
use std::path::Path;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::implementation::{Implementation, Launch, Reach};
use lakehouse_rig::process::Command;
use lakehouse_rig::template::Values;
use lakehouse_rig::text::counted;

use super::{command, find};
use crate::config::{Case, CaseStep, Probe, Root};
use crate::transport;

/// Characters of an input.
const MAX_INPUT: usize = 2_000;

/// The input, the expectation, what is compared, and a command for each implementation.
///
/// # Errors
///
/// An unknown case.
pub fn describe(root: &Root, given: &Path, name: &str) -> Result<String, Error> {
    let (probe, case) = find(root, name)?;
    let harness = harness_command(given);
    let mut text = format!("{}/{}\n", probe.surface, case.name);
    if let Some(why) = &case.why {
        let _ = writeln!(text, "why: {why}");
    }
    for (index, step) in case.steps.iter().enumerate() {
        text.push('\n');
        if case.sequence {
            let _ = writeln!(text, "step {index}");
        }
        describe_step(&mut text, probe, case, step);
    }
    if !case.files.is_empty() {
        let names: Vec<&str> = case.files.keys().map(String::as_str).collect();
        let _ = writeln!(text, "files: {}", lakehouse_rig::error::quoted(&names));
    }
    text.push_str("\ncompared\n");
    for line in policy(probe) {
        let _ = writeln!(text, "  {line}");
    }
    for pin in root
        .pins
        .iter()
        .filter_map(|pin| pin.about(&probe.surface, &case.name))
    {
        let _ = writeln!(text, "  accepted: {pin}");
    }
    for transport in probe.transports.iter().filter(|t| case.goes_over(**t)) {
        for implementation in root.implementations.values() {
            if implementation.has(&probe.surface, *transport) {
                let _ = writeln!(text, "\n{} ({transport})", implementation.name);
                for line in commands(root, &harness, probe, case, *transport, implementation) {
                    let _ = writeln!(text, "  {line}");
                }
            }
        }
    }
    let _ = writeln!(
        text,
        "\nrun\n  {harness} --surface {} --case {}",
        command::quote_argument(&probe.surface),
        case.name
    );
    Ok(text)
}

/// The bytes of one step's input.
///
/// # Errors
///
/// An unknown case or step.
pub fn raw_input(root: &Root, name: &str, step: usize) -> Result<Vec<u8>, Error> {
    let (_, case) = find(root, name)?;
    match case.steps.get(step) {
        Some(step) => Ok(step.input.clone().unwrap_or_default()),
        None => Err(Error::usage(
            format!("`{name}` has no step {step}"),
            format!("the last step is {}", case.steps.len().saturating_sub(1)),
        )),
    }
}

/// The harness's command for this root.
pub(crate) fn harness_command(given: &Path) -> String {
    if given.as_os_str() == "." {
        "cargo xtask parity".to_owned()
    } else {
        let root = command::quote_argument(&given.display().to_string());
        format!("cargo xtask parity --root {root}")
    }
}

fn describe_step(text: &mut String, probe: &Probe, case: &Case, step: &CaseStep) {
    let shown = |bytes: &[u8]| crate::json::cut(&String::from_utf8_lossy(bytes), MAX_INPUT);
    if probe.transports.contains(&Transport::Http) {
        let request = command::request_line(probe, case, step);
        let _ = writeln!(text, "request: {request}");
        for (name, values) in transport::headers(&probe.http, case, step) {
            for value in values {
                let _ = writeln!(text, "  {name}: {value}");
            }
        }
    }
    match &step.input {
        Some(input) => {
            let _ = writeln!(text, "input ({} bytes): {}", input.len(), shown(input));
        }
        None => text.push_str("input: none\n"),
    }
    let expected = if step.expect_error {
        "an error"
    } else {
        "no error"
    };
    let status = step.status.map(|status| format!(", status {status}"));
    let empty = if step.empty { ", an empty body" } else { "" };
    let status = status.unwrap_or_default();
    let _ = writeln!(text, "expected: {expected}{status}{empty}");
    if !step.upstream.is_empty() {
        let answers = counted(step.upstream.len(), "scripted answer");
        let _ = writeln!(text, "upstream: {answers}, available with `--hold` only");
    }
}

pub(super) fn policy(probe: &Probe) -> Vec<String> {
    let compare = &probe.compare;
    let mut lines = vec![format!("body: {}", compare.body)];
    lines.extend(compare.body.rules().iter().map(ToString::to_string));
    let http = &probe.http;
    if !http.observe_headers.is_empty() {
        lines.push(format!("headers: {}", http.observe_headers.join(", ")));
    }
    let files: Vec<&str> = http
        .observe_files
        .iter()
        .chain(&probe.files)
        .map(String::as_str)
        .collect();
    if !files.is_empty() {
        lines.push(format!("files: {} ({})", files.join(", "), compare.files));
    }
    if http.observe_upstream {
        lines.push("upstream: every request".to_owned());
    }
    for normaliser in &probe.normalisers {
        let path = normaliser.path.as_ref().map_or("", |query| query.as_str());
        let begins = normaliser.begins.iter();
        let begins: String = begins
            .map(|text| format!(" that begins with `{text}`"))
            .collect();
        lines.push(format!(
            "hidden: {} {path}{begins} when it is {} ({})",
            normaliser.part,
            normaliser.check.description(),
            normaliser.reason
        ));
    }
    lines
}

/// Shell commands that send a case to an implementation.
pub(crate) fn commands(
    root: &Root,
    harness: &str,
    probe: &Probe,
    case: &Case,
    transport: Transport,
    implementation: &Implementation,
) -> Vec<String> {
    let filled = |launch: &Launch| {
        let values = Values::from([
            ("root", root.directory.display().to_string()),
            ("target", root.target.display().to_string()),
            ("state", "$STATE".to_owned()),
            ("surface", probe.surface.clone()),
            ("upstream", "$UPSTREAM".to_owned()),
            ("port", "$PORT".to_owned()),
        ]);
        let mut command = Command::from_launch(launch, &values, &root.directory);
        // `$STATE` is absolute, but only the shell knows that.
        if launch.directory.as_deref() == Some("{state}") {
            command.directory = "$STATE".into();
        }
        command::program(&command)
    };
    let Reach::Start {
        helper,
        files,
        serve,
        ..
    } = &implementation.reach
    else {
        let Reach::Url { url, .. } = &implementation.reach else {
            return Vec::new();
        };
        return (0..case.steps.len())
            .map(|index| command::curl(harness, url, probe, case, index))
            .collect();
    };
    let mut lines = vec!["STATE=$(mktemp -d)".to_owned()];
    match (transport, helper, files, serve) {
        (Transport::Http, _, _, Some(serve)) => {
            lines.push("PORT=4117 UPSTREAM=http://127.0.0.1:11434".to_owned());
            lines.extend(command::files(case, &case.steps[0], true));
            lines.push(format!("{} &", filled(&serve.launch)));
            for (index, step) in case.steps.iter().enumerate() {
                if index > 0 {
                    lines.extend(command::files(case, step, false));
                }
                lines.push(command::curl(harness, command::STARTED, probe, case, index));
            }
        }
        (Transport::Line, Some(launch), _, _) | (Transport::Files, _, Some(launch), _) => {
            for (index, step) in case.steps.iter().enumerate() {
                lines.extend(command::files(case, step, index == 0));
            }
            lines.push(command::lines(harness, probe, case, &filled(launch)));
        }
        _ => {}
    }
    lines
}
