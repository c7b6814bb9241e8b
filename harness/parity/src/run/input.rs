//! The inputs of a case, as reports show them.

use std::path::Path;

use lakehouse_rig::implementation::{Reach, Transport};

use crate::config::{Case, Probe, Root};
use crate::inspect::{command, harness_command, secret};
use crate::outcome::CaseInput;
use crate::transport;

/// A case and the pair that it is sent to.
pub(crate) struct Inputs<'a> {
    pub(crate) root: &'a Root,
    /// The root as it was given, for commands.
    pub(crate) given: &'a Path,
    pub(crate) probe: &'a Probe,
    pub(crate) case: &'a Case,
    pub(crate) transport: Transport,
    /// The reference and the implementation.
    pub(crate) pair: [&'a str; 2],
}

impl Inputs<'_> {
    /// The inputs of all steps. They are written to files that others read, so secrets are redacted.
    pub(crate) fn redacted(&self) -> Vec<CaseInput> {
        (0..self.case.steps.len())
            .map(|index| self.input(index))
            .collect()
    }

    fn input(&self, index: usize) -> CaseInput {
        let Inputs { probe, case, .. } = *self;
        let step = &case.steps[index];
        let text = input_text(step.input.as_deref().unwrap_or_default());
        if self.transport != Transport::Http {
            return CaseInput {
                step: index,
                text,
                ..CaseInput::default()
            };
        }
        let harness = harness_command(self.given);
        let curl = |name: &str| {
            let base = self.base(name);
            command::redacted_curl(&harness, base, probe, case, index)
        };
        CaseInput {
            step: index,
            request: command::request_line(probe, case, step),
            headers: transport::headers(&probe.http, case, step)
                .into_iter()
                .flat_map(|(name, values)| {
                    values.into_iter().map(move |value| (name.clone(), value))
                })
                .map(|(name, value)| {
                    let value = secret::redacted(&name, value);
                    (name, value)
                })
                .collect(),
            text,
            curl: Some(self.pair.map(curl)),
        }
    }

    fn base(&self, name: &str) -> &str {
        match self.root.implementations.get(name).map(|i| &i.reach) {
            Some(Reach::Url { url, .. }) => url,
            _ => command::STARTED,
        }
    }
}

/// An input as text, or as `hex:…` if it is not UTF-8.
pub(crate) fn input_text(input: &[u8]) -> String {
    lakehouse_rig::text::from_bytes(input).into_owned()
}
