//! Names that several modules share.

/// The index of the recordings.
pub const PLAYBOOK_INDEX: &str = "playbook_memory";
