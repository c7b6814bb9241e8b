//! Bounded lists for reports. A case can have hundreds of thousands of differences; all of them
//! count, but a report lists only some.

use super::{CaseOutcome, JudgedDifference};

/// Suggested pins of one case that a report lists.
pub const MAX_PINS: usize = 20;

impl CaseOutcome {
    /// At most `max` differences in their order, and the number of the others. Unexpected ones
    /// have precedence.
    #[must_use]
    pub fn listed_differences(&self, max: usize) -> (Vec<&JudgedDifference>, usize) {
        let all = &self.differences;
        let unexpected = all.iter().filter(|judged| judged.pin.is_none()).count();
        let mut unexpected_left = unexpected.min(max);
        let mut accepted_left = max - unexpected_left;
        let is_listed = |judged: &&JudgedDifference| {
            let left = match judged.pin {
                None => &mut unexpected_left,
                Some(_) => &mut accepted_left,
            };
            let is_listed = *left > 0;
            *left = left.saturating_sub(1);
            is_listed
        };
        let listed: Vec<&JudgedDifference> = all.iter().filter(is_listed).collect();
        let left_out = all.len() - listed.len();
        (listed, left_out)
    }

    /// The suggested pins that a report lists, and the number of the others.
    #[must_use]
    pub fn listed_pins(&self) -> (&[String], usize) {
        let listed = self.suggested_pins.len().min(MAX_PINS);
        (
            &self.suggested_pins[..listed],
            self.suggested_pins.len() - listed,
        )
    }
}
