//! What became of damaged copies of the answers.

use lakehouse_rig::implementation::Transport;
use serde::Serialize;

/// All damaged copies of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Mutation {
    /// Damage that the comparison told, at its path.
    pub killed: usize,
    /// Damage that had to be told: all but what a declared normaliser hides.
    pub total: usize,
    /// Damage whose only effect a declared normaliser hides.
    pub hidden: usize,
    /// Damage that could have been done to the same answers.
    pub possible: usize,
    /// Damage that was not told, or told at another place. Any of it fails the run.
    pub survivors: Vec<Survivor>,
    /// How the damage was chosen, in one sentence.
    pub sampling: String,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// By probe and transport.
    pub probes: Vec<MutatedProbe>,
    /// By kind of damage.
    pub damages: Vec<MutatedKind>,
    /// What is hidden, by normaliser.
    pub hidden_by: Vec<HiddenBy>,
    /// By case, both sides together.
    pub cases: Vec<MutatedCase>,
}

/// How many were told, had to be told, and are hidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Told at their path.
    pub killed: usize,
    /// Told or survived.
    pub total: usize,
    /// Hidden by a normaliser.
    pub hidden: usize,
}

/// The counts of one probe over one transport.
#[derive(Debug, Clone, Serialize)]
pub struct MutatedProbe {
    /// Surface.
    pub surface: String,
    /// Transport.
    pub transport: Transport,
    /// Answers that were damaged.
    pub answers: usize,
    /// Its counts.
    #[serde(flatten)]
    pub count: Count,
}

/// The counts of one kind of damage.
#[derive(Debug, Clone, Serialize)]
pub struct MutatedKind {
    /// Such as `key dropped`.
    pub damage: String,
    /// Its counts.
    #[serde(flatten)]
    pub count: Count,
}

/// The counts of one case.
#[derive(Debug, Clone, Serialize)]
pub struct MutatedCase {
    /// Surface.
    pub surface: String,
    /// Transport.
    pub transport: Transport,
    /// Case.
    pub case: String,
    /// Its counts.
    #[serde(flatten)]
    pub count: Count,
}

/// What one normaliser hides.
#[derive(Debug, Clone, Serialize)]
pub struct HiddenBy {
    /// Surface.
    pub surface: String,
    /// `body $.elapsed_ms`: the part and path of the normaliser.
    pub normaliser: String,
    /// The reason it gives.
    pub reason: String,
    /// How many it hides.
    pub count: usize,
    /// One of them: the kind of damage, its place and the case.
    pub example: String,
}

/// One damaged copy that nothing told from its original.
#[derive(Debug, Clone, Serialize)]
pub struct Survivor {
    /// Surface.
    pub surface: String,
    /// Transport.
    pub transport: Transport,
    /// Case.
    pub case: String,
    /// Whose answer was damaged.
    pub implementation: String,
    /// Such as `key dropped`.
    pub damage: String,
    /// Where it had to be told: `body:$.a[0]`.
    pub path: String,
    /// What was done: `12 -> 13`, cut.
    pub change: String,
    /// Why it lived: which comparator, policy or other place.
    pub reason: String,
    /// The command that damages the answers to just this case.
    pub rerun: String,
}
