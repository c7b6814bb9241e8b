//! The result of `--mutate`.

use lakehouse_rig::implementation::Transport;
use serde::Serialize;

/// The damaged copies of all answers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Mutation {
    /// Damage that the comparison reported at its path.
    pub killed: usize,
    /// Damage that the comparison must report, which excludes what is hidden.
    pub total: usize,
    /// Damage whose only effect a normaliser hides, or a rule of the ledger accepts.
    pub hidden: usize,
    /// The hidden damage that rules of the ledger accept.
    pub by_rules: usize,
    /// Damage that is possible for the same answers.
    pub possible: usize,
    /// Damage that was not reported, or reported at another path. Any of it fails the run.
    pub survivors: Vec<Survivor>,
    /// How the damage was chosen.
    pub sampling: String,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// By probe and transport.
    pub probes: Vec<MutatedProbe>,
    /// By kind of damage.
    pub damages: Vec<MutatedKind>,
    /// Hidden damage, by normaliser and rule.
    pub hidden_by: Vec<HiddenBy>,
    /// By case, for both sides together.
    pub cases: Vec<MutatedCase>,
}

/// Numbers of damaged copies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Reported at their path.
    pub killed: usize,
    /// Reported or survived.
    pub total: usize,
    /// Hidden by a normaliser or a rule.
    pub hidden: usize,
}

/// The counts of one probe over one transport.
#[derive(Debug, Clone, Serialize)]
pub struct MutatedProbe {
    /// Surface.
    pub surface: String,
    /// Transport.
    pub transport: Transport,
    /// Number of damaged answers.
    pub answers: usize,
    /// Counts.
    #[serde(flatten)]
    pub count: Count,
}

/// The counts of one kind of damage.
#[derive(Debug, Clone, Serialize)]
pub struct MutatedKind {
    /// Such as `key dropped`.
    pub damage: String,
    /// Counts.
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
    /// Counts.
    #[serde(flatten)]
    pub count: Count,
}

/// The damage that one normaliser or rule hides.
#[derive(Debug, Clone, Serialize)]
pub struct HiddenBy {
    /// Surface.
    pub surface: String,
    /// `body $.elapsed_ms`: the part and path of the normaliser; a rule of the ledger has its file and
    /// line before its path.
    pub normaliser: String,
    /// Its reason.
    pub reason: String,
    /// Number of damaged copies.
    pub count: usize,
    /// One of them: the kind of damage, its path and the case.
    pub example: String,
}

/// One damaged copy that the comparison did not report.
#[derive(Debug, Clone, Serialize)]
pub struct Survivor {
    /// Surface.
    pub surface: String,
    /// Transport.
    pub transport: Transport,
    /// Case.
    pub case: String,
    /// The implementation whose answer was damaged.
    pub implementation: String,
    /// Such as `key dropped`.
    pub damage: String,
    /// The expected path of the report: `body:$.a[0]`.
    pub path: String,
    /// The damage, shortened: `12 -> 13`.
    pub change: String,
    /// Why it survived: the comparator, the policy or another path.
    pub reason: String,
    /// The command that damages only this case's answers.
    pub rerun: String,
}
