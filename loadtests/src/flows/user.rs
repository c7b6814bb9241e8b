//! A simulated coordinator with a session and random choices of its own.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use rand::seq::{IndexedRandom, IteratorRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::dataset::{Dataset, Demand, Shift};
use super::session::Session;

/// Hours at which shifts start.
const SHIFT_STARTS: [i8; 6] = [5, 6, 7, 8, 14, 22];

/// Length of a shift.
const SHIFT_HOURS: i8 = 8;

/// Number of orders for each user.
const ORDERS: u32 = 40;

/// What all users of a generator have in common.
#[derive(Debug, Clone)]
pub struct Users {
    /// The expected content of the server.
    pub dataset: Arc<Dataset>,
    /// Names of the corpora to search.
    pub corpora: Arc<[String]>,
    /// Seed of all random choices except orders.
    pub seed: u64,
    /// Seed of the orders: generators that share a load have different ones.
    pub shard: u32,
}

impl Users {
    /// Creates a user, whose choices depend only on the seed and the number.
    pub fn create(&self, number: u32, session: Session) -> User {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(u64::from(number));
        User {
            number,
            session,
            dataset: Arc::clone(&self.dataset),
            corpora: Arc::clone(&self.corpora),
            shard: self.shard,
            random,
        }
    }
}

/// A simulated coordinator, who runs one flow after the other.
#[derive(Debug, Clone)]
pub struct User {
    /// Index among all users of a generator.
    pub number: u32,
    /// The user's way to the server.
    pub session: Session,
    /// The expected content of the server.
    pub dataset: Arc<Dataset>,
    /// Names of the corpora to search.
    pub corpora: Arc<[String]>,
    shard: u32,
    random: ChaCha8Rng,
}

impl User {
    /// The user's random choices.
    pub fn random(&mut self) -> &mut ChaCha8Rng {
        &mut self.random
    }

    /// A random demand.
    pub(super) fn demand(&mut self) -> Demand {
        let demand = self.dataset.demands().choose(&mut self.random);
        demand.expect("a dataset has demands").clone()
    }

    /// A random demand that at least one person could fill.
    pub(super) fn fillable_demand(&mut self) -> Demand {
        let demand = self.dataset.fillable().choose(&mut self.random);
        demand.expect("a dataset has fillable demands").clone()
    }

    /// A shift in the fortnight that has bookings.
    pub(super) fn shift(&mut self) -> Shift {
        let day = self.random.random_range(4..=17);
        self.shift_on(Date::constant(2026, 5, day))
    }

    /// A shift in a month without bookings.
    pub(super) fn shift_without_bookings(&mut self) -> Shift {
        let day = self.random.random_range(1..=28);
        self.shift_on(Date::constant(2026, 6, day))
    }

    fn shift_on(&mut self, date: Date) -> Shift {
        let start = *SHIFT_STARTS
            .choose(&mut self.random)
            .expect("the list is not empty");
        let time = |hour| Time::constant(hour, 0, 0, 0);
        let end = (start + SHIFT_HOURS) % 24;
        Shift::new(date, time(start), time(end)).expect("the date has a successor")
    }

    /// A demand and a query for it whose order number no other user has.
    ///
    /// Each user repeats the same [`ORDERS`] orders. A new recording for an order replaces the old
    /// one, so the playbook does not grow with the length of the run.
    pub(super) fn order(&mut self) -> (Demand, String) {
        let number = self.random.random_range(0..ORDERS);
        let mut of_order = ChaCha8Rng::seed_from_u64(self.shard.into());
        of_order.set_stream(u64::from(number) << 32 | u64::from(self.number));
        let demand = self.dataset.demands().choose(&mut of_order);
        let demand = demand.expect("a dataset has demands").clone();
        let [first, second] = [0; 2].map(|_| of_order.random_range(100_000..1_000_000_u32));
        let text = format!("{} PO {first}-{second}", demand.text);
        (demand, text)
    }

    /// A score for an answer, from 0.5 to 1.
    pub(super) fn score(&mut self) -> f64 {
        f64::from(self.random.random_range(50..=100_u32)) / 100.0
    }
}
