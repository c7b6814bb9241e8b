//! What damage did to a step.

/// What was done to a step.
pub(super) struct Done {
    /// The part of the step, as [`landed::parts`] names it.
    pub(super) part: String,
    pub(super) expected: Vec<String>,
    pub(super) change: String,
    pub(super) flaw: Option<String>,
    pub(super) tied: Option<usize>,
}

impl Done {
    pub(super) fn new(part: &str, expected: Vec<String>, change: impl Into<String>) -> Done {
        Done {
            part: part.to_owned(),
            expected,
            change: change.into(),
            flaw: None,
            tied: None,
        }
    }
}
