//! What a run reports while it works: builds, counts, failures and slow cases.
//!
//! A run sends each [`Event`] to its [`Events`]. [`Display`] shows them on standard error, and
//! [`Silent`] ignores them.

mod display;
mod state;

use std::fmt;

use lakehouse_rig::implementation::Transport;

pub use display::Display;

/// Receives the events of a run. Several threads report at once.
pub trait Events: fmt::Debug + Send + Sync {
    /// Called for each event, and must not block.
    fn report(&self, event: Event<'_>);

    /// Whether events have no effect, so that none needs to be prepared.
    fn is_silent(&self) -> bool {
        false
    }
}

/// Ignores all events.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Events for Silent {
    fn report(&self, _: Event<'_>) {}

    fn is_silent(&self) -> bool {
        true
    }
}

/// An event of a run.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A step without a count begins.
    Step(&'a str),
    /// The build of an implementation begins.
    Building {
        /// The implementation's name.
        implementation: &'a str,
        /// The command that builds it.
        command: &'a str,
    },
    /// The last line that the current step logged.
    Detail(&'a str),
    /// A fact that the user must know before the run ends.
    Notice(&'a str),
    /// The plan is complete, and its cases are sent from now on.
    Planned(&'a Planned),
    /// A case is sent.
    Sent(Place<'a>),
    /// A case is over in one round; the text says why its answer is missing or unusable.
    Answered(Place<'a>, Option<&'a str>),
    /// The answer to a case differs from the reference's in a way that is not accepted; the text says
    /// where.
    Differs(Place<'a>, &'a str),
    /// All rounds of an implementation on a surface over a transport are over.
    Finished(Place<'a>),
    /// Generated inputs were sent.
    Generated {
        /// The surface.
        surface: &'a str,
        /// The number of inputs so far.
        inputs: u64,
        /// The number of inputs that are wanted.
        wanted: u64,
        /// The number of findings so far.
        findings: u64,
    },
}

/// Where an event happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Surface.
    pub surface: &'a str,
    /// Transport.
    pub transport: Transport,
    /// Implementation.
    pub implementation: &'a str,
    /// Case; empty for a whole surface.
    pub case: &'a str,
}

/// The cases that a run sends, and the comparisons of their answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The reference's name.
    pub reference: String,
    /// The seed for the order of the cases.
    pub seed: u64,
    /// The cases by surface, transport and implementation.
    pub jobs: Vec<PlannedJob>,
}

impl Planned {
    /// The number of comparisons: one for each case of each implementation other than the reference.
    #[must_use]
    pub fn comparisons(&self) -> usize {
        let compared = self.jobs.iter();
        let compared = compared.filter(|job| job.implementation != self.reference);
        compared.map(|job| job.cases.len()).sum()
    }
}

/// The cases of one implementation on one surface over one transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedJob {
    /// Surface.
    pub surface: String,
    /// Transport.
    pub transport: Transport,
    /// Implementation.
    pub implementation: String,
    /// The number of times that each case is sent; 0 for a recording and for a failed build.
    pub rounds: usize,
    /// The names of the cases.
    pub cases: Vec<String>,
}
