//! What a run is asked to do.

use std::path::PathBuf;

use lakehouse_rig::error::Error;

use crate::config::Root;

/// The options of a run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The root, as it was given.
    pub root: PathBuf,
    /// Surfaces; empty means all.
    pub surfaces: Vec<String>,
    /// Cases; empty means all.
    pub cases: Vec<String>,
    /// Implementations to compare with the reference; empty means all.
    pub implementations: Vec<String>,
    /// Seed of the order; random when absent.
    pub seed: Option<u64>,
    /// Implementations whose answers are recorded.
    pub record: Vec<String>,
    /// Implementations that must be live.
    pub require: Vec<String>,
    /// Implementations that are taken at a URL, where they run already.
    pub attach: Vec<(String, String)>,
    /// Whether the answers are damaged afterwards, to see that the probes can fail.
    pub mutate: bool,
    /// Whether every job runs once only, without the second round that tells nondeterminism.
    pub once: bool,
    /// Where reports and logs go.
    pub output: PathBuf,
}

impl Options {
    /// Whether something is left out.
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

    /// Checks every name against the root.
    pub(super) fn check(&self, root: &Root) -> Result<(), Error> {
        let surfaces: Vec<&str> = root.probes.keys().map(String::as_str).collect();
        let implementations: Vec<&str> = root.implementations.keys().map(String::as_str).collect();
        known("surface", &self.surfaces, &surfaces)?;
        known("implementation", &self.implementations, &implementations)?;
        known("implementation", &self.require, &implementations)?;
        known("implementation", &self.record, &implementations)?;
        let cases: Vec<&str> = root
            .probes
            .values()
            .filter(|probe| self.surfaces.is_empty() || self.surfaces.contains(&probe.surface))
            .flat_map(|probe| probe.cases.iter().map(|case| case.name.as_str()))
            .collect();
        known("case", &self.cases, &cases)?;
        if !self.record.is_empty() && !self.cases.is_empty() {
            return Err(Error::usage(
                "`--record` and `--case` do not go together",
                "a recording holds all cases of a surface; narrow it with `--surface`",
            ));
        }
        for name in self.require.iter().chain(&self.record) {
            if !self.wants(root, name) {
                return Err(Error::usage(
                    format!("`{name}` is left out by `--implementation`"),
                    "add it there as well",
                ));
            }
        }
        Ok(())
    }

    /// The command that runs one case again.
    pub(super) fn rerun(
        &self,
        surface: &str,
        case: &str,
        implementation: &str,
        seed: u64,
    ) -> String {
        let mut command = "cargo xtask parity".to_owned();
        if self.root.as_os_str() != "." {
            command.push_str(&format!(" --root {}", self.root.display()));
        }
        for (name, url) in &self.attach {
            command.push_str(&format!(" --attach {name}={url}"));
        }
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
