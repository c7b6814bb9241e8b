//! How often servers closed a connection without an answer, and answered on a new one.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use lakehouse_rig::text::counted;

use crate::transport::Job;

/// The numbers of requests that were sent again, by implementation and surface.
#[derive(Debug, Default)]
pub struct Resent(Mutex<BTreeMap<(String, String), usize>>);

impl Resent {
    /// Adds the requests of one server.
    pub(super) fn add(&self, job: &Job, count: usize) {
        if count > 0 {
            let key = (job.implementation.name.clone(), job.probe.surface.clone());
            let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *counts.entry(key).or_default() += count;
        }
    }

    /// A note for the reader of the report for each implementation and surface.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let notice = |((implementation, surface), count): (&(String, String), &usize)| {
            format!(
                "`{implementation}` closed reused connections on `{surface}` without an answer; {} sent again on a new connection",
                match count {
                    1 => "1 request was".to_owned(),
                    count => format!("{} were", counted(*count, "request")),
                }
            )
        };
        counts.iter().map(notice).collect()
    }
}
