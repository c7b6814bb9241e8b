//! The seconds of a load.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::results::{Latencies, Second};

/// Seconds whose times are kept, because flows may be counted at an earlier moment than they end:
/// more than an answer's time limit.
const MAX_OPEN: usize = 90;

/// Counts and times by second.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    seconds: Vec<Second>,
    /// The times of the last seconds; those of earlier ones are summarised.
    times: BTreeMap<usize, Latencies>,
}

impl Timeline {
    /// Counts a completed flow.
    pub(super) fn complete(&mut self, second: usize, latency: Duration) {
        self.at(second).count += 1;
        if self.seconds[second].quantiles.is_some() {
            // Its second is summarised already.
            return;
        }
        self.times.entry(second).or_default().record(latency);
        while self.times.len() > MAX_OPEN {
            self.summarise_first();
        }
    }

    /// Counts a failed flow.
    pub(super) fn fail(&mut self, second: usize) {
        self.at(second).failures += 1;
    }

    /// Records the number of users with a flow in progress.
    pub(super) fn see_users(&mut self, second: usize, users: u32) {
        let second = self.at(second);
        second.users = second.users.max(users);
    }

    /// The seconds, at least `length`: seconds without any flow belong to the timeline too.
    pub(super) fn seconds(&mut self, length: usize) -> Vec<Second> {
        while !self.times.is_empty() {
            self.summarise_first();
        }
        let mut seconds = self.seconds.clone();
        seconds.resize(length.max(seconds.len()), Second::default());
        seconds
    }

    fn at(&mut self, second: usize) -> &mut Second {
        if self.seconds.len() <= second {
            self.seconds.resize(second + 1, Second::default());
        }
        &mut self.seconds[second]
    }

    fn summarise_first(&mut self) {
        if let Some((second, times)) = self.times.pop_first() {
            self.seconds[second].quantiles = Some(times.quantiles());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_its_own_percentiles() {
        let mut timeline = Timeline::default();
        timeline.complete(0, Duration::from_millis(10));
        timeline.complete(2, Duration::from_millis(30));
        timeline.complete(0, Duration::from_millis(20));
        timeline.fail(1);
        timeline.see_users(2, 3);
        timeline.see_users(2, 2);
        let seconds = timeline.seconds(4);
        let p50 = |second: &Second| second.quantiles.map(|times| times.p50_ms.round());
        let found: Vec<_> = seconds
            .iter()
            .map(|second| (second.count, second.failures, second.users, p50(second)))
            .collect();
        assert_eq!(
            found,
            [
                (2, 0, 0, Some(10.0)),
                (0, 1, 0, None),
                (1, 0, 3, Some(30.0)),
                (0, 0, 0, None)
            ]
        );
    }

    #[test]
    fn long_loads_keep_few_times() {
        let mut timeline = Timeline::default();
        for second in 0..10 * MAX_OPEN {
            timeline.complete(second, Duration::from_millis(second as u64 + 1));
            assert!(timeline.times.len() <= MAX_OPEN);
        }
        // Too late for the percentiles, but not for the count.
        timeline.complete(0, Duration::from_secs(9));
        let seconds = timeline.seconds(0);
        assert_eq!(seconds.len(), 10 * MAX_OPEN);
        assert!(seconds.iter().all(|second| second.quantiles.is_some()));
        assert_eq!(seconds[0].count, 2);
    }
}
