//! A coordinator: somebody with a session, and with choices of their own.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use rand::seq::{IndexedRandom, IteratorRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::house::{Demand, House, Shift};
use super::session::Session;
use crate::drive::Plan;

/// When shifts begin.
const STARTS: [i8; 6] = [5, 6, 7, 8, 14, 22];

/// How long they are, in hours.
const HOURS: i8 = 8;

/// How many orders a user looks after.
const ORDERS: u32 = 40;

/// Somebody who does flows, one after the other.
#[derive(Debug, Clone)]
pub struct User {
    /// From 0.
    pub number: u32,
    /// Their connection.
    pub session: Session,
    /// What they know.
    pub house: Arc<House>,
    /// Where they look.
    pub corpora: Arc<[String]>,
    shard: u32,
    random: ChaCha8Rng,
}

impl User {
    /// The user of this number; their choices follow from the plan's seed and the number.
    pub fn new(
        number: u32,
        session: Session,
        house: Arc<House>,
        corpora: Arc<[String]>,
        plan: &Plan,
    ) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(plan.seed);
        random.set_stream(u64::from(number));
        Self {
            number,
            session,
            house,
            corpora,
            shard: plan.shard,
            random,
        }
    }

    /// Their choices.
    pub fn random(&mut self) -> &mut ChaCha8Rng {
        &mut self.random
    }

    /// Any of what clients ask for.
    pub(super) fn demand(&mut self) -> Demand {
        let demand = self.house.demands().choose(&mut self.random);
        demand.expect("a house has demands").clone()
    }

    /// Any of what clients ask for that somebody could do.
    pub(super) fn fillable_demand(&mut self) -> Demand {
        let demand = self.house.fillable().choose(&mut self.random);
        demand
            .expect("a house has demands that it can fill")
            .clone()
    }

    /// A shift in the fortnight for which people are booked.
    pub(super) fn shift(&mut self) -> Shift {
        let day = self.random.random_range(4..=17);
        self.shift_on(Date::constant(2026, 5, day))
    }

    /// A shift on a day on which nobody is booked.
    pub(super) fn quiet_shift(&mut self) -> Shift {
        let day = self.random.random_range(1..=28);
        self.shift_on(Date::constant(2026, 6, day))
    }

    fn shift_on(&mut self, date: Date) -> Shift {
        let start = *STARTS
            .choose(&mut self.random)
            .expect("shifts begin at some time");
        let time = |hour| Time::constant(hour, 0, 0, 0);
        let end = (start + HOURS) % 24;
        Shift::new(date, time(start), time(end)).expect("the day has a next one")
    }

    /// What a client asks for under the number of an order, in words that nobody else uses.
    ///
    /// Each user has [`ORDERS`] of them, which come again: what is recorded for them replaces what
    /// was, so that a run of an hour does not pile up more than one of a few minutes.
    pub(super) fn order(&mut self) -> (Demand, String) {
        let number = self.random.random_range(0..ORDERS);
        let mut of_order = ChaCha8Rng::seed_from_u64(self.shard.into());
        of_order.set_stream(u64::from(number) << 32 | u64::from(self.number));
        let demand = self.house.demands().choose(&mut of_order);
        let demand = demand.expect("a house has demands").clone();
        let [first, second] = [0; 2].map(|_| of_order.random_range(100_000..1_000_000_u32));
        let text = format!("{} PO {first}-{second}", demand.text);
        (demand, text)
    }

    /// How good an answer was.
    pub(super) fn score(&mut self) -> f64 {
        f64::from(self.random.random_range(50..=100_u32)) / 100.0
    }
}
