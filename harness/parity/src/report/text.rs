//! Observations as text.

use std::fmt::Write as _;

use lakehouse_rig::text::{counted, from_bytes, lay_out};

use crate::observation::{Observation, Step, value_text};

/// Whether bodies are indented.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Unchanged.
    Raw,
    /// JSON with one value per line.
    Indented,
}

/// An observation as text, with every part that is compared.
pub(super) fn of_observation(observation: &Observation, layout: Layout) -> String {
    let mut text = String::new();
    let many = observation.steps.len() > 1;
    for (number, step) in observation.steps.iter().enumerate() {
        if many {
            let _ = writeln!(text, "step {number}");
        }
        write_step(&mut text, step, layout);
    }
    text
}

fn write_step(text: &mut String, step: &Step, layout: Layout) {
    let body = |bytes: &[u8]| match layout {
        Layout::Raw => from_bytes(bytes).into_owned(),
        Layout::Indented => lay_out(&from_bytes(bytes)),
    };
    let mut line = |line: &str| {
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push('\n');
        }
    };
    if let Some(failure) = &step.failure {
        line(&format!("failed: {failure}"));
    }
    if let Some(status) = step.status {
        line(&format!("status {status}"));
    }
    for (name, values) in &step.headers {
        for value in values {
            line(&format!("{name}: {}", value_text(value)));
        }
    }
    if let Some(code) = step.exit {
        line(&format!("exit code {code}"));
    }
    if !step.body.is_empty() {
        line(&body(&step.body));
    }
    for (name, values) in &step.trailers {
        for value in values {
            line(&format!("trailer {name}: {}", value_text(value)));
        }
    }
    for (path, bytes) in &step.files {
        line(&format!("file {path}"));
        line(&body(bytes));
    }
    for request in step.upstream.iter().flatten() {
        line(&format!("upstream {} {}", request.method, request.path));
        line(&body(&request.body));
    }
    if let Some(script) = step.script {
        line(&format!(
            "upstream script: {} not requested, {} after its end",
            counted(script.unused, "answer"),
            counted(script.beyond, "request")
        ));
    }
}
