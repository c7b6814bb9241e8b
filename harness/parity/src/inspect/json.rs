//! `parity describe --json`.

use std::path::Path;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::text;
use serde_json::{Value, json};

use super::describe::{commands, harness_command, policy};
use super::{command, find};
use crate::config::{Case, Probe, Root};

/// What `describe` prints, for programs. An input that is not UTF-8 is `hex:…`.
///
/// # Errors
///
/// An unknown case.
pub fn describe_json(root: &Root, given: &Path, name: &str) -> Result<Value, Error> {
    let (probe, case) = find(root, name)?;
    let harness = harness_command(given);
    let mut implementations = Vec::new();
    for transport in probe.transports.iter().filter(|t| case.goes_over(**t)) {
        for implementation in root.implementations.values() {
            if implementation.has(&probe.surface, *transport) {
                implementations.push(json!({
                    "name": implementation.name,
                    "transport": transport,
                    "commands": commands(root, &harness, probe, case, *transport, implementation),
                }));
            }
        }
    }
    let pins = root.pins.iter();
    let accepted: Vec<String> = pins
        .filter_map(|pin| pin.about(&probe.surface, &case.name))
        .collect();
    let surface = command::quote_argument(&probe.surface);
    Ok(json!({
        "surface": probe.surface,
        "case": case.name,
        "why": case.why,
        "files": case.files,
        "steps": steps(probe, case),
        "compared": policy(probe),
        "accepted": accepted,
        "implementations": implementations,
        "run": format!("{harness} --surface {surface} --case {}", case.name),
    }))
}

fn steps(probe: &Probe, case: &Case) -> Vec<Value> {
    let has_http = probe.transports.contains(&Transport::Http);
    let steps = case.steps.iter();
    steps
        .map(|step| {
            let mut described = json!({
                "input": step.input.as_deref().map(text::from_bytes),
                "files": step.files,
                "expect": if step.expect_error { "error" } else { "ok" },
                "status": step.status,
                "scripted_answers": step.upstream.len(),
            });
            if has_http {
                described["method"] = json!(step.method.as_ref().unwrap_or(&probe.http.method));
                described["path"] = json!(step.path.as_ref().unwrap_or(&probe.http.path));
                described["query"] = json!(step.query);
                described["headers"] = json!(step.headers);
            }
            described
        })
        .collect()
}
