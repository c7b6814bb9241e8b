//! The jobs of a run, and the pairs that are compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use lakehouse_rig::implementation::Reach;
use lakehouse_rig::implementation::Transport;

use super::options::Options;
use super::participant::Participant;
use super::rounds::rounds;
use crate::config::{Case, Probe, Root};
use crate::outcome::ImplementationKind;
use crate::progress::{Planned, PlannedJob};
use crate::transport::Job;

/// The plan of a run.
#[derive(Debug)]
pub(super) struct Plan {
    /// The jobs of all implementations, including those of recordings.
    pub(super) jobs: Vec<Job>,
    /// The pairs that are compared.
    pub(super) pairs: Vec<Pair>,
    /// Why the run is inconclusive, as far as the plan shows it.
    pub(super) inconclusive: Vec<String>,
}

/// The reference and another implementation on one surface over one transport.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) probe: Arc<Probe>,
    pub(super) transport: Transport,
    /// The name of the other implementation.
    pub(super) implementation: String,
}

impl Plan {
    pub(super) fn new(
        root: &Root,
        options: &Options,
        participants: &BTreeMap<String, Participant>,
    ) -> Plan {
        let mut plan = Plan {
            jobs: Vec::new(),
            pairs: Vec::new(),
            inconclusive: Vec::new(),
        };
        if root.probes.is_empty() {
            plan.inconclusive.push("there are no surfaces".to_owned());
        }
        for probe in root.probes.values() {
            if options.surfaces.is_empty() || options.surfaces.contains(&probe.surface) {
                plan.add_surface(root, options, participants, probe);
            }
        }
        plan
    }

    /// What is sent and compared, now that it is known which programs could be built.
    pub(super) fn progress(
        &self,
        root: &Root,
        options: &Options,
        participants: &BTreeMap<String, Participant>,
        seed: u64,
    ) -> Planned {
        let job = |job: &Job| PlannedJob {
            surface: job.probe.surface.clone(),
            transport: job.transport,
            implementation: job.implementation.name.clone(),
            rounds: rounds(job, participants, options.once),
            cases: job.cases.iter().map(|case| case.name.clone()).collect(),
        };
        Planned {
            reference: root.reference.clone(),
            seed,
            jobs: self.jobs.iter().map(job).collect(),
        }
    }

    fn add_surface(
        &mut self,
        root: &Root,
        options: &Options,
        participants: &BTreeMap<String, Participant>,
        probe: &Arc<Probe>,
    ) {
        let surface = &probe.surface;
        for file in &probe.empty_files {
            self.inconclusive.push(format!("`{file}` holds no cases"));
        }
        if probe.cases.is_empty() {
            self.inconclusive
                .push(format!("surface `{surface}` has no cases"));
            return;
        }
        let wanted = |case: &&Arc<Case>| options.selects(surface, &case.name);
        if !probe.cases.iter().any(|case| wanted(&case)) {
            return;
        }
        let pairs_before = self.pairs.len();
        for transport in &probe.transports {
            let cases: Vec<Arc<Case>> = probe
                .cases
                .iter()
                .filter(wanted)
                .filter(|case| case.goes_over(*transport))
                .cloned()
                .collect();
            let has: Vec<&Participant> = participants
                .values()
                .filter(|p| p.implementation.has(surface, *transport))
                .filter(|p| {
                    let is_url = matches!(p.implementation.reach, Reach::Url { .. });
                    *transport == Transport::Http || !is_url
                })
                .collect();
            let with_reference = has.iter().any(|p| p.implementation.name == root.reference);
            if cases.is_empty() || !with_reference || has.len() < 2 {
                continue;
            }
            for participant in has {
                self.jobs.push(Job {
                    implementation: Arc::clone(&participant.implementation),
                    probe: Arc::clone(probe),
                    transport: *transport,
                    cases: cases.clone(),
                });
                if participant.implementation.name != root.reference {
                    self.pairs.push(Pair {
                        probe: Arc::clone(probe),
                        transport: *transport,
                        implementation: participant.implementation.name.clone(),
                    });
                }
            }
        }
        for participant in participants.values() {
            self.report_missing(participant, surface);
        }
        if self.pairs.len() == pairs_before
            && options.implementations.is_empty()
            && options.attach.is_empty()
        {
            self.inconclusive.push(format!(
                "nothing is compared on surface `{surface}`: no other implementation shares a transport with `{}`",
                root.reference
            ));
        }
    }

    fn report_missing(&mut self, participant: &Participant, surface: &str) {
        let name = &participant.implementation.name;
        let takes_part = self
            .jobs
            .iter()
            .any(|job| job.implementation.name == *name && job.probe.surface == surface);
        let has_recording = participant.recordings.contains_key(surface);
        let is_absent = matches!(
            participant.kind,
            ImplementationKind::Recorded | ImplementationKind::Missing
        );
        if takes_part && is_absent && !has_recording {
            self.inconclusive.push(format!(
                "`{name}` cannot run on `{surface}`: {}, and there is no recording",
                participant.why_not_live()
            ));
        }
    }
}
