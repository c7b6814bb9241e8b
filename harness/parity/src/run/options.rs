//! The options of a run.

use std::collections::BTreeSet;
use std::path::PathBuf;

use lakehouse_rig::error::Error;

use crate::config::Root;
use crate::inspect::command::quote_argument;
use crate::inspect::{self, harness_command, unknown_case};

/// The options of a run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The root, as it was given.
    pub root: PathBuf,
    /// Surfaces; empty means all.
    pub surfaces: Vec<String>,
    /// Cases, as `NAME` or `SURFACE/NAME`; empty means all.
    pub cases: Vec<String>,
    /// Implementations to compare with the reference; empty means all.
    pub implementations: Vec<String>,
    /// The seed of the order; none for a random one.
    pub seed: Option<u64>,
    /// Implementations whose answers are recorded.
    pub record: Vec<String>,
    /// Implementations that must be live.
    pub require: Vec<String>,
    /// Implementations that are running already, and their URLs.
    pub attach: Vec<(String, String)>,
    /// Whether the answers are damaged afterwards, to check that the comparison reports it.
    pub mutate: bool,
    /// Whether every job runs once, without the second round that detects nondeterminism.
    pub once: bool,
    /// The folder for reports and logs.
    pub output: PathBuf,
}

impl Options {
    /// Whether the run is limited to some surfaces, cases or implementations.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !(self.surfaces.is_empty()
            && self.cases.is_empty()
            && self.implementations.is_empty()
            && self.attach.is_empty())
    }

    /// Whether an implementation takes part. The reference always does.
    #[must_use]
    pub fn wants(&self, root: &Root, implementation: &str) -> bool {
        implementation == root.reference
            || self.implementations.is_empty()
            || self
                .implementations
                .iter()
                .any(|name| name == implementation)
    }

    /// Whether a case of a surface takes part.
    #[must_use]
    pub fn selects(&self, surface: &str, case: &str) -> bool {
        let is_named = |name: &String| match name.split_once('/') {
            Some((of, name)) => of == surface && name == case,
            None => name == case,
        };
        let has_surface = self.surfaces.is_empty() || self.surfaces.iter().any(|s| s == surface);
        has_surface && (self.cases.is_empty() || self.cases.iter().any(is_named))
    }

    /// Checks every name against the root.
    pub(super) fn check(&self, root: &Root) -> Result<(), Error> {
        let surfaces: Vec<&str> = root.probes.keys().map(String::as_str).collect();
        let implementations: Vec<&str> = root.implementations.keys().map(String::as_str).collect();
        known("surface", &self.surfaces, &surfaces)?;
        known("implementation", &self.implementations, &implementations)?;
        known("implementation", &self.require, &implementations)?;
        known("implementation", &self.record, &implementations)?;
        self.check_cases(root)?;
        if !self.record.is_empty() && !self.cases.is_empty() {
            return Err(Error::usage(
                "`--record` cannot be combined with `--case`",
                "a recording contains all cases of a surface; select surfaces with `--surface`",
            ));
        }
        for name in self.require.iter().chain(&self.record) {
            if !self.wants(root, name) {
                return Err(Error::usage(
                    format!("`--implementation` excludes `{name}`"),
                    "add it there",
                ));
            }
        }
        Ok(())
    }

    fn check_cases(&self, root: &Root) -> Result<(), Error> {
        let cases: BTreeSet<&str> = root
            .probes
            .values()
            .filter(|probe| self.surfaces.is_empty() || self.surfaces.contains(&probe.surface))
            .flat_map(|probe| probe.cases.iter().map(|case| case.name.as_str()))
            .collect();
        for name in &self.cases {
            match name.split_once('/') {
                None if cases.contains(name.as_str()) => {}
                None => return Err(unknown_case(root, &self.surfaces, name)),
                Some((surface, case)) => {
                    inspect::find(root, name)?;
                    if !self.selects(surface, case) {
                        return Err(Error::usage(
                            format!("`--surface` excludes case `{name}`"),
                            format!("add `{surface}` there"),
                        ));
                    }
                }
            }
        }
        Ok(())
    }

    /// The command that runs one case again.
    pub(crate) fn rerun(
        &self,
        surface: &str,
        case: &str,
        implementation: &str,
        seed: u64,
    ) -> String {
        let mut command = harness_command(&self.root);
        for (name, url) in &self.attach {
            let attached = quote_argument(&format!("{name}={url}"));
            command.push_str(&format!(" --attach {attached}"));
        }
        let [surface, case, implementation] = [surface, case, implementation].map(quote_argument);
        format!(
            "{command} --surface {surface} --case {case} --implementation {implementation} --seed {seed}"
        )
    }
}

fn known(what: &str, names: &[String], known: &[&str]) -> Result<(), Error> {
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => Err(Error::unknown(what, unknown, known)),
        None => Ok(()),
    }
}
